"""What loading tells the frontier: where new bytes held the old text, the look was a quiet one."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from crawlers.frontier import Frontier
from warehouse.home import Home

if TYPE_CHECKING:
    from warehouse.store import Store


def note_quiet_pages(home: Home, store: Store, after_seq: int, now: datetime) -> int:
    """Let pages whose text did not change, though their bytes did, be looked at less; return how many there were.

    Only where the frontier's last fetch is the one that was loaded: a rebuild replays old ones.
    """
    if not home.frontier.exists():
        return 0
    quiet = store.quiet_fetches(after_seq)
    frontier = Frontier(home.frontier, run=0)
    try:
        for seq, url in quiet:
            frontier.note_text(url, False, now.timestamp(), seq=seq)
    finally:
        frontier.close()
    return len(quiet)
