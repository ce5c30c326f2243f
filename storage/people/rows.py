"""Rows of accounts as the values that several questions return."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from storage.types import Role, User


def user_of(row: Row[Any], prefix: str = "") -> User:
    """The user that a row holds; `prefix` is what a query put before the columns' names."""
    id, name, role, password, created_at = (
        row._mapping[f"{prefix}{column}"] for column in ("id", "name", "role", "password", "created_at")
    )
    return User(id, name, Role(role), password is not None, created_at)
