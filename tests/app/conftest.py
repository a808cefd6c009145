"""The app on a small base."""

from __future__ import annotations

import pytest

from tests.warehouse.test_search import made  # noqa: F401
from warehouse.home import Home


@pytest.fixture
def shown(made: Home, monkeypatch: pytest.MonkeyPatch) -> Home:  # noqa: F811
    """The small base as the app's home."""
    monkeypatch.setenv("CLAIMWATCH_HOME", str(made.root))
    return made
