"""A client starts `presswatch mcp` and talks to it: the official one, with a real process."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from mcp import ClientSession, StdioServerParameters, stdio_client

from storage.opening import open_database
from tests.patience import PATIENCE
from tests.storage.examples import draft, store, subscribed, watched

COMMAND = ["-P", "-m", "presswatch", "mcp", "--data"]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with a statement and a topic of the owner's."""
    with open_database(tmp_path) as database:
        store(database, draft(watched(database)))
        subscribed(database, "Bridges")
    return tmp_path


@pytest.mark.slow
async def test_a_client_lists_the_tools_asks_and_is_told_what_is_wrong(data: Path) -> None:
    started = StdioServerParameters(command=sys.executable, args=[*COMMAND, str(data)])
    async with stdio_client(started) as (read, write), ClientSession(read, write) as client:
        begun = await client.initialize()
        assert begun.server_info.name == "presswatch"
        assert "alias:CSTO" in (begun.instructions or "")
        assert {"search", "show", "diff"} <= {tool.name for tool in (await client.list_tools()).tools}
        found = await client.call_tool("search", {"topic": "Bridges"})
        assert found.structured_content and found.structured_content["total"] == 1
        assert json.loads(found.content[0].text) == found.structured_content  # type: ignore[union-attr]
        wrong = await client.call_tool("search", {"query": "bridge AND ("})
        assert wrong.is_error


@pytest.mark.slow
def test_rubbish_stops_nothing_and_ctrl_c_ends_it_at_once(data: Path) -> None:
    command = [sys.executable, *COMMAND, str(data)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdin and process.stdout and process.stderr
        process.stdin.write(b'rubbish\n\xff\xfe\n[]\n{"jsonrpc": "2.0", "id": 7, "method": "ping"}\n')
        process.stdin.flush()
        while (answer := json.loads(process.stdout.readline())).get("id") != 7:
            assert "error" in answer
        assert answer["result"] == {}
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == -signal.SIGINT
        assert process.stderr.read() == b""
