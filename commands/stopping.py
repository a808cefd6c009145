"""How a run is stopped from outside: by Ctrl-C or SIGTERM its record is closed; by a second of either it ends at once.

Both are safe at any moment, as kill -9 is: what is kept is whole, and the next run goes on from there.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class StoppedRun(BaseException):  # no Exception, and no KeyboardInterrupt, which typer makes its own of
    """A signal asked the run to stop. ``exit_code`` is a shell's for that signal: 130 for Ctrl-C, 143 for SIGTERM."""

    def __init__(self, number: int) -> None:
        super().__init__(f"stopped by {signal.Signals(number).name}")
        self.exit_code = 128 + number


@contextmanager
def stoppable() -> Iterator[None]:
    """Raise StoppedRun in the block at the first signal. Does nothing off the main thread, which gets no signals."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in SIGNALS}

    def stop(number: int, frame: FrameType | None) -> None:
        for each in SIGNALS:
            signal.signal(each, signal.SIG_DFL)
        raise StoppedRun(number)

    for number in SIGNALS:
        signal.signal(number, stop)
    try:
        yield
    finally:
        if signal.getsignal(signal.SIGTERM) is stop:  # not stopped: what comes after is another's
            for number, handler in before.items():
                signal.signal(number, handler)
