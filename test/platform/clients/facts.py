"""Asks Rubin's own client library whose the tokens are that the environment names, and prints what it saw.

Nothing in here is adapted to the local platform. The library has no method for the token's own facts, so those are
asked for with the HTTP library that it uses. Prints one JSON list in the order of the tokens.
"""

import asyncio
import json
import os

import httpx
from rubin.gafaelfawr import GafaelfawrClient
from rubin.repertoire import DiscoveryClient


async def main() -> None:
    discovery = DiscoveryClient()
    base = await discovery.url_for_internal("gafaelfawr", version="v1")
    client = GafaelfawrClient(discovery_client=discovery)
    seen = []
    async with httpx.AsyncClient() as http:
        for token in json.loads(os.environ["RSP_TOKENS"]):
            user = await client.get_user_info(token)
            response = await http.get(f"{base}/token-info", headers={"Authorization": f"Bearer {token}"})
            response.raise_for_status()
            seen.append({"userInfo": user.model_dump(mode="json", exclude_none=True), "tokenInfo": response.json()})
    print("RESULT " + json.dumps(seen))


asyncio.run(main())
