"""Claims: the name of this process, whether another one is dead, and how long each kind of claim holds."""

from __future__ import annotations

import os
import socket
import uuid
from datetime import timedelta

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


SOURCE_LEASE = timedelta(minutes=2)
"""How long a claim on a source or an alert holds without being renewed."""
