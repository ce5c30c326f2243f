"""Addresses of every kind, for property tests."""

from __future__ import annotations

from hypothesis import strategies as st

words = st.text(st.characters(codec="utf-8"), max_size=8)
hosts = st.sampled_from(
    ["mfa.example", "MFA.Example.", "мид.пример", "МИД。Пример。", "bücher.example", "192.0.2.7", "[2001:DB8::1]"]
)
odd_segments = ["..", ".", "%2e%2E", "a;jsessionid=1F", "%7Eb;%6Asessionid=2", "%", "%zz", ""]
segments = st.one_of(words, st.sampled_from(odd_segments))
pairs = st.one_of(
    st.tuples(words, words).map("=".join),
    st.sampled_from(["utm_source=x", "UTM%5FMedium=y", "fbclid=1", "id=7", "p", "", "PHPSESSID=ab", "a=%d0%9c"]),
)
addresses = st.builds(
    lambda scheme, host, port, path, query, fragment: (
        f"{scheme}://{host}{port}/{'/'.join(path)}" + (f"?{'&'.join(query)}" if query else "") + fragment
    ),
    st.sampled_from(["http", "https", "HTTPS"]),
    hosts,
    st.sampled_from(["", ":80", ":443", ":8080", ":"]),
    st.lists(segments, max_size=4),
    st.lists(pairs, max_size=4),
    st.sampled_from(["", "#top", "#/news?utm_source=1"]),
)
