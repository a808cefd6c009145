"""Cue patterns kept as data: YAML files of regular expressions, read and compiled once.

``parts`` are lists of alternatives that other entries name in braces; ``any_case`` and ``cased`` are the patterns.
A list means any of its members. ``{name}`` stands for a part, in brackets of its own.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import yaml

from warehouse.errors import ConfigError

_NAME = re.compile(r"\{([a-z][a-z_0-9]*)\}")
_FLAGS = {"any_case": re.IGNORECASE, "cased": re.NOFLAG}


def load_rules(path: Path, **given: str) -> dict[str, re.Pattern[str]]:
    """Return the compiled patterns of a file by name. ``given`` are parts that come from code.

    Raises:
        ConfigError: an entry names a part that is not there, or is no regular expression.
    """
    raw = _read(path)
    parts = dict(given)
    for name, value in raw.get("parts", {}).items():
        parts[name] = _expand(path, name, value, parts)
    rules: dict[str, re.Pattern[str]] = {}
    for section, flags in _FLAGS.items():
        for name, value in raw.get(section, {}).items():
            try:
                rules[name] = re.compile(_expand(path, name, value, parts), flags)
            except re.error as error:
                raise ConfigError(f"{path.name}: {name}: not a regular expression: {error}") from error
    return rules


@cache
def _read(path: Path) -> dict[str, dict[str, str | list[str]]]:
    loaded: dict[str, dict[str, str | list[str]]] = yaml.load(
        path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    )
    return loaded


def _expand(path: Path, name: str, value: str | list[str], parts: dict[str, str]) -> str:
    def part(match: re.Match[str]) -> str:
        if match[1] not in parts:
            raise ConfigError(f"{path.name}: {name}: no part named {match[1]!r}; there are {', '.join(sorted(parts))}")
        return parts[match[1]]

    return _NAME.sub(part, value if isinstance(value, str) else "|".join(value))
