"""Who watches the demo in a browser: its pages, a login for them, and whether somebody came."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from presswatch.actions import users
from presswatch.context import OPERATOR
from presswatch.metrics import Metrics
from presswatch.output import say
from presswatch.settings import Settings
from presswatch.web.server import desk_pages
from scheduler.local import Local
from storage.database import Database
from storage.errors import SettingsError
from storage.types import Role

NAME = "demo"
ARRIVES = 20.0
"""Seconds that one has for opening the pages and signing in, before it begins without anybody there."""
LOOKS = 0.2
"""Seconds between two looks whether somebody has come."""


@asynccontextmanager
async def seated(settings: Settings, local: Local) -> AsyncIterator[bool]:
    """Serve the demo's pages meanwhile, and say where they are and who signs in there; gives whether somebody did.

    Where nobody does within `ARRIVES` seconds, and where the operator wants no pages, nobody is waited for.
    """
    async with AsyncExitStack() as meanwhile:
        if settings.listen == "off":
            yield False
            return
        address = await _served(meanwhile, settings, local)
        passphrase = "-".join(secrets.token_hex(2) for _ in range(3))
        await users.add(local.crawl.database, OPERATOR, NAME, Role.OWNER, passphrase)
        say(f"watch it in a browser too: {address}  name: {NAME}  passphrase: {passphrase}")
        say(f"the ministry speaks when you have signed in there, or in {ARRIVES:.0f} seconds\n")
        yield await _somebody_comes(local.crawl.database)


async def _served(meanwhile: AsyncExitStack, settings: Settings, local: Local) -> str:
    """Serve where `start` would, or, where something else listens there, on another port."""
    host = settings.listen.rpartition(":")[0]
    metrics = Metrics()
    try:
        return await meanwhile.enter_async_context(desk_pages(settings, local, metrics))
    except SettingsError:
        elsewhere = settings.model_copy(update={"listen": f"{host}:0"})
        return await meanwhile.enter_async_context(desk_pages(elsewhere, local, metrics))


async def _somebody_comes(database: Database) -> bool:
    for _ in range(int(ARRIVES / LOOKS)):
        if any(each.seen_at for each in await users.listing(database)):
            return True
        await asyncio.sleep(LOOKS)
    return False
