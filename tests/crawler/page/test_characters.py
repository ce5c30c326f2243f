"""What every database takes. Touches nothing but values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.page.characters import one_line, readable, storable, utf8, with_whole_characters
from crawler.page.document import decode
from storage.types import Page

any_text = st.text(st.characters(exclude_categories=()), max_size=60)


@given(any_text)
def test_whatever_is_left_of_a_text_can_be_written(text: str) -> None:
    for made in (storable(text), readable(text), one_line(text, 40)):
        assert "\x00" not in made
        assert made.encode().decode() == made
    assert storable(storable(text)) == storable(text)


def torn(text: str) -> str:
    """The text with each character beyond the first 65,536 as its two halves."""
    return "".join(map(chr, memoryview(text.encode("utf-16-le")).cast("H")))


@given(st.text(max_size=40))
def test_characters_that_were_cut_in_two_are_whole_again(text: str) -> None:
    assert storable(torn(text)) == storable(text)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Peace &#55357;&#56842; day", "Peace 😊 day"),
        ("Peace &#xD83D;&#xDE0A; day", "Peace 😊 day"),
        ("Peace &#xd83d;&#56842; day", "Peace 😊 day"),
        ("Peace &#055357;&#X00DE0A; day", "Peace 😊 day"),
        ("&#55356;&#56807;&#55356;&#56830;", "🇧🇾"),
        ("&#65536;&#12345;&#55357;&#56842;", "&#65536;&#12345;😊"),
        ("Peace &#55357; day", "Peace  day"),
        ("Peace &#xDE0A; day", "Peace  day"),
        ("Peace &#56842;&#55357; day", "Peace  day"),
        ("Peace &#128522; day &#55295; &#57344;", "Peace &#128522; day &#55295; &#57344;"),
    ],
)
def test_two_entities_of_one_character_are_that_character(written: str, meant: str) -> None:
    assert with_whole_characters(written) == meant
    assert decode(Page("https://m.example/", written.encode())) == meant


def test_utf8_of_programs_that_encode_each_half_by_itself_is_read() -> None:
    twice = torn("Peace 😊 day").encode("utf-8", "surrogatepass")
    assert utf8(twice) == "Peace 😊 day"
    assert decode(Page("https://m.example/", twice, content_type="text/html; charset=utf-8")) == "Peace 😊 day"
    with pytest.raises(UnicodeDecodeError):
        utf8(b"\xed\xa0\xbd alone")


def test_two_bytes_of_another_encoding_stay_what_they_are_there() -> None:
    chinese = "外交部发言人就河港航运问题答记者问"
    assert decode(Page("https://m.example/", chinese.encode("gbk"), content_type="text/html; charset=gbk")) == chinese
