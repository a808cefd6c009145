"""Helpers of the adapter tests: a source of any type, a body of a sample, the clock."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crawlers.adapters.base import Body
from crawlers.sources import SourceConfig

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
SAMPLES = Path(__file__).with_name("samples")


def source(**settings: Any) -> SourceConfig:
    """A source with the common keys filled in."""
    common = {"name": "test", "title": "Test", "licence": "none", "storage": "full"}
    return SourceConfig.model_validate({**common, **settings})


def sample(name: str, url: str, **body: Any) -> Body:
    """The body of a sample at an address."""
    return Body(url, (SAMPLES / name).read_bytes(), "application/json", **body)
