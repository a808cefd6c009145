"""Pages and files that a person adds: kept as two sources of the home's own, so that a nightly run watches them too."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from warehouse.errors import ConfigError, UsageError
from warehouse.home import Home
from warehouse.models import STORAGES
from warehouse.raw import write_durably

if TYPE_CHECKING:
    from crawlers.sources import SourceConfig

PAGES, FILES = "by-hand", "by-hand-files"


def add_by_hand(home: Home, what: str, licence: str, storage: str) -> SourceConfig:
    """Record ``what`` (an http(s) address or a file) among the sources added by hand; return that source."""
    if storage not in STORAGES:
        raise UsageError(f"--storage {storage!r}: choose from {', '.join(STORAGES)}")
    home.make()
    if what.startswith(("http://", "https://")):
        return _write(home, PAGES, {"type": "page-list", "urls": [*_urls(home), what]}, licence, storage)
    path = Path(what).expanduser()
    if not path.is_file():
        raise UsageError(f"{what}: neither an http(s) address nor a file that is there")
    source = add_folder(home, licence, storage)
    shutil.copyfile(path, home.root / "added" / path.name)
    return source


def add_folder(home: Home, licence: str = "not stated", storage: str = "full") -> SourceConfig:
    """Return the source of the home's ``added`` folder, made where it is not there yet."""
    folder = home.make().root / "added"
    folder.mkdir(exist_ok=True)
    return _write(home, FILES, {"type": "local", "path": str(folder)}, licence, storage)


def _urls(home: Home) -> list[str]:
    file = home.sources / f"{PAGES}.yml"
    return list((yaml.safe_load(file.read_text("utf-8")) or {}).get("urls", [])) if file.exists() else []


def _write(home: Home, name: str, settings: dict[str, Any], licence: str, storage: str) -> SourceConfig:
    from crawlers.sources import read_source

    common = {"title": "Added by hand", "licence": licence, "storage": storage, "expected_min": 0, "relevance": False}
    if settings.get("urls"):
        settings["urls"] = list(dict.fromkeys(settings["urls"]))
    file = home.sources / f"{name}.yml"
    before = file.read_bytes() if file.exists() else None
    write_durably(file, yaml.safe_dump({**common, **settings}, sort_keys=False, allow_unicode=True).encode())
    source, problems = read_source(file)
    if source is None:
        file.unlink() if before is None else write_durably(file, before)
        raise ConfigError("\n".join(str(problem) for problem in problems))
    return source
