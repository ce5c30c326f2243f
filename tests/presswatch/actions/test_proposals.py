"""Whose a section is when its page does not say."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crawler.discovery.discover import Proposal
from presswatch.actions import proposals
from storage.connection_guard import AddressPolicy
from storage.database import Database
from storage.types import Listing
from tests.storage.examples import spec

POLICY = AddressPolicy()


@pytest.mark.parametrize(
    ("address", "known", "whose"),
    [
        ("https://www.mfa.example/en/news/", "", "mfa.example"),
        ("https://press.mfa.example:8443/api/v1/news", "", "press.mfa.example"),
        ("https://мид.example/новости", "", "мид.example"),
        ("https://mfa.example/news/", "Ministry of Rivers", "Ministry of Rivers"),
    ],
)
async def test_the_host_is_the_last_resort(database: Database, address: str, known: str, whose: str) -> None:
    proposed = replace(spec(), address=address, organisation=known)
    source = await proposals.watch(database, Proposal(proposed, Listing((), "html-dated-links"), None, "a list"))
    assert source.spec.organisation == whose


def test_what_a_person_says_goes_before_what_the_page_says() -> None:
    wanted = proposals.NewSource("https://mfa.example/news/", organisation=" Ministry of Rivers ")
    assert proposals.wanted_spec(wanted, POLICY, "").organisation == "Ministry of Rivers"
