"""The sentences that teach roles: plain text in which each figure stands in braces with its role.

``The trust had promised {£14m|planned}, and {£3.6m|actual} was found.`` A line that starts with "# " is the heading or
lead-in of the lines after it, up to an empty line. A figure without braces is not judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nlp.figures.find import find_figures
from nlp.figures.learned import ROLES, Line
from warehouse.errors import ConfigError
from warehouse.models import Figure, FigureRole, Span

FOLDER = Path(__file__).parent.parent / "training" / "roles"
_MARK = re.compile(r"\{([^{}|]*)\|([^{}|]*)\}")


@dataclass(frozen=True, slots=True)
class Marked:
    """A sentence: its text without braces, its heading or lead-in, and each figure's place and role."""

    text: str
    above: str
    roles: dict[Span, FigureRole]

    def line(self) -> Line:
        """Return the sentence with the figures that the rules find in it."""
        return Line(self.text, self.above, find_figures(self.text, heading=self.above))

    def role(self, figure: Figure) -> FigureRole | None:
        """Return the role that a found figure is marked with, or None where it is not judged."""
        return next(
            (role for (low, high), role in self.roles.items() if low < figure.end and figure.start < high), None
        )


def read(folder: Path = FOLDER) -> dict[str, list[Marked]]:
    """Return the sentences of each file, by its name; ``ConfigError`` names file, line and what is wrong."""
    return {path.stem: list(_read_file(path)) for path in sorted(folder.glob("*.txt"))}


def _read_file(path: Path) -> Iterator[Marked]:
    above = ""
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not line.strip():
            above = ""
        elif line.startswith("# "):
            above = line[2:].strip()
        else:
            yield _marked(line.strip(), above, f"{path.name}, line {number}")


def _marked(line: str, above: str, where: str) -> Marked:
    text, at, roles = "", 0, dict[Span, FigureRole]()
    for mark in _MARK.finditer(line):
        role = next((role for role in ROLES if role == mark[2]), None)
        if role is None:
            raise ConfigError(f"{where}: role {mark[2]!r}; valid: {', '.join(ROLES)}")
        text += line[at : mark.start()]
        roles[len(text), len(text) + len(mark[1])] = role
        text += mark[1]
        at = mark.end()
    text += line[at:]
    if "{" in text or "}" in text:
        raise ConfigError(f"{where}: a brace without a role; write {{£14m|planned}}")
    return Marked(text, above, roles)
