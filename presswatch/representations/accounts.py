"""Users, tokens and what was done to them, in JSON. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from presswatch.representations.values import JSON
from storage.types import Audited, Invitation, Scope, Session, Token, User

if TYPE_CHECKING:  # heavy to import, and named in annotations alone
    from storage.people.users import Belongings


def user(user: User, owned: Belongings, seen_at: datetime | None) -> JSON:
    """A user, and how much he owns; nothing of his password but whether there is one."""
    return {
        "name": user.name,
        "role": user.role,
        "has_password": user.has_password,
        "created_at": user.created_at,
        "seen_at": seen_at,
        "topics": owned.topics,
        "channels": owned.channels,
        "subscriptions": owned.subscriptions,
        "tokens": owned.tokens,
    }


def token(token: Token) -> JSON:
    """A token, without its secret."""
    return {
        "name": token.name,
        "scopes": sorted(token.scopes),
        "created_at": token.created_at,
        "expires_at": token.expires_at,
        "used_at": token.used_at,
    }


def invitation(open: Invitation) -> JSON:
    """An invitation that nobody has used yet, without its link."""
    return {
        "id": open.id,
        "role": open.role,
        "mail": open.mail or None,
        "created_at": open.created_at,
        "expires_at": open.expires_at,
    }


def session(session: Session) -> JSON:
    """Where somebody is signed in, without the session's secret."""
    return {
        "id": session.id,
        "begun_at": session.begun_at,
        "seen_at": session.seen_at,
        "expires_at": session.expires_at,
        "browser": session.browser.agent or None,
        "address": session.browser.address or None,
    }


def oneself(user: User, token: Token | None) -> JSON:
    """As whom a program asks and for what; who is signed in without a token may all that his role may."""
    return {
        "name": user.name,
        "role": user.role,
        "scopes": sorted(token.scopes if token else Scope),
        "zone": user.preferences.zone,
        "language": user.preferences.language or None,
        "theme": user.preferences.theme or None,
        "keys": user.preferences.keys,
        "today": user.preferences.today,
        "live": user.preferences.live,
    }


def audited(done: Audited) -> JSON:
    """Who did what to whom, through which face."""
    return {
        "at": done.at,
        "by": done.by or None,
        "through": done.face,
        "deed": done.deed,
        "of": done.of,
        "detail": done.detail or None,
    }
