"""Helpers of the crawl's tests: sources, nights, and what the ledger says of them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from crawlers.crawl import Options, crawl
from crawlers.crawl_worker import CrawlJob
from crawlers.sources import SourceConfig
from crawlers.tally import CrawlReport, unpack_report
from warehouse.home import Home
from warehouse.models import Fetch
from warehouse.raw import as_fetch, read_ledger

NOW = datetime(2026, 3, 1, 2, tzinfo=UTC)
QUICK = Options(
    timeout_s=10,
    retry_first_s=0.05,
    max_tries=2,
    patience_s=2.0,
    html_bytes=1 << 20,
    max_bytes=4 << 20,
    probe=False,
    ask_rights=False,
)


def pages(name: str, *urls: str, **settings: Any) -> SourceConfig:
    """Return a source of fixed addresses, private ones allowed and no delay unless told."""
    common = {
        "title": name,
        "licence": "test",
        "storage": "full",
        "allow_private": True,
        "delay_s": 0,
        "expected_min": 0,
    }
    return SourceConfig.model_validate({"name": name, "type": "page-list", "urls": list(urls), **common, **settings})


def night(home: Home, sources: list[SourceConfig], run: int = 1, options: Options = QUICK, **gap: float) -> CrawlReport:
    """Crawl once, ``gap`` (as timedelta takes it) after the first night."""
    return crawl(home, sources, NOW + timedelta(**gap), run=run, options=options)


def played(
    home: Home, sources: list[SourceConfig], play: dict[str, Any], options: Options = QUICK, run: int = 1
) -> CrawlReport:
    """Crawl once, an hour later for each run, with a DNS and a guard as ``play`` says (see inchild.py)."""
    job = CrawlJob(home, tuple(sources), NOW + timedelta(hours=run - 1), run, "a@example.org", options)
    root = Path(__file__).parents[2]
    env = {**os.environ, "PYTHONPATH": str(root), "CLAIMWATCH_PLAY": json.dumps(play)}
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("inchild.py"))], input=job.pack() + "\n", env=env, text=True,
        capture_output=True, timeout=90, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return unpack_report(json.loads(done.stdout.strip().splitlines()[-1])["report"])


def fetches(home: Home, source: str | None = None, role: str = "document", run: int | None = None) -> list[Fetch]:
    """Return the ledger's fetches of a source and role, in order."""
    found = (as_fetch(entry) for entry in read_ledger(home.ledger) if entry["type"] == "fetch")
    return [
        fetch for fetch in found
        if source in (None, fetch.source) and fetch.role == role and run in (None, fetch.run)
    ]  # fmt: skip
