"""What is secret in the addresses of twenty channels leaves in nothing that presswatch says, writes or exports."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from presswatch.demo.site import ReplicaSite
from tests.fakes.program import Program
from tests.fakes.sinks import HTTPSink

SECRETS = [f"c4n4ry{number:02}T0k3nabcdefghij0123456789" for number in range(20)]
PLACES = ("gotify://{at}/{secret}", "json://user:{secret}@{at}/hook", "mmost://{at}/{secret}", "form://{at}/{secret}")
SAID = (
    ["export", "alias:CSTO", "--as", "csv"],
    ["export", "alias:CSTO", "--as", "ndjson"],
    ["export", "alias:CSTO", "--as", "json"],
    ["export", "alias:CSTO", "--as", "md"],
    ["feed", "alias:CSTO", "--as", "atom"],
    ["feed", "alias:CSTO", "--as", "rss"],
    ["feed", "alias:CSTO", "--as", "json"],
    ["watchlist", "export", "--as", "toml"],
    ["watchlist", "export", "--as", "opml"],
    ["alerts", "list", "--limit", "100", "--json"],
    ["notices", "list", "--json"],
    ["channels", "list", "--json"],
    ["subscriptions", "list", "--json"],
    ["topics", "list", "--json"],
    ["sources", "list", "--json"],
    ["search", "alias:CSTO", "--json"],
    ["doctor", "--json"],
)
"""Every way in which what is stored is written out."""


@pytest.fixture
def sink() -> Iterator[HTTPSink]:
    """Tells secrets in its answers, too."""
    with HTTPSink() as receiving:
        receiving.answer_with(500, {"Retry-After": "1"}, " ".join(SECRETS).encode())
        yield receiving


def test_twenty_secrets_are_in_no_export_no_log_no_list_and_no_copy_of_the_database(
    tmp_path: Path, sink: HTTPSink
) -> None:
    program = Program(tmp_path / "data")
    with ReplicaSite() as site:
        site.publish("A session of the CSTO", ["The CSTO met."])
        program.watch(site, alert_first=True)
        for number, secret in enumerate(SECRETS):
            address = PLACES[number % len(PLACES)].format(at=f"127.0.0.1:{sink.port}", secret=secret)
            assert program("channels", "add", f"desk {number}", address).code == 0
            assert program("subscribe", "CSTO", "--to", f"desk {number}").code == 0
        with program.started() as running:
            sink.wait_for(15)
            running.stop()
            said = "\n".join(running.lines)
        sink.answer_with(404, body=" ".join(SECRETS).encode())
        program("alerts", "retry")
        tested = program("channels", "test", "desk 0")
        said += tested.out + tested.err
        polled = program("poll", "replica/news-en")
        said += polled.out + polled.err
    for command in SAID:
        result = program(*command)
        assert result.code in (0, 1), (command, result.err)
        said += result.out + result.err
    assert "A session of the CSTO" in said
    assert "answered 500" in said or "answered 404" in said
    assert [secret for secret in SECRETS if secret in said] == []
    with closing(sqlite3.connect(program.folder / "presswatch.db")) as database:
        database.execute("VACUUM INTO ?", (str(program.folder / "backup.db"),))
    files = [path for path in program.folder.rglob("*") if path.is_file() and path.name != "secret.key"]
    assert {"presswatch.db", "backup.db"} <= {path.name for path in files}
    kept = b"".join(path.read_bytes() for path in files)
    assert [secret for secret in SECRETS if secret.encode() in kept] == []
