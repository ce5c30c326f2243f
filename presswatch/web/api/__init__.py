"""The API: what the pages can do, for programs. Errors are problem+json (RFC 9457)."""

from presswatch.web.api.problems import is_asked, problem

ROUTERS = ()

__all__ = ["ROUTERS", "is_asked", "problem"]
