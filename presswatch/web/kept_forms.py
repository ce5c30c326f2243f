"""Forms that were sent after their session had ended: what was written is kept until its writer has signed in again.

They are kept in this process, for an hour, and only few of them: who is not signed in must not fill its memory. A form
is kept where it carries the token of the session whose secret the browser still has: so it is one of ours, and no other
site's. It is never sent on by itself: its writer sees it and sends it.
"""

from __future__ import annotations

import hmac
import secrets
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

from fastapi import Request

from presswatch.web.visitor import csrf_of, session_secret
from storage.clock import now

LASTS = timedelta(hours=1)
MOST = 50
LARGEST = 64_000
"""Bytes of a form that is kept."""
NEVER_SHOWN = frozenset({"csrf", "passphrase", "old", "new", "address"})
"""Fields that are typed anew: what is secret is not sent back."""


@dataclass(frozen=True, slots=True)
class KeptForm:
    """Where a form was sent, and what was written in it, by the names of its fields."""

    action: str
    fields: tuple[tuple[str, str], ...]
    kept_at: datetime


class KeptForms:
    """The forms that wait for their writers, by a key that nobody guesses."""

    def __init__(self, clock: Callable[[], datetime] = now) -> None:
        self._forms: OrderedDict[str, KeptForm] = OrderedDict()
        self._clock = clock

    def keep(self, action: str, fields: tuple[tuple[str, str], ...]) -> str:
        """Keep a form; return its key. The oldest one gives way where there are too many."""
        key = secrets.token_urlsafe(24)
        self._forms[key] = KeptForm(action, fields, self._clock())
        while len(self._forms) > MOST:
            self._forms.popitem(last=False)
        return key

    def find(self, key: str) -> KeptForm | None:
        """The form of that key, while it is kept."""
        form = self._forms.get(key)
        return form if form is not None and self._clock() - form.kept_at < LASTS else None


async def kept(request: Request, forms: KeptForms) -> str | None:
    """The key of the form that a request brings, now kept; None where it is not one of a session that has ended."""
    secret = session_secret(request)
    length = request.headers.get("Content-Length", "")
    if request.method != "POST" or not secret or not length.isdigit() or int(length) > LARGEST:
        return None
    form = await request.form(max_files=1, max_fields=200)
    fields = tuple(
        (name, value) for name, value in form.multi_items() if isinstance(value, str) and name not in NEVER_SHOWN
    )
    await form.close()
    sent = str(form.get("csrf", "")).encode(errors="replace")
    if not fields or not hmac.compare_digest(sent, csrf_of(secret).encode()):
        return None
    asked = f"?{request.url.query}" if request.url.query else ""
    return forms.keep(quote(request.url.path) + asked, fields)
