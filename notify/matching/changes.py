"""What an edit did to a topic's statement: which sentences with what met the topic were added, removed, changed. Pure.

A sentence that only stands elsewhere now has not changed, nor has one of which only white space or marks did.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from notify.messages.snippets import sentences, shortened
from storage.query.text import AnalysedText
from storage.query.words import token_matches
from storage.types import Became, ChangedSentence, Hit, TopicChange

KEPT = 5
"""Sentences that are kept of one edit and topic."""
LONGEST = 600
"""Characters of a sentence that are kept."""
NEIGHBOURS = 20
"""So many added sentences are tried for the one that a removed sentence became."""
ALIKE = 0.4
"""Share of the words that two sentences have in common from which on one is the other, edited."""


@dataclass(frozen=True, slots=True)
class _Sentence:
    text: str
    met: bool
    words: Counter[str] = field(compare=False)
    key: tuple[str, ...] = ()


def topic_change(
    before: AnalysedText,
    after: AnalysedText,
    met_before: Sequence[Hit] | None,
    met_after: Sequence[Hit] | None,
) -> TopicChange | None:
    """What the edit did, given where either text met the topic, None where it did not; None where it did nothing."""
    if met_before is None and met_after is None:
        return None
    found: list[ChangedSentence] = []
    for name in ("title", "body"):
        old, new = (
            _sentences(getattr(text, name).text, name, hits or ())
            for text, hits in ((before, met_before), (after, met_after))
        )
        found += _changed(_without(old, new), _without(new, old))
    if met_before is not None and met_after is not None:
        is_edit = found and before.body.text  # what was a title alone has been read by now, and not edited
        return TopicChange(Became.KEPT, tuple(found[:KEPT])) if is_edit else None
    return TopicChange(Became.MET if met_before is None else Became.UNMET, tuple(found[:KEPT]))


def _sentences(text: str, name: str, hits: Sequence[Hit]) -> list[_Sentence]:
    spans = [(hit.start, hit.end) for hit in hits if hit.field == name]
    found = []
    for start, end in [(0, len(text))] if name == "title" else sentences(text):
        words = tuple(word[0] for word in token_matches(text[start:end]))
        if words:
            met = any(left < end and right > start for left, right in spans)
            found.append(_Sentence(text[start:end].strip(), met, Counter(words), words))
    return found


def _without(these: Iterable[_Sentence], those: Iterable[_Sentence]) -> list[_Sentence]:
    """The sentences that do not stand among the others, however often they do."""
    others = Counter(one.key for one in those)
    left = []
    for one in these:
        if others[one.key]:
            others[one.key] -= 1
        else:
            left.append(one)
    return left


def _changed(lost: list[_Sentence], come: list[_Sentence]) -> Iterable[ChangedSentence]:
    """The pairs of which a side met the topic, and what has no other side."""
    free = list(come)
    for old in lost:
        new = max(free[:NEIGHBOURS], key=lambda one: _share(old, one), default=None)
        if new is not None and _share(old, new) >= ALIKE:
            free.remove(new)
            if old.met or new.met:
                yield ChangedSentence(shortened(old.text, LONGEST), shortened(new.text, LONGEST))
        elif old.met:
            yield ChangedSentence(shortened(old.text, LONGEST), "")
    yield from (ChangedSentence("", shortened(new.text, LONGEST)) for new in free if new.met)


def _share(one: _Sentence, other: _Sentence) -> float:
    return 2 * (one.words & other.words).total() / max(one.words.total() + other.words.total(), 1)
