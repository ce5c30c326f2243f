"""A good file of the catalogue, and what makes it a wrong one."""

from __future__ import annotations

import pytest

GOOD = """
[organisation]
name = "Ministry"
country = "BY"
zone = "Europe/Minsk"
delay = 5
packs = ["north", "rivers"]

[organisation.article]
title = "h1"
date = "span.date"

[[source]]
key = "ministry/news"
name = "News"
address = "https://ministry.example/news/"
languages = ["en", "ru"]
[source.article]
date = "time"

[[source]]
key = "ministry/feed"
name = "Feed"
address = "https://ministry.example/feed/"
shape = "feed"
delay = 1.5
packs = ["rivers", "feeds"]
"""
WRONG = [
    ('key = "ministry/news"', 'key = "News of the ministry"', "key"),
    ('key = "ministry/news"', "", "key"),
    ('address = "https://ministry.example/news/"', 'address = "ftp://ministry.example/"', "address"),
    ('zone = "Europe/Minsk"', 'zone = "Europe/Atlantis"', "zone"),
    ('zone = "Europe/Minsk"', 'zone = "../../etc"', "zone"),
    ('country = "BY"', 'country = "Belarus"', "country"),
    ('languages = ["en", "ru"]', 'languages = "en"', "languages"),
    ('shape = "feed"', 'shape = "rss"', "shape"),
    ("delay = 1.5", 'delay = "slow"', "delay"),
    ("delay = 1.5", "delai = 1.5", "delai"),
    ("delay = 1.5", "enabled = 1", "enabled"),
    ("delay = 1.5", "interval = 1", "interval"),
    ('date = "time"', "date = 5", "date"),
    ('date = "time"', 'day = "time"', "day"),
    ("[source.article]", "[source.articles]", "articles"),
    ('key = "ministry/feed"', 'key = "ministry/news"', "key"),
    ("delay = 1.5", "delay = 3601", "delay"),
    ("delay = 1.5", "fact_year = 1999", "fact_year"),
    ("delay = 1.5", 'day_first = "yes"', "day_first"),
    ("delay = 1.5", 'note = " "', "note"),
    ('packs = ["rivers", "feeds"]', 'packs = ["Rivers"]', "packs"),
    ('packs = ["rivers", "feeds"]', "packs = []", "packs"),
    ('packs = ["north", "rivers"]', "packs = 5", "packs"),
]
"""A line of `GOOD`, what stands there instead, and the field that is wrong then."""
wrong_files = pytest.mark.parametrize(("good", "wrong", "field"), WRONG)
