"""The API: what the pages can do, for programs. Errors are problem+json (RFC 9457)."""

from presswatch.web.api.problems import ANSWERED, is_asked, not_understood, places_of, problem
from presswatch.web.api.programs import Programs

ROUTERS = ()

__all__ = ["ANSWERED", "ROUTERS", "Programs", "is_asked", "not_understood", "places_of", "problem"]
