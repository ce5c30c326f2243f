"""What a message quotes of a statement: the sentences of its hits, cut and marked."""

from __future__ import annotations

import pytest

from notify.messages.compose import compose
from notify.messages.snippets import QUOTE_LENGTH, QUOTES
from storage.types import Hit
from tests.notify.examples import BODY, alert, hit


def test_every_word_met_in_a_sentence_is_marked_and_only_its_sentence_is_quoted() -> None:
    second = BODY.index("CSTO again")
    hits = (hit(BODY, "CSTO"), Hit("alias:CSTO", "CSTO", "body", second, second + 4, "CSTO"), hit(BODY, "ОДКБ"))
    lines = compose([alert(hits=hits)]).text.splitlines()
    assert [line for line in lines if line.startswith(">")] == [
        "> They welcomed the work of the *CSTO*, and praised the *CSTO* again.",
        "> The next meeting of the *ОДКБ* will be held in spring.",
    ]


def test_hits_that_overlap_are_one_mark() -> None:
    body = "The Collective Security Treaty met."
    hits = (hit(body, "Collective Security"), hit(body, "Security Treaty"))
    assert "> The *Collective Security Treaty* met." in compose([alert(body=body, hits=hits)]).text


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        pytest.param("He left. A. Smith of the CSTO spoke.", "A. Smith of the *CSTO* spoke.", id="initials"),
        pytest.param(
            "Growth was 3.5 percent in the CSTO. Good.", "Growth was 3.5 percent in the *CSTO*.", id="decimal"
        ),
        pytest.param("«Встреча ОДКБ нужна». Так и было.", "«Встреча *ОДКБ* нужна».", id="quotation"),
        pytest.param("A heading\nThe CSTO met", "The *CSTO* met", id="line break"),
        pytest.param("Really?! The CSTO met! Yes.", "The *CSTO* met!", id="exclamation"),
        pytest.param("Առաջին։ Խոսեց ՀԱՊԿ։ Վերջ։", "Խոսեց *ՀԱՊԿ*։", id="Armenian full stop"),
    ],
)
def test_a_sentence_is_cut_at_its_own_borders(body: str, sentence: str) -> None:
    met = next(name for name in ("CSTO", "ОДКБ", "ՀԱՊԿ") if name in body)
    quoted = [line for line in compose([alert(body=body, hits=(hit(body, met),))]).text.splitlines() if line[:1] == ">"]
    assert quoted == [f"> {sentence}"]


def test_a_long_sentence_is_cut_at_words_around_the_met_one() -> None:
    body = "before " * 100 + "CSTO " + "after " * 100
    [quote] = [
        line for line in compose([alert(body=body, hits=(hit(body, "CSTO"),))]).text.splitlines() if line[:1] == ">"
    ]
    assert quote.startswith("> … before ")
    assert quote.endswith(" after …")
    assert "*CSTO*" in quote
    assert len(quote) <= QUOTE_LENGTH + 10


def test_a_statement_full_of_hits_quotes_only_its_first_sentences() -> None:
    body = "The CSTO met. " * 15
    starts = [index for index in range(len(body)) if body.startswith("CSTO", index)]
    hits = tuple(Hit("alias:CSTO", "CSTO", "body", start, start + 4, "CSTO") for start in starts)
    assert compose([alert(body=body, hits=hits)]).text.count("\n> ") == QUOTES
