"""Alerts: told once, from the second time on; nothing at the first, when everything would be new."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from commands.alerts import tell
from warehouse.home import Home
from warehouse.people import People

NOW = datetime(2025, 11, 4, 12, tzinfo=UTC)


@pytest.mark.slow
def test_new_claims_changed_figures_and_gone_pages_are_told_once(demo: Home) -> None:
    People(demo.people).save_search(NOW, "Ann", "admissions", "admissions", {}, watch=True)
    assert tell(demo, NOW - timedelta(days=1)) is None
    state = demo.root / "alerts" / "state.json"
    kept = json.loads(state.read_text())
    missing = kept["threads"]["admissions"].pop()
    state.write_text(json.dumps(kept))
    found = tell(demo, NOW)
    assert found is not None
    headings = [heading for heading, _ in found.sections]
    assert headings == ["New claims for “admissions”", "Figures changed in “admissions”", "Pages gone"]
    assert len(found.sections[0][1]) == 1
    assert missing in found.sections[0][1][0].key
    assert "78,000" in found.markdown()
    assert tell(demo, NOW + timedelta(hours=1)) is None
