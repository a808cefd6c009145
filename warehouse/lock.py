"""One writer a home: an advisory lock that the system lets go when its process ends, however it ends."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from warehouse.errors import BusyError
from warehouse.home import Home


@contextmanager
def run_lock(home: Home) -> Iterator[None]:
    """Hold the run lock of ``home``. Raises BusyError, naming the process, where another run holds it."""
    home.make()
    with open(home.lock, "a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            raise BusyError(
                f"{home.root}: another run is going on (process {holder}); wait for it to end, or look at "
                "`claimwatch status`"
            ) from error
        file.seek(0)
        file.truncate()
        file.write(str(os.getpid()))
        file.flush()
        yield
