"""The demonstration site's sources: files like anybody's, with ``{port}`` where the site's port goes."""

from __future__ import annotations

from pathlib import Path

import yaml

from crawlers.sources import SourceConfig

FOLDER = Path(__file__).with_name("sources")


def demo_sources(port: int) -> dict[str, SourceConfig]:
    """Return the demonstration's sources by name, sorted, for a site that listens on ``port``."""
    return {file.stem: _read(file, port) for file in sorted(FOLDER.glob("*.yml"))}


def write_demo_sources(folder: Path, port: int) -> None:
    """Write the sources into ``folder`` (a home's ``sources/``), so that the commands find them there."""
    for file in sorted(FOLDER.glob("*.yml")):
        folder.joinpath(file.name).write_text(_filled(file, port), encoding="utf-8")


def _filled(file: Path, port: int) -> str:
    return file.read_text(encoding="utf-8").replace("{port}", str(port))


def _read(file: Path, port: int) -> SourceConfig:
    settings = yaml.safe_load(_filled(file, port))
    return SourceConfig.model_validate({**settings, "name": file.stem, "origin": "shipped", "file": str(file)})
