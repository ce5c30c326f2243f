"""The only room that knows which database it is."""

from storage.database.engine import Database, Progress, data_folder
from storage.database.fts5 import FullText, create_full_text, empty_full_text, full_text, index_text, merge_full_text
from storage.database.sqlite import BUSY_TIMEOUT, insert_new, insert_or_replace, lend_functions, must_scrub, scrub_later

__all__ = [
    "BUSY_TIMEOUT",
    "Database",
    "FullText",
    "Progress",
    "create_full_text",
    "data_folder",
    "empty_full_text",
    "full_text",
    "index_text",
    "insert_new",
    "insert_or_replace",
    "lend_functions",
    "merge_full_text",
    "must_scrub",
    "scrub_later",
]
