"""The only room that knows which database it is."""

from storage.database.addresses import Named, named
from storage.database.dialect import Dialect, as_indexed, dialect_of, insert_new, insert_or_replace, passing_by
from storage.database.engine import Database, Progress, data_folder, is_there
from storage.database.place import Place
from storage.database.presence import is_watched, watching

__all__ = [
    "Database",
    "Dialect",
    "Named",
    "Place",
    "Progress",
    "as_indexed",
    "data_folder",
    "dialect_of",
    "insert_new",
    "insert_or_replace",
    "is_there",
    "is_watched",
    "named",
    "passing_by",
    "watching",
]
