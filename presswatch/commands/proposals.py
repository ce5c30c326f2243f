"""How a proposed or checked source is shown to a person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from presswatch.output import claimed, fields, say, table, typed

if TYPE_CHECKING:  # heavy to import, and named in annotations alone
    from crawler.discovery.discover import Proposal
    from crawler.discovery.drift import Drift


def print_proposal(proposal: Proposal) -> None:
    """Print what a section shows and the first of its articles as it would be stored."""
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
        [(claimed(entry.published), entry.title, entry.address) for entry in proposal.listing.entries],
        empty=f"no entries: {proposal.listing.detail}",
    )
    if proposal.article is not None:
        article = proposal.article
        say()
        say(f"{article.title}\n{claimed(article.published) or 'no date'}, {article.language or 'unknown language'}\n")
        say(article.body[:600] + (" ..." if len(article.body) > 600 else ""))
        say()
    elif proposal.problem:
        say(f"its first article could not be read: {proposal.problem}")


def print_drift(drift: Sequence[Drift]) -> None:
    """Print what is read otherwise than before."""
    for one in drift:
        say(f"drifted: {one.what}\n  mend: {typed(one.mend)}")
    if drift:
        say()
