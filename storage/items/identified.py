"""A draft with what identity needs to know of it: its key, its fingerprint, and which statements go before it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from storage.identity import canonical, decide, fingerprint, identity_key, statement_key
from storage.items import boilerplate, editions
from storage.types import ArticleDraft, Decision


def key_of(draft: ArticleDraft) -> str:
    """The key of the item that a draft is a version of, as far as the draft alone tells. Raises `ValueError`."""
    return statement_key(draft.article.address, draft.part)


class IdentifiedDraft:
    """A draft with what identity needs to know of it."""

    def __init__(self, index: int, draft: ArticleDraft, whole: str) -> None:
        self.index = index
        self._whole = whole
        """The body with what repeats on the site's pages."""
        self.draft = draft
        self.address = canonical(draft.article.address) + (draft.part if draft.part.startswith("#") else "")
        self.key = key_of(draft)
        self.fingerprint = fingerprint(draft.article.title, draft.article.body)
        self.edition = editions.edition_of(self.key, self.address, draft.article)

    def decide(self, row: Row[Any] | None) -> Decision:
        """What it means for the item. A text that differs only in what repeats on the site's pages is no edit: it was
        read before that was learned, or after it was forgotten.
        """
        known = row.fingerprint if row is not None else None
        decision = decide(known, self.draft.article)
        if decision is not Decision.CHANGED or row is None:
            return decision
        title = self.draft.article.title
        others = {self._whole, boilerplate.less(self._whole, row.cut or ())}
        return Decision.SAME if known in {fingerprint(title, body) for body in others} else decision

    @property
    def marks(self) -> set[str]:
        """By what a later statement of the batch is told to be one that has to know this one."""
        return self._own_marks | {f"named {key}" for key in self.edition.named}

    @property
    def looks_for(self) -> set[str]:
        """The marks of statements that have to be stored before this one."""
        return self._own_marks | self.edition.named | {f"named {self.key}"}

    @property
    def _own_marks(self) -> set[str]:
        return {self.key, self.fingerprint, self.edition.common} - {""}

    @property
    def succeeds(self) -> bool:
        """Whether its address was another statement's before."""
        return self.draft.item_id is None and self.draft.part.startswith(("@", "~"))

    @property
    def claims_another_address(self) -> bool:
        """Whether the page names an address that is not the one it was fetched from."""
        fetched = self.draft.fetched_address
        return (
            self.draft.item_id is None and not self.draft.part and bool(fetched) and identity_key(fetched) != self.key
        )
