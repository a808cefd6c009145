"""What every command shares: the home, the day asked for, the clock, and how to speak to a person or a program."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from warehouse.errors import UsageError
from warehouse.home import Home, find_home


@dataclass(slots=True)
class Context:
    """Set once by the global options."""

    home_option: str | None = None
    as_of: datetime | None = None

    @property
    def home(self) -> Home:
        """The home of this call."""
        return find_home(self.home_option)


CONTEXT = Context()
out = Console(highlight=False, markup=False, emoji=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, markup=False, emoji=False, soft_wrap=True)


def now() -> datetime:
    """Return the time, UTC, to the second: the only clock that commands read."""
    return datetime.now(UTC).replace(microsecond=0)


def say(text: str) -> None:
    """Print a line for a person."""
    out.print(printable(text))


def warn(text: str) -> None:
    """Print a warning on the error stream."""
    err.print(printable(f"warning: {text}"))


def printable(text: str) -> str:
    """Return outside text without control characters, which could drive a terminal."""
    return "".join(c if c.isprintable() or c in "\n\t" else "�" for c in text)


def counted(count: int, noun: str, nouns: str | None = None) -> str:
    """Return a count with its noun, singular for one (``nouns``: a plural of its own)."""
    return f"{count:,} {noun if count == 1 else nouns or noun + 's'}"


def emit(value: Any) -> None:
    """Print one value as a line of JSON, for programs."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, default=_plain) + "\n")


def emit_lines(values: Iterable[Any]) -> None:
    """Print values as JSON Lines."""
    for value in values:
        emit(value)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


class Meter:
    """Progress of one stage: a bar on a terminal, a plain line every tenth part elsewhere."""

    def __init__(self, name: str, total: int | None, bar: Progress | None) -> None:
        self.name, self.total, self.done, self.bar = name, total, 0, bar
        self.task = bar.add_task(name, total=total) if bar else None
        self._next_line = 0.1

    def advance(self, count: int = 1, note: str = "") -> None:
        """Count ``count`` more as done."""
        self.done += count
        if self.bar is not None and self.task is not None:
            self.bar.update(self.task, completed=self.done, description=f"{self.name} {printable(note)[:40]}".strip())
        elif self.total and self.done / self.total >= self._next_line:
            err.print(f"{self.name}: {self.done} of {self.total}")
            self._next_line = self.done / self.total + 0.1

    def expect(self, total: int) -> None:
        """Say how many there will be."""
        self.total = total
        if self.bar is not None and self.task is not None:
            self.bar.update(self.task, total=total)


@contextmanager
def meter(name: str, total: int | None = None) -> Iterator[Meter]:
    """Show the progress of one stage while the block runs."""
    if not err.is_terminal:
        found = Meter(name, total, None)
        yield found
        if found.done and not found.total:
            err.print(f"{name}: {found.done}")
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=err, transient=False) as bar:
        yield Meter(name, total, bar)


def read_input(file: str) -> bytes:
    """Return the bytes of ``file``, or of standard input for ``-``. Raises UsageError where it can't be read."""
    if file == "-":
        return sys.stdin.buffer.read()
    path = Path(file)
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror or error}; give a file, or - for standard input") from error


def parse_day(text: str) -> datetime:
    """Return ``2015``, ``2015-04`` or ``2015-04-01`` as its first moment, UTC. Raises UsageError otherwise."""
    for shape in ("%Y-%m-%d", "%Y-%m", "%Y", "%Y-%m-%dT%H:%M:%S"):
        try:
            return datetime.strptime(text.removesuffix("Z"), shape).replace(tzinfo=UTC)
        except ValueError:
            continue
    raise UsageError(f"{text!r} is not a date; write 2015, 2015-04 or 2015-04-01")
