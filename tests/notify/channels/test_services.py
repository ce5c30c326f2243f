"""Every service of apprise and every parameter of it was looked at, and is told of."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from notify.channels.address_rules import HARMLESS, REFUSED
from notify.channels.kinds import KINDS, REFUSED_SCHEMES

SCHEMES = {scheme for kind in KINDS for scheme in kind.schemes}


def test_every_scheme_of_apprise_is_taken_or_refused_on_purpose() -> None:
    assert len(SCHEMES) == sum(len(kind.schemes) for kind in KINDS), "each stands in one row"
    assert len({kind.name for kind in KINDS}) == len(KINDS)
    assert SCHEMES.isdisjoint(REFUSED_SCHEMES)
    assert {*SCHEMES, *REFUSED_SCHEMES} == set(_apprise_services())


def test_the_documentation_shows_every_scheme_and_why_it_is_refused() -> None:
    page = (Path(__file__).parents[3] / "docs" / "channels.md").read_text(encoding="utf-8")
    rows = [row for row in page.splitlines() if row.startswith("|")]
    taken = {scheme for row in rows for scheme in re.findall(r"`(\w+)://`", row) if row.endswith("| yes |")}
    refused = {
        scheme: row.split("|")[2].strip().removeprefix("no: ")
        for row in rows
        for scheme in re.findall(r"`(\w+)://`", row)
        if "| no: " in row
    }
    assert taken == SCHEMES
    assert refused == REFUSED_SCHEMES


def test_every_service_that_is_taken_can_be_used_with_what_presswatch_installs() -> None:
    import apprise

    details = apprise.Apprise().details(show_requirements=True, show_disabled=True)["schemas"]
    disabled = {
        scheme
        for kind in details
        if not kind["enabled"]
        for scheme in (*(kind["protocols"] or ()), *(kind["secure_protocols"] or ()))
    }
    assert disabled & SCHEMES == set()


def test_every_parameter_of_every_service_was_looked_at() -> None:
    services = _apprise_services()
    parameters = {name for scheme in SCHEMES for name in services[scheme]}
    assert parameters - HARMLESS - set(REFUSED) == set()
    assert HARMLESS.isdisjoint(REFUSED)


def _apprise_services() -> dict[str, list[str]]:
    """Each scheme with the names of its parameters, as Apprise documents them."""
    import apprise

    services: dict[str, list[str]] = {}
    for kind in apprise.Apprise().details(show_requirements=True, show_disabled=True)["schemas"]:
        for scheme in (*(kind["protocols"] or ()), *(kind["secure_protocols"] or ())):
            services[scheme] = list(kind["details"]["args"])
    return services


def test_importing_channels_does_not_load_apprise() -> None:
    script = "import sys, notify.channels; sys.exit('apprise' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
