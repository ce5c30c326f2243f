"""How many rows a table has."""

from __future__ import annotations

from sqlalchemy import Connection, text

from storage.database import Database


def count(database: Database, table: str) -> int:
    def ask(connection: Connection) -> int:
        return int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())

    return database.read(ask)
