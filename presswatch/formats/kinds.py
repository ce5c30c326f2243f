"""What can be written out of the history. Standard library only: the command line names them in its help."""

from enum import StrEnum


class Format(StrEnum):
    """Of an exported file."""

    CSV = "csv"
    NDJSON = "ndjson"
    JSON = "json"
    MARKDOWN = "md"


class FeedFormat(StrEnum):
    """Of a feed."""

    ATOM = "atom"
    RSS = "rss"
    JSON = "json"
