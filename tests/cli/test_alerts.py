"""Alerts: told once, from the second time on; nothing at the first, when everything would be new."""

import json
import socket
from datetime import UTC, datetime, timedelta

import pytest
from aiosmtpd.controller import Controller

from commands.alerts import after_a_night, tell
from commands.pipeline import Outcome
from tests.cli.versions import publish_at, show
from tests.warehouse.make import at
from tests.warehouse.test_alerts import Postbox
from tests.warehouse.test_atom import NS, check
from warehouse.home import Home
from warehouse.people import People
from warehouse.store import Store

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


def test_feeds_are_written_each_night_and_a_mail_that_fails_is_a_warning_and_told_again(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]  # nobody listens there any more below
    People(home.people).save_search(NOW, "Ann", "admissions", "admissions", {}, watch=True)
    with Store.open(home) as store:
        show(store, ["Emergency admissions rose by 12%."])
        publish_at(home, store, 0).close()
        after_a_night(home, at(0), Outcome())
        show(store, ["Emergency admissions rose by 14%. Late admissions rose."], first_day=1)
        publish_at(home, store, 1).close()
    monkeypatch.setenv("CLAIMWATCH_SMTP_URL", f"smtp://127.0.0.1:{port}")
    monkeypatch.setenv("CLAIMWATCH_SMTP_FROM", "night@example.org")
    monkeypatch.setenv("CLAIMWATCH_SMTP_TO", "ann@example.org")
    monkeypatch.setenv("CLAIMWATCH_FEEDS_URL", "https://example.org/feeds")
    outcome = Outcome()
    after_a_night(home, at(1), outcome)
    (warning,) = outcome.warnings
    assert f"127.0.0.1:{port}" in warning
    assert outcome.exit_code == 10
    feed = check((home.root / "feeds" / "saved" / "admissions.atom").read_bytes())
    assert feed.find(f"{NS}link").get("href") == "https://example.org/feeds/saved/admissions.atom"  # type: ignore[union-attr]
    box = Postbox()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        after_a_night(home, at(2), mended := Outcome())
    finally:
        controller.stop()
    assert (mended.warnings, mended.counts["alerts"]) == ([], 2)
    (envelope,) = box.got
    assert b"Emergency admissions rose by 12%." in envelope.content
    assert b"Late admissions rose." in envelope.content
    assert len(check((home.root / "alerts" / "alerts.atom").read_bytes()).findall(f"{NS}entry")) == 2


def test_the_feed_of_alerts_keeps_what_earlier_nights_told(home: Home) -> None:
    People(home.people).save_search(NOW, "Ann", "admissions", "admissions", {}, watch=True)
    said = "Emergency admissions rose by 12%."
    with Store.open(home) as store:
        for day, more in enumerate(("", " Late admissions rose.", " Late admissions rose. Early admissions fell.")):
            show(store, [said + more], first_day=day)
            publish_at(home, store, day).close()
            after_a_night(home, at(day), Outcome())
    feed = check((home.root / "alerts" / "alerts.atom").read_bytes())
    told = [entry.findtext(f"{NS}summary", "").split("\n")[0] for entry in feed.findall(f"{NS}entry")]
    assert told == ["Early admissions fell.", "Late admissions rose."]
