"""The crawl's limit of memory, by what its own process holds."""

from __future__ import annotations

import psutil
from scrapy.extensions.memusage import MemoryUsage


class OwnMemory(MemoryUsage):
    """Scrapy's limit, which goes by the most ever held: Linux hands that on from parent to child.

    So a crawl that a large process started (getrusage(2): ru_maxrss outlives execve) was over its limit at birth.
    """

    def get_virtual_size(self) -> int:
        """Return the bytes of memory that this process holds now."""
        return int(psutil.Process().memory_info().rss)
