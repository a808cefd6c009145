"""The app on a small base."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.warehouse.test_search import made as small_base  # noqa: F401
from warehouse.home import Home

APP = Path(__file__).parents[2] / "app.py"


@pytest.fixture
def shown(made: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    """The small base as the app's home."""
    monkeypatch.setenv("CLAIMWATCH_HOME", str(made.root))
    return made
