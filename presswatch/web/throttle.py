"""How often somebody may try to sign in: by name and by where they come from, so that guessing ends."""

from __future__ import annotations

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter


class Throttle:
    """Counts tries that failed, in this process."""

    PAUSE_MINUTES = 15
    BY_NAME, BY_CLIENT = 5, 30
    """Wrong tries within the pause: for one name, and from one address, behind which a desk may sit."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._name = RateLimitItemPerMinute(self.BY_NAME, self.PAUSE_MINUTES, namespace="name")
        self._client = RateLimitItemPerMinute(self.BY_CLIENT, self.PAUSE_MINUTES, namespace="client")

    def lets(self, name: str, client: str) -> bool:
        """Whether another try is answered."""
        return self._limiter.test(self._name, name.casefold()) and self._limiter.test(self._client, client)

    def failed(self, name: str, client: str) -> None:
        """Count a wrong try."""
        self._limiter.hit(self._name, name.casefold())
        self._limiter.hit(self._client, client)
