"""A pytest plugin that switches one guard off before any test is read; what is off comes as JSON in the environment.

``set`` ("module.NAME": value) and ``off`` (names of OFF) hold in this process. ``play`` (as inchild.py takes it) and
``options`` hold in the process that crawls. ``only`` names the faults that the server plays, to spare the others' time.
"""

from __future__ import annotations

import functools
import importlib
import itertools
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

VARIABLE = "CLAIMWATCH_SWITCHED_OFF"
CHILD = Path(__file__).with_name("inchild.py")


def _suspicion() -> None:
    _put("crawlers.extract.html.suspicion", lambda title, text, whole: None)


def _detection() -> None:
    """Believe what is declared, else UTF-8."""

    def decode(body: bytes, charset: str | None = None) -> tuple[str, None]:
        try:
            return body.decode(charset or "utf-8", "replace"), None
        except LookupError:
            return body.decode("utf-8", "replace"), None

    _put("crawlers.extract.charset.decode", decode)


def _text_hash() -> None:
    """Make a version of every body, as a tracker does that hashes bytes."""
    numbers = itertools.count()
    _put("warehouse.ids.version_id", lambda document, title, text: f"{next(numbers):020d}")


def _noise() -> None:
    _put("crawlers.extract.body.is_noise", lambda text: False)


def _entities() -> None:
    for module in ("crawlers.xml", "crawlers.extract.word", "crawlers.adapters.feed"):
        _put(f"{module}.refuse_entities", lambda data: None)


def _sniffing() -> None:
    def declared(body: bytes, url: str, content_type: str | None) -> str:
        return "pdf" if "pdf" in (content_type or "") else "html"

    _put("crawlers.extract.sniff.sniff", declared)
    _put("crawlers.extract.sniff", declared)  # the name that the package goes by


def _leads_out() -> None:
    _put("crawlers.archives.leads_out", lambda name: False)


def _unpacking() -> None:
    from crawlers.adapters import packed

    bounded = packed.unpacked
    _put("crawlers.adapters.packed.unpacked", lambda data, max_bytes: bounded(data, 1 << 40))


def _visited() -> None:
    """Know no sitemap again."""
    numbers = itertools.count()
    _put("crawlers.adapters.sitemap.normalise", lambda url: str(next(numbers)))


def _child() -> None:
    """Parse in this process, where what else is off holds."""
    from crawlers import sandbox_child, sandbox_worker

    def ask(self: Any, job: Any, what: str) -> dict[str, Any]:
        sources = {"source": job.source.name, "told": job.source.model_dump(mode="json")} if job.source else {}
        head = {"source": None, "url": job.url, "content_type": job.content_type, "headers": dict(job.headers)}
        more = {"hints": dict(job.hints), "state": dict(job.state), "comments": job.comments, "what": what}
        return sandbox_worker._answer({**head, **more, **sources}, job.body)

    sandbox_child.Child._ask = ask  # type: ignore[method-assign]


def _child_limits() -> None:
    """Give children an hour and all the memory there is."""
    from crawlers.sandbox_child import Child

    init = Child.__init__

    @functools.wraps(init)
    def unlimited(self: Child, memory_bytes: int, timeout_s: float, *more: Any) -> None:
        init(self, 1 << 40, 3600.0, *more)

    Child.__init__ = unlimited  # type: ignore[method-assign]


def _redaction() -> None:
    """Keep what readers say, as they said it."""
    from crawlers.extract import html

    read = html.read_html
    _put("crawlers.extract.html.read_html", lambda body, url, charset=None, *, comments=False: read(
        body, url, charset, comments=True))  # fmt: skip
    _put("crawlers.extract.comments.redact", lambda text: text)


def _crossing_out() -> None:
    _put("crawlers.load.spare_persons", lambda document: document)


OFF: dict[str, Callable[[], None]] = {
    "suspicion": _suspicion, "detection": _detection, "text-hash": _text_hash, "noise": _noise, "entities": _entities,
    "sniffing": _sniffing, "leads-out": _leads_out, "unpacking": _unpacking, "visited": _visited, "child": _child,
    "redaction": _redaction, "child-limits": _child_limits, "crossing-out": _crossing_out,
}  # fmt: skip


def _put(path: str, value: Any) -> None:
    module, _, name = path.rpartition(".")
    assert hasattr(importlib.import_module(module), name), path
    setattr(importlib.import_module(module), name, value)


def _crawl_child(play: dict[str, Any]) -> None:
    """Have every crawl run by inchild.py, with what is off there."""
    from crawlers import crawl as crawling
    from tests.crawlers import nights

    start, played = subprocess.Popen, nights.played

    def popen(command: list[str], **more: Any) -> subprocess.Popen[str]:
        if command[-1] == "crawlers.crawl_worker":
            command = [sys.executable, str(CHILD)]
            more["env"] = {**more["env"], "CLAIMWATCH_PLAY": json.dumps(play)}
        return start(command, **more)

    stand_in = type("subprocess", (), {"Popen": staticmethod(popen), "PIPE": subprocess.PIPE})
    crawling.subprocess = stand_in  # type: ignore[assignment]
    nights.played = lambda home, sources, given, *more: played(home, sources, {**given, **play}, *more)


def _only(names: list[str]) -> None:
    from tests.crawlers import badsites

    badsites.MODES = {name: badsites.MODES[name] for name in names if name in badsites.MODES}
    badsites.MODES["fine"] = badsites.cached
    badsites.TRAPS = {name: path for name, path in badsites.TRAPS.items() if name in names}
    badsites.drip = functools.partial(badsites.drip, every_s=0.02)  # type: ignore[assignment]


def pytest_configure() -> None:
    """Switch off, before any test module is imported."""
    told = json.loads(os.environ[VARIABLE])
    for path, value in told.get("set", {}).items():
        _put(path, value)
    for name in told.get("off", ()):
        OFF[name]()
    if "only" in told:
        _only(told["only"])
    if "play" in told or "options" in told:
        _crawl_child({**told.get("play", {}), "options": told.get("options", {})})
