"""Claims: the name of this process, whether another one is dead, and how long each kind of claim holds.

Who claims a row writes its name and an end into it, does the work, and gives the row back. Who dies in between leaves
a claim that ends by itself; while the work lasts it is renewed.
"""

from __future__ import annotations

import os
import socket
import uuid
from datetime import timedelta

SOURCE_LEASE = timedelta(minutes=2)
"""Of a source that is polled, or whose past is read."""

ALERT_LEASE = timedelta(seconds=60)
"""Of alerts that are being sent: a process that is stopped and not killed keeps others from sending them so long."""

NOTICE_LEASE = timedelta(minutes=10)
"""Of notices that the operator is being sent: longer than any service takes to answer, since it is not renewed."""

BEATS = 4
"""So many times in its length a lease is renewed."""

STORAGE_PATIENCE = 5.0
"""Seconds between two attempts to write down what has been done while the storage refuses; well within any lease."""

_PROCESS = f"{socket.gethostname()}/{os.getpid()}/{uuid.uuid4().hex[:12]}"


def owner() -> str:
    """The name under which this process claims rows: host, process id, and a token against reused ids."""
    return _PROCESS


def owner_is_dead(name: str) -> bool:
    """Whether the process of that name is known to be gone. Of another host's processes nothing is known."""
    host, _, rest = name.partition("/")
    pid = rest.partition("/")[0]
    if host != socket.gethostname() or not pid.isdigit() or name.startswith(_PROCESS):
        return False
    if int(pid) == os.getpid():
        return True
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False
