"""The history as tools for programs with a language model, by the Model Context Protocol. Thin: they call actions.

https://modelcontextprotocol.io. Needs the extra `mcp`, but for this module, which can say that it is missing.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

from storage.errors import SettingsError


def require() -> None:
    """Raise `SettingsError` where the extra is not installed."""
    if importlib.util.find_spec("mcp") is None:
        uv = Path(sys.executable).with_name("uv")
        installer = f"{uv} pip install --python {sys.executable}" if uv.exists() else f"{sys.executable} -m pip install"
        raise SettingsError("the extra `mcp` is not installed", mend=f"install it: {installer} 'mcp>=2.3,<3'")
