"""How a proposed or checked source is shown to a person, and to a program."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crawler.discovery.discover import Proposal
    from crawler.discovery.drift import Drift


def proposal_values(proposal: Proposal) -> dict[str, Any]:
    """A proposal with the field names that a program relies on (docs/commands.md)."""
    spec = proposal.spec
    article = proposal.article
    return {
        "key": spec.key,
        "name": spec.name,
        "address": spec.address,
        "organisation": spec.organisation or None,
        "country": spec.country or None,
        "languages": spec.languages,
        "zone": spec.zone,
        "shape": spec.shape,
        "reader": proposal.listing.reader,
        "why": proposal.why,
        "passed": [{"address": address, "why": why} for address, why in proposal.passed],
        "reason": proposal.listing.reason,
        "detail": proposal.listing.detail,
        "entries": [
            {"address": entry.address, "title": entry.title, "published_at": str(entry.published) or None}
            for entry in proposal.listing.entries
        ],
        "article": article
        and {
            "address": article.address,
            "title": article.title,
            "published_at": str(article.published) or None,
            "language": article.language or None,
            "body": article.body,
        },
        "problem": proposal.problem or None,
    }


def print_proposal(proposal: Proposal) -> None:
    """Print what a section shows and the first of its articles as it would be stored."""
    from presswatch.output import fields, say, table

    spec = proposal.spec
    shown = {
        "key": spec.key,
        "name": spec.name,
        "address": spec.address,
        "organisation": spec.organisation or "unknown",
        "country": spec.country or "unknown",
        "language": ", ".join(spec.languages) or "unknown",
        "time zone": spec.zone,
        "read as": proposal.why,
    }
    fields(shown | {f"not as {number}": f"{where}: {why}" for number, (where, why) in enumerate(proposal.passed, 1)})
    say()
    table(
        ("published", "title", "address"),
        [(str(entry.published), entry.title, entry.address) for entry in proposal.listing.entries],
        empty=f"no entries: {proposal.listing.detail}",
    )
    if proposal.article is not None:
        article = proposal.article
        say()
        say(f"{article.title}\n{str(article.published) or 'no date'}, {article.language or 'unknown language'}\n")
        say(article.body[:600] + (" ..." if len(article.body) > 600 else ""))
        say()
    elif proposal.problem:
        say(f"its first article could not be read: {proposal.problem}")


def print_drift(drift: Sequence[Drift]) -> None:
    """Print what is read otherwise than before."""
    from presswatch.output import say

    for one in drift:
        say(f"drifted: {one.what}\n  mend: {one.mend}")
    if drift:
        say()
