"""The day in the path of an address, which the site itself put there. Pure."""

from __future__ import annotations

import re
from datetime import date

from storage.types import Published

_BEFORE = r"(?:(?<=/)|(?<=[_-]))"
_MONTH = r"(?P<month>0[1-9]|1[0-2]|(?<=/)[1-9])"
_FORMS = tuple(
    re.compile(_BEFORE + form + r"(?![\d])")
    for form in (
        # /2026/03/14/, /2026-03-14-talks, /20260314, /t20260314_12.html
        rf"t?(?P<year>(?:19|20)\d\d)(?P<mark>[-_/]?){_MONTH}(?P=mark)(?P<day>0[1-9]|[12]\d|3[01]|(?<=/)[1-9])",
        # /14-03-2026 and /03-14-2026, where nobody can take one for the other
        r"(?P<day>1[3-9]|2\d|3[01])(?P<mark>[-_.])(?P<month>0[1-9]|1[0-2])(?P=mark)(?P<year>20\d\d)",
        r"(?P<month>0[1-9]|1[0-2])(?P<mark>[-_.])(?P<day>1[3-9]|2\d|3[01])(?P=mark)(?P<year>20\d\d)",
    )
)


def day_in_address(address: str, zone: str) -> Published:
    """The first day in an address, without what stands after its question mark; none if there is none."""
    path = address.partition("?")[0]
    found = next(filter(None, (form.search(path) for form in _FORMS)), None)
    try:
        day = date(int(found["year"]), int(found["month"]), int(found["day"])) if found else None
    except ValueError:
        day = None
    return Published(zone=zone) if found is None or day is None else Published(day=day, zone=zone, text=found[0])
