"""How gently each host is asked: one request in flight, its delay, its Crawl-delay, slower where it answers slowly."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

MAX_THROTTLE_S = 60.0


@dataclass(slots=True)
class Politeness:
    """The hosts of one run. Times are monotonic seconds, passed in."""

    per_site: int = 1
    in_flight: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    _base_s: dict[str, float] = field(default_factory=dict)
    _throttle_s: dict[str, float] = field(default_factory=dict)
    _next: dict[str, float] = field(default_factory=dict)

    def source_delay(self, site: str, delay_s: float) -> None:
        """Note the delay that a source's file asks for; the longest of several counts."""
        self._base_s[site] = max(self._base_s.get(site, 0.0), delay_s)

    crawl_delay = source_delay

    def delay_s(self, site: str) -> float:
        """Return the seconds to leave between an answer of ``site`` and the next request."""
        return max(self._base_s.get(site, 0.0), self._throttle_s.get(site, 0.0))

    def wait_s(self, site: str, now: float) -> float | None:
        """Return how long to wait before a request to ``site``; None where one is in flight that must end first."""
        if self.in_flight[site] >= self.per_site:
            return None
        return max(self._next.get(site, 0.0) - now, 0.0)

    def take(self, site: str) -> None:
        """Count a request in flight."""
        self.in_flight[site] += 1

    def release(self, site: str, now: float, latency_s: float | None = None) -> None:
        """Count it back; ``latency_s`` is how long the first byte took, where there was one.

        As Scrapy's AutoThrottle: the delay moves half-way to the latency, up at once, and never below what was asked.
        A source that asks for no delay at all is not throttled.
        """
        self.in_flight[site] = max(0, self.in_flight[site] - 1)
        if latency_s is not None and self._base_s.get(site, 0.0) > 0:
            mean = (self._throttle_s.get(site, self._base_s[site]) + latency_s) / 2
            self._throttle_s[site] = min(max(mean, latency_s), MAX_THROTTLE_S)
        self._next[site] = now + self.delay_s(site)
