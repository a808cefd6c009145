"""`claimwatch` on a disk that is full from a stage on: `python -m tests.cli.filling ARGUMENTS…`.

The play is JSON in CLAIMWATCH_FILLING: ``stage`` (where it becomes full; "" for never), ``left`` (bytes that still
fit), ``limit`` (true: no file may grow past ``left``, where the system lets nobody mount a small disk), ``now`` (the
clock of commands, ISO) and ``home``. Ends with the command's code, or with LEFT_BEHIND where a child outlived it.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

PLAY: dict[str, Any] = json.loads(os.environ["CLAIMWATCH_FILLING"])
LEFT_BEHIND = 99
SET_CHILD_SUBREAPER = 36


def fill() -> None:
    """Leave ``left`` bytes and no more."""
    if PLAY["limit"]:
        resource.setrlimit(resource.RLIMIT_FSIZE, (PLAY["left"], resource.RLIM_INFINITY))
        return
    filler = Path(PLAY["home"]) / "filler"
    disk = os.statvfs(filler.parent)
    with filler.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(disk.f_bavail * disk.f_frsize - PLAY["left"], 1))


def filled_first(call: Callable[..., Any]) -> Callable[..., Any]:
    """Return the call with the disk filled before its first time."""
    todo = [fill]

    def with_a_full_disk(*given: Any, **named: Any) -> Any:
        if todo:
            todo.pop()()
        return call(*given, **named)

    return with_a_full_disk


def play() -> None:
    """Run the command in this process."""
    import commands.context
    from commands import stages
    from commands.main import main
    from warehouse.store import Store

    at = datetime.fromisoformat(PLAY["now"])
    commands.context.now = lambda: at
    if PLAY["stage"] == "load":
        Store.load_fetches = filled_first(Store.load_fetches)  # type: ignore[method-assign]
    elif PLAY["stage"]:
        name = f"{PLAY['stage']}_stage"
        setattr(stages, name, filled_first(getattr(stages, name)))
    main(sys.argv[2:])


def watch() -> int:
    """Run the command in a child; return its code, or LEFT_BEHIND where it leaves a child of its own."""
    ctypes.CDLL(None).prctl(SET_CHILD_SUBREAPER, 1, 0, 0, 0)  # what is orphaned becomes ours
    code = subprocess.run([sys.executable, "-m", "tests.cli.filling", "--play", *sys.argv[1:]]).returncode
    ends = time.monotonic() + 2  # seconds
    while time.monotonic() < ends:
        try:
            if os.waitpid(-1, os.WNOHANG)[0] == 0:
                time.sleep(0.05)
        except ChildProcessError:
            return code
    return LEFT_BEHIND


if __name__ == "__main__":
    if sys.argv[1:2] == ["--play"]:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        play()
    else:
        sys.exit(watch())
