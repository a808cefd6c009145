"""`claimwatch` in a process that dies, or is stopped, at its n-th write: `python -m tests.cli.dying ARGUMENTS…`.

A point is anything that makes a state durable or visible: a commit, a checkpoint, an fsync, a rename, a removal. The
play is JSON in CLAIMWATCH_DYING: ``at`` (which point; 0: never), ``signals`` (numbers, sent in turn), ``now`` (the
clock of commands, ISO), ``count`` (a file to which the number of points is written at the end).
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import commands.context

PLAY: dict[str, Any] = json.loads(os.environ.pop("CLAIMWATCH_DYING"))
HERE = os.getpid()
passed = 0


def point() -> None:
    """Pass a point, or die there."""
    global passed
    if os.getpid() != HERE:
        return
    passed += 1
    if passed == PLAY["at"]:
        for number in PLAY["signals"]:
            os.kill(HERE, number)


def around(call: Callable[..., Any]) -> Callable[..., Any]:
    """Return the call with a point before it and one behind."""

    def with_points(*given: Any, **named: Any) -> Any:
        point()
        result = call(*given, **named)
        point()
        return result

    return with_points


def main() -> None:
    from commands.main import main as claimwatch
    from warehouse import raw
    from warehouse.commits import Commits
    from warehouse.store import Store

    os.fsync = around(os.fsync)
    shutil.rmtree = around(shutil.rmtree)  # type: ignore[assignment]
    Path.replace = around(Path.replace)  # type: ignore[method-assign]
    Path.unlink = around(Path.unlink)  # type: ignore[method-assign]
    Commits.begin = around(Commits.begin)  # type: ignore[method-assign]
    Commits.done = around(Commits.done)  # type: ignore[method-assign]
    Store.checkpoint = around(Store.checkpoint)  # type: ignore[method-assign]
    raw.Ledger.append = around(raw.Ledger.append)  # type: ignore[method-assign]
    try:
        claimwatch(sys.argv[1:])
    finally:
        if PLAY.get("count"):
            with open(PLAY["count"], "w") as file:
                file.write(str(passed))


if __name__ == "__main__":
    at = datetime.fromisoformat(PLAY["now"])
    commands.context.now = lambda: at
    main()
