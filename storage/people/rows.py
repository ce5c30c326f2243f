"""Rows of accounts as the values that several questions return."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from storage.types import Preferences, Role, User

USER = ("id", "name", "role", "password", "created_at", "zone", "theme", "language", "keys", "today", "live")
"""The columns that a user is made of."""


def user_of(row: Row[Any], prefix: str = "") -> User:
    """The user that a row holds; `prefix` is what a query put before the columns' names."""
    found = {column: row._mapping[f"{prefix}{column}"] for column in USER}
    wishes = Preferences(
        found["zone"], found["theme"] or "", found["language"] or "", found["keys"], found["today"], found["live"]
    )
    return User(
        found["id"], found["name"], Role(found["role"]), found["password"] is not None, found["created_at"], wishes
    )
