"""Fixtures that every area shares."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from warehouse.home import Home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """An empty home of its own."""
    return Home(tmp_path / "home").make()


@pytest.fixture(scope="session")
def real() -> Path:
    """The folder of real material, or a skip that says where it was looked for."""
    folder = Path(os.environ.get("CLAIMWATCH_REAL", Path(__file__).parents[2] / "shared" / "real"))
    if not folder.is_dir():
        pytest.skip(f"no real material at {folder} (set CLAIMWATCH_REAL)")
    return folder
