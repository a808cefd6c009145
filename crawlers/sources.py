"""A source is one YAML file: what to fetch, how gently, what may be kept, and how much to expect of it.

Shipped files lie in the folder ``crawlers/sources`` beside this module (data, not a package); a home's own lie in
its ``sources/`` and win over a shipped one of the same name.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from crawlers.source_files import Problem, explain, read_yaml
from warehouse.errors import ConfigError
from warehouse.home import Home
from warehouse.models import Storage

SHIPPED = Path(__file__).with_name("sources")
SourceType = Literal[
    "feed", "sitemap", "wordpress", "govuk", "europepmc", "openalex", "crossref", "parliament", "guardian", "oai-pmh",
    "page-list", "local",
]  # fmt: skip
SOURCE_TYPES: tuple[str, ...] = get_args(SourceType)
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,60}")

# What each type reads beside the common keys: (one of these groups is needed, also allowed).
_ADDRESS = ("url", "urls")
_ANSWERS = ("query", "filters")
_SETTINGS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "feed": (_ADDRESS, ("follow", "include", "exclude")),
    "sitemap": (_ADDRESS, ("include", "exclude", "since", "recent_days")),
    "page-list": (_ADDRESS, ()),
    "wordpress": (_ADDRESS, ("query", "post_types", "since", "recent_days", "include", "exclude")),
    "oai-pmh": (_ADDRESS, ("set", "since", "recent_days")),
    "govuk": (_ANSWERS, ("url", "since", "recent_days", "include", "exclude")),
    "europepmc": (_ANSWERS, ("url", "since", "recent_days", "full_text")),
    "openalex": (_ANSWERS, ("url", "since", "recent_days")),
    "crossref": ((*_ANSWERS, "dois", "held"), ("url", "since", "recent_days")),
    "parliament": ((*_ANSWERS, "sections"), ("url", "since", "recent_days")),
    "guardian": (_ANSWERS, ("url", "since", "recent_days")),
    "local": (("path",), ("include", "exclude")),
}
_OPTIONAL = {key for needed, allowed in _SETTINGS.values() for key in (*needed, *allowed)}

Kind = Literal["report", "news", "blog", "guidance", "study", "record", "evidence", "plan"]
Filter = str | int | list[str] | list[int]


def _as_tuple(value: object) -> object:
    return tuple(value) if isinstance(value, list) else (value,) if isinstance(value, str) else value


Strings = Annotated[tuple[str, ...], BeforeValidator(_as_tuple)]
Address = Annotated[str, Field(pattern=r"^https?://[^\s/]+", max_length=2000)]


class Revisit(BaseModel):
    """How often a page is looked at again: often while it changes, seldom as it goes quiet, never after a set age."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    first_h: float = Field(default=24.0, gt=0)  # hours until a new page is looked at again
    factor: float = Field(default=1.2, ge=1)  # what each quiet look multiplies the wait by
    longest_days: float = Field(default=30.0, gt=0)
    stop_after_days: float | None = Field(default=40.0, gt=0)  # not looked at again; null: always is


class SourceConfig(BaseModel):
    """One source, checked. ``name`` is the file's stem; ``origin`` and ``file`` say where it was read from.

    ``expected_min`` and ``expected_max`` count what the source lists (unchanged pages included) in ``window_days``.
    ``max_pages`` caps the documents asked for in one run, ``delay_s`` is the least time between two requests to a host.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    origin: Literal["shipped", "home"] = "home"
    file: str = ""

    title: str = Field(min_length=1)
    type: SourceType
    publisher: str | None = None
    licence: str = Field(min_length=1)
    storage: Storage
    homepage: Address | None = None
    kind: Kind | None = None
    note: str | None = None
    unconfirmed: Strings = ()
    enabled: bool = True

    url: Address | None = None
    urls: Annotated[tuple[Address, ...], BeforeValidator(_as_tuple)] = ()
    path: str | None = None
    query: str | None = Field(default=None, min_length=1)
    filters: dict[str, Filter] = Field(default_factory=dict)
    dois: Strings = ()
    held: bool = False  # ask about the works that the base holds
    sections: Strings = ()
    post_types: Strings = ("posts",)
    set: str | None = None
    include: Strings = ()
    exclude: Strings = ()
    follow: bool = True
    full_text: bool = True
    since: date | None = None
    recent_days: int | None = Field(default=None, ge=1)

    expected_min: int = Field(default=1, ge=0)
    expected_max: int | None = Field(default=None, ge=0)
    window_days: int = Field(default=30, ge=1)
    delay_s: float = Field(default=2.0, ge=0, le=3600)
    max_pages: int = Field(default=500, ge=1)
    allow_private: bool = False
    comments: bool = False
    relevance: bool = True
    revisit: Revisit = Field(default_factory=Revisit)

    @property
    def addresses(self) -> tuple[str, ...]:
        """Every address the file names, ``url`` first."""
        return ((self.url,) if self.url else ()) + self.urls

    @model_validator(mode="after")
    def _fits_its_type(self) -> SourceConfig:
        needed, allowed = _SETTINGS[self.type]
        fields = type(self).model_fields
        given = {
            key for key in _OPTIONAL
            if (value := getattr(self, key)) not in (None, (), {}) and value != fields[key].default
        }  # fmt: skip
        if not given & {*needed}:
            raise ValueError(f"a source of type {self.type} needs {' or '.join(needed)}")
        if strange := sorted(given - {*needed, *allowed}):
            valid = ", ".join((*needed, *allowed))
            raise ValueError(f"{', '.join(strange)}: not read by type {self.type}, which reads {valid}")
        if self.expected_max is not None and self.expected_max < self.expected_min:
            raise ValueError(f"expected_max {self.expected_max} is below expected_min {self.expected_min}")
        return self


def load_sources(home: Home | None) -> dict[str, SourceConfig]:
    """Return every source by name, sorted: the shipped ones and the home's own, which win.

    Raises ConfigError naming file, key, what is wrong and the valid choices, for all faults at once.
    """
    sources, problems = read_sources(home)
    if problems:
        raise ConfigError("\n".join(str(problem) for problem in problems))
    return sources


def check_sources(home: Home | None) -> list[Problem]:
    """Return what is wrong with the source files, by file and key; empty where all is well."""
    return read_sources(home)[1]


def read_sources(home: Home | None) -> tuple[dict[str, SourceConfig], list[Problem]]:
    """Return the sources that are right and the problems of those that are not."""
    sources: dict[str, SourceConfig] = {}
    problems: list[Problem] = []
    folders: list[tuple[Literal["shipped", "home"], Path]] = [("shipped", SHIPPED)]
    if home is not None:
        folders.append(("home", home.sources))
    for origin, folder in folders:
        for file in sorted([*folder.glob("*.yml"), *folder.glob("*.yaml")]):
            source, found = read_source(file, origin)
            problems += found
            if source is not None:
                sources[source.name] = source
    return dict(sorted(sources.items())), problems


def read_source(file: Path, origin: Literal["shipped", "home"] = "home") -> tuple[SourceConfig | None, list[Problem]]:
    """Return the source that one file holds, or None and what is wrong with it."""
    if not NAME.fullmatch(file.stem):
        wrong = "a source is named by its file: small letters, digits and hyphens"
        return None, [Problem(str(file), None, wrong)]
    settings, problems = read_yaml(file)
    for key in ("name", "origin", "file"):
        if key in settings:
            problems.append(Problem(str(file), key, f"is not set in the file (the file's name, {file.stem}, names it)"))
    if problems:
        return None, problems
    return explain(file, SourceConfig, {**settings, "name": file.stem, "origin": origin, "file": str(file)})
