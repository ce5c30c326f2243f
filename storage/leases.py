"""Claims: the name of this process, whether another one is dead, and how long each kind of claim holds.

Who claims a row writes its name and an end into it, does the work, and gives the row back. Who dies in between leaves
a claim that ends by itself; while the work lasts it is renewed.

Of a process of another place nothing is known, and its claims end by themselves. A place is a host as it was started,
and in it a namespace of process ids: two containers with one host name do not see each other's processes, and after a
restart of the machine the ids begin anew. There a process is its id and the moment it was started.
"""

from __future__ import annotations

import os
import socket
import uuid
from datetime import timedelta
from functools import cache
from pathlib import Path

SOURCE_LEASE = timedelta(minutes=2)
"""Of a source that is polled, or whose past is read."""

ALERT_LEASE = timedelta(seconds=60)
"""Of alerts that are being sent: a process that is stopped and not killed keeps others from sending them so long."""

MATCH_LEASE = timedelta(seconds=60)
"""Of versions that the topics are asked about: that takes a second or two."""

NOTICE_LEASE = timedelta(minutes=10)
"""Of notices that the operator is being sent: longer than any service takes to answer, since it is not renewed."""

NODE_LEASE = timedelta(seconds=30)
"""How long a node may be unheard of before others take over what it holds."""

NODE_BEAT = timedelta(seconds=5)
"""How often a node says that it is well, and looks for those of which nothing is heard."""

HANDED_OUT = "handed out"
"""Who holds a source that is on its way to a node, as a job."""

HANDING = timedelta(minutes=1)
"""How long such a job may wait for a node; then its sources are handed out anew."""

BEATS = 4
"""So many times in its length a lease is renewed."""

SKEW = timedelta(minutes=1)
"""How far the clocks of two processes may be apart: what is written so far ahead is no sign of a clock that jumped."""

STORAGE_PATIENCE = 5.0
"""Seconds between two attempts to write down what has been done while the storage refuses; well within any lease."""

UNKNOWN = "?"
"""What stands where a system does not tell: it is the same in all names of that place."""


def _place() -> str:
    """The host's name, its start (`boot_id`), and the namespace of process ids."""
    return "@".join((socket.gethostname(), _boot(), _namespace()))


def _boot() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii")[:8]
    except OSError:
        return UNKNOWN


def _namespace() -> str:
    try:
        return str(Path("/proc/self/ns/pid").stat().st_ino)
    except OSError:
        return UNKNOWN


def _born(pid: int) -> str:
    """When a process was started, in the system's own ticks; `UNKNOWN` where there is none, or nothing is told.

    Source: proc_pid_stat(5), field 22. The second field is a name in parentheses that may hold anything.
    """
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return UNKNOWN


_PLACE = _place()


def owner() -> str:
    """The name under which this process claims rows: its place, its id, its start, and a token of its own."""
    return _name_of(os.getpid())


@cache
def _name_of(pid: int) -> str:
    """Made once in a process; one that was forked gets another."""
    return f"{_PLACE}/{pid}/{_born(pid)}-{uuid.uuid4().hex[:12]}"


def owner_is_dead(name: str) -> bool:
    """Whether the process of that name is known to be gone. Of another place's processes nothing is known.

    What it claims with is its name, or its name with something after it.
    """
    place, _, rest = name.partition("/")
    pid, _, token = rest.partition("/")
    if place != _PLACE or not pid.isdigit() or name.startswith(owner()):
        return False
    if int(pid) == os.getpid():
        return True
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):
        return False
    born = token.partition("-")[0]
    now_born = _born(int(pid))
    return UNKNOWN not in (born, now_born) and born != now_born
