"""The address of a page that can't be there, to see how a host says "not found" when it says 200."""

from __future__ import annotations

from warehouse.ids import make_id


def probe_url(origin: str, run: int) -> str:
    """Return the address to ask ``origin`` for in ``run``: another one each run, the same one within it."""
    return f"{origin}/no-such-page-{make_id('probe', origin, run)}"
