"""The rounds of Rubin's own client library: from a lab that is ready to the answer of a first cell.

The library is used as its documentation has it, in the cheapest way that works: the sign-in to the lab is left to the
first request that needs it, and nothing is logged.
"""

import asyncio
import logging
import os
import sys
import time

import structlog
from rubin.nublado.client import NubladoClient
from rubin.repertoire import DiscoveryClient

structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))


async def take_round(discovery: DiscoveryClient) -> str:
    client = NubladoClient(os.environ["RSP_USERNAME"], os.environ["RSP_TOKEN"], discovery_client=discovery)
    try:
        await client.auth_to_hub()
        if await client.is_lab_stopped():
            raise RuntimeError("The lab does not run.")
        started = time.perf_counter()
        async with client.lab_session() as session:
            printed = await session.run_python("print(kernel_there_at_ms)")
            took = time.perf_counter() - started
        return f"MS {took * 1000:.2f} {printed.strip()}"
    finally:
        await client.aclose()


async def main() -> None:
    discovery = DiscoveryClient()
    while await asyncio.to_thread(sys.stdin.readline):
        print(await take_round(discovery), flush=True)


asyncio.run(main())
