"""A mail server on loopback."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fakes.sinks import MailSink


@pytest.fixture
def mailbox() -> Iterator[MailSink]:
    with MailSink() as mailbox:
        yield mailbox
