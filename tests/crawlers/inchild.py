"""Runs one crawl job as the real worker does, with a DNS of our own and, where a test asks, guards switched off.

The play is JSON in CLAIMWATCH_PLAY: ``dns`` (host: answers in turn), ``public`` (addresses declared public), ``off``
(names of OFF below), ``limits`` ("module.NAME": value), ``scrapy`` (settings that win over ours) and ``options``.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from crawlers import crawl_worker, frontier, taken
from crawlers import guard as guards
from crawlers.crawl_worker import CrawlJob, run_job
from crawlers.middlewares import addresses, decoding, robots
from crawlers.robots import Rules, read_rules

PLAY: dict[str, Any] = json.loads(os.environ["CLAIMWATCH_PLAY"])
ANSWERS: dict[str, list[list[str]]] = PLAY.get("dns", {})


def _lookup(host: str) -> Sequence[str]:
    if host in ANSWERS:
        return ANSWERS[host].pop(0) if len(ANSWERS[host]) > 1 else ANSWERS[host][0]
    return guards.system_lookup(host)  # numbers in odd spellings


def _pins() -> None:
    """Ask the DNS again at connect: what was checked is not what is connected to."""

    def pinned(self: guards.Guard, host: str) -> tuple[guards.Address, ...]:
        return tuple(guards.ipaddress.ip_address(address) for address in _lookup(host))

    guards.Guard.pinned = pinned  # type: ignore[method-assign]


def _check() -> None:
    """Let every address through."""
    check = guards.Guard.check

    async def unchecked(self: guards.Guard, url: str, *, allow_private: bool) -> None:
        await check(self, url, allow_private=True)

    guards.Guard.check = unchecked  # type: ignore[method-assign]


def _schemes() -> None:
    """Let addresses that are not of the web through, unlooked at."""
    check = guards.Guard.check

    async def web_only(self: guards.Guard, url: str, *, allow_private: bool) -> None:
        if url.startswith("http"):
            await check(self, url, allow_private=allow_private)

    guards.Guard.check = web_only  # type: ignore[method-assign]
    addresses.SCHEMES = ("http", "https", "file")


def _retry_after() -> None:
    taken.retry_after_s = lambda value, now_s: None


def _one_spelling() -> None:
    frontier.normalise = lambda url: url


def _not_modified() -> None:
    taken._not_modified = lambda known: taken.Taken("unchanged", sha256=known)


def _encoding_errors() -> None:
    """Take a body that is not in the encoding it claims as it is, which is what leaving errors out would do."""
    decode = decoding.decode

    def lax(body: bytes, encoding: str, limit: int, **more: bool) -> bytes:
        try:
            return decode(body, encoding, limit, **more)
        except decoding.RefusedError as error:
            if error.reason != "encoding":
                raise
            return body

    decoding.decode = lax


def _unreachable() -> None:
    """Take a robots.txt that did not come for one that allows all, as Scrapy does."""
    judge = robots.judge

    def lax(*given: Any) -> Rules:
        rules = judge(*given)
        return Rules(allow_all=True) if rules.disallow_all else rules

    robots.judge = lax


def _read_anew() -> None:
    """Go by the robots.txt of an earlier run, where there is one."""
    read = robots.RobotsMiddleware._read

    async def kept(self: robots.RobotsMiddleware, origin: str, cause: Any) -> Rules:
        held = self.crawler.spider.frontier.robots(origin)
        return read_rules(held[0]) if held else await read(self, origin, cause)

    robots.RobotsMiddleware._read = kept  # type: ignore[method-assign]


OFF: dict[str, Callable[[], None]] = {
    "pins": _pins, "check": _check, "schemes": _schemes, "retry-after": _retry_after, "one-spelling": _one_spelling,
    "not-modified": _not_modified, "encoding-errors": _encoding_errors, "unreachable": _unreachable,
    "read-anew": _read_anew,
}  # fmt: skip


def main() -> None:
    public, real = set(PLAY.get("public", ())), guards.is_public
    guards.is_public = lambda address: str(address) in public or real(address)
    for name in PLAY.get("off", ()):
        OFF[name]()
    for path, value in PLAY.get("limits", {}).items():
        module, _, name = path.rpartition(".")
        assert hasattr(importlib.import_module(module), name), path
        setattr(importlib.import_module(module), name, value)
    ours = crawl_worker.scrapy_settings

    def settings(options: Any, contact: str | None) -> dict[str, Any]:
        made = ours(options, contact)
        for name, value in PLAY.get("scrapy", {}).items():
            made[name] = {**made.get(name, {}), **value} if isinstance(value, dict) else value
        return made

    crawl_worker.scrapy_settings = settings
    job = CrawlJob.unpack(sys.stdin.readline())
    job = replace(job, options=replace(job.options, **PLAY.get("options", {})))
    job.home.make()
    run_job(job, sys.stdout, guards.Guard(_lookup))


main()
