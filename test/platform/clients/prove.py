"""Uses Rubin's own client libraries against a platform, as a program of theirs would, and prints what they saw.

Nothing in here is adapted to the local platform: it is told the base URL of service discovery, a username and a token
in the environment, and prints one JSON object. It fails like any Python program: by an exception.
"""

import asyncio
import json
import os
import time

import httpx
from rubin.gafaelfawr import GafaelfawrClient
from rubin.nublado.client import NubladoClient, NubladoImageByClass, NubladoImageSize
from rubin.repertoire import DiscoveryClient

STOP_TIMEOUT_SECONDS = 60
CODE = """
import os
import lsst
print(os.environ["JUPYTERHUB_USER"], lsst.image.tag, os.environ["CPU_LIMIT"], os.environ["MEM_LIMIT"])
"""
NOTEBOOK = {
    "cells": [
        {
            "cell_type": "code",
            "id": "one",
            "execution_count": None,
            "metadata": {},
            "outputs": [],
            "source": "print(6 * 7)",
        }
    ],
    "metadata": {"kernelspec": {"display_name": "LSST", "language": "python", "name": "lsst"}},
    "nbformat": 4,
    "nbformat_minor": 5,
}


async def read_discovery(discovery: DiscoveryClient) -> dict:
    return {
        "applications": await discovery.applications(),
        "datasets": await discovery.datasets(),
        "environment": await discovery.environment_name(),
        "nublado": await discovery.url_for_ui("nublado"),
        "controller": await discovery.url_for_internal("nublado-controller"),
        "gafaelfawr": await discovery.url_for_internal("gafaelfawr", version="v1"),
    }


async def read_token_info(gafaelfawr: str, token: str) -> dict:
    async with httpx.AsyncClient() as client:
        response = await client.get(
            f"{gafaelfawr}/token-info", headers={"Authorization": f"Bearer {token}"}
        )
    response.raise_for_status()
    return response.json()


async def use_lab(username: str, token: str, discovery: DiscoveryClient) -> dict:
    """From sign-in to a stopped lab, the way the platform's own test service does it."""
    client = NubladoClient(username, token, discovery_client=discovery)
    try:
        await client.auth_to_hub()
        stopped_before = await client.is_lab_stopped()
        await client.spawn_lab(NubladoImageByClass(size=NubladoImageSize.Small))
        steps = [step.message async for step in client.watch_spawn_progress()]
        await client.auth_to_lab()
        async with client.lab_session() as session:
            output = await session.run_python(CODE)
        executed = await client.run_notebook(json.dumps(NOTEBOOK))
        await client.stop_lab()
        return {
            "stoppedBefore": stopped_before,
            "steps": steps,
            "output": output.strip(),
            "notebook": output_of(executed.notebook),
            "stoppedAfter": await is_stopped_in_time(client),
        }
    finally:
        await client.aclose()


def output_of(notebook: str) -> str:
    (cell,) = json.loads(notebook)["cells"]
    return "".join(line for output in cell["outputs"] for line in output["text"]).strip()


async def is_stopped_in_time(client: NubladoClient) -> bool:
    deadline = time.monotonic() + STOP_TIMEOUT_SECONDS
    while not await client.is_lab_stopped():
        if time.monotonic() > deadline:
            return False
        await asyncio.sleep(0.5)
    return True


async def main() -> None:
    username, token = os.environ["RSP_USERNAME"], os.environ["RSP_TOKEN"]
    discovery = DiscoveryClient()
    found = await read_discovery(discovery)
    gafaelfawr = GafaelfawrClient(discovery_client=discovery)
    user = await gafaelfawr.get_user_info(token)
    seen = {
        "discovery": found,
        "userInfo": user.model_dump(mode="json", exclude_none=True),
        "tokenInfo": await read_token_info(found["gafaelfawr"], token),
        "lab": await use_lab(username, token, discovery),
    }
    print("RESULT " + json.dumps(seen))


asyncio.run(main())
