"""Crawling against a plain Scrapy spider that calls trafilatura in its callback and writes JSON Lines.

Both ask the same local site of real-sized pages with eight requests at once and no delay. Ours obeys robots.txt, checks
addresses, keeps bodies and a synced ledger, and then loads: extraction in two children, versions in the base.
"""

from __future__ import annotations

import asyncio
import random
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from benchmarks.table import Table

if TYPE_CHECKING:
    from crawlers.crawl import Crawling
    from crawlers.sources import SourceConfig
    from warehouse.home import Home

PAGES = 2000
AT_ONCE = 8
NOW = datetime(2026, 3, 1, 2, tzinfo=UTC)
WORDS = (  # noqa: SIM905 - fifty quoted words would say no more
    "care health social joint board hospital discharge community nurse budget pooled council trust patient home "
    "funding staff record shared plan partner local service team integrated admission delay review evidence pilot "
    "evaluation the of and to in for with that was by on as from more fewer older people their between across which"
).split()


def run() -> list[Table]:
    """Measure a first night and an unchanged second night, with the peak memory of all processes of each."""
    with tempfile.TemporaryDirectory() as folder, _site(PAGES) as port:
        plain = _measured("plain", str(port), str(PAGES), f"{folder}/plain.jsonl")
        first = _measured("ours", str(port), str(PAGES), f"{folder}/home", "1")
        second = _measured("ours", str(port), str(PAGES), f"{folder}/home", "2")
        kept = sum(1 for _ in open(f"{folder}/plain.jsonl", encoding="utf-8"))
    contenders = (
        ("first night", "plain Scrapy + trafilatura", kept, plain),
        ("first night", "Claimwatch, crawl and load", PAGES, first),
        ("second night, unchanged", "plain Scrapy + trafilatura", kept, plain),
        ("second night, unchanged", "Claimwatch, crawl and load", PAGES, second),
    )
    rows = [
        (night, who, pages, cost.wall_s, pages / cost.wall_s, plain.wall_s / cost.wall_s, cost.cpu_s, cost.peak_mib)
        for night, who, pages, cost in contenders
    ]
    columns = ("night", "crawler", "pages", "seconds", "pages a second", "times plain", "CPU seconds", "peak MiB")
    notes = (
        f"{PAGES:,} generated pages of 60 to 120 kB from one local server; {AT_ONCE} requests at once, no delay. The "
        "plain spider knows no second night: it fetches and extracts everything again, so its one run stands in both. "
        "CPU seconds and memory are of all processes of a crawler, the server's left out."
    )
    return [Table("Crawling", columns, rows, "performance", notes)]


def page(n: int) -> bytes:
    """Return page ``n``: an article among the scripts, styles and links that real pages carry."""
    chance = random.Random(n)

    def sentence() -> str:
        return " ".join(chance.choices(WORDS, k=chance.randint(8, 26))).capitalize() + "."

    def block(count: int) -> str:
        return "".join(f"<p>{' '.join(sentence() for _ in range(chance.randint(2, 6)))}</p>\n" for _ in range(count))

    links = "".join(
        f'<li class="nav__item"><a class="nav__link" href="/topic/{i}">{sentence()}</a></li>\n'
        for i in range(chance.randint(60, 160))
    )
    noise = "".join(f"var m{i}=function(a,b){{return a[{i}]+b.x{i};}};\n" for i in range(chance.randint(500, 1100)))
    cards = "".join(
        f'<div class="card"><h3><a href="/more/{i}">{sentence()}</a></h3><p>{sentence()}</p></div>\n' for i in range(40)
    )
    body = "".join(f"<h2>{sentence()}</h2>{block(5)}" for _ in range(chance.randint(3, 8)))
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Report {n}</title><script>{noise}</script>'
        f'<meta property="og:title" content="Report {n}"></head><body><header><nav><ul>{links}</ul></nav></header>'
        f'<main><article><h1>Report {n}</h1><time datetime="2025-0{n % 9 + 1}-11">2025</time>{body}</article></main>'
        f"<aside>{cards}</aside><footer>{cards[:4000]}</footer></body></html>"
    ).encode()


def serve(count: int) -> None:
    """Serve the pages on a free port of loopback, with ETags; print the port; end with standard input."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            try:
                head = await reader.readuntil(b"\r\n\r\n")
            except (asyncio.IncompleteReadError, ConnectionError):  # the crawler is done
                return writer.close()
            path = head.split(b" ", 2)[1].decode()
            body, tag = bodies.get(path, b""), f'"{path}"'
            if not body:
                writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
            elif tag.encode() in head:
                writer.write(f"HTTP/1.1 304 Not Modified\r\nETag: {tag}\r\n\r\n".encode())
            else:
                kind = "Content-Type: text/html; charset=utf-8"
                writer.write(
                    f"HTTP/1.1 200 OK\r\n{kind}\r\nETag: {tag}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
                )
                writer.write(body)
            await writer.drain()

    async def main() -> None:
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        print(server.sockets[0].getsockname()[1], flush=True)
        await asyncio.to_thread(sys.stdin.read)

    bodies = {f"/{n}": page(n) for n in range(count)}
    asyncio.get_event_loop_policy().new_event_loop().run_until_complete(main())


def crawl_plain(port: int, count: int, out: str) -> None:
    """Crawl with a spider as one would write it in five minutes."""
    import scrapy
    import trafilatura
    from scrapy.crawler import AsyncCrawlerProcess

    class PlainSpider(scrapy.Spider):
        name = "plain"

        async def start(self):  # type: ignore[no-untyped-def]
            for n in range(count):
                yield scrapy.Request(f"http://127.0.0.1:{port}/{n}")

        def parse(self, response):  # type: ignore[no-untyped-def]
            yield {"url": response.url, "text": trafilatura.extract(response.text, url=response.url)}

    process = AsyncCrawlerProcess({
        "FEEDS": {out: {"format": "jsonlines"}}, "CONCURRENT_REQUESTS": AT_ONCE, "LOG_LEVEL": "WARNING",
        "CONCURRENT_REQUESTS_PER_DOMAIN": AT_ONCE, "DOWNLOAD_DELAY": 0, "TELNETCONSOLE_ENABLED": False,
    })  # fmt: skip
    process.crawl(PlainSpider)
    process.start()


def crawl_ours(port: int, count: int, folder: str, run_number: int) -> None:
    """Crawl and load as a night does."""
    from crawlers.crawl import Crawling, Options
    from crawlers.sources import SourceConfig
    from warehouse.home import Home

    home, now = Home(Path(folder)).make(), NOW + timedelta(days=run_number)
    source = SourceConfig(
        name="bench", title="Bench", type="page-list", licence="test", storage="full", allow_private=True, delay_s=0,
        max_pages=count, urls=tuple(f"http://127.0.0.1:{port}/{n}" for n in range(count)),
    )  # fmt: skip
    options = Options(per_site=AT_ONCE, concurrency=AT_ONCE)
    with Crawling(home, [source], now, run=run_number, options=options) as crawling:
        _load_beside(crawling, home, source, now)
        (row,) = crawling.report().sources
    if row.fetched + row.unchanged != count:
        raise SystemExit(f"{row.fetched} fetched and {row.unchanged} unchanged of {count}: {row.message}")


def _load_beside(crawling: Crawling, home: Home, source: SourceConfig, now: datetime) -> None:
    from crawlers.load import load
    from warehouse.store import Store

    with Store.open(home) as store:
        load(home, store, {source.name: source}, now, crawl=crawling)


class _site:
    """The site, in a process of its own."""

    def __init__(self, count: int) -> None:
        self.command = [sys.executable, "-m", "benchmarks.crawl", "serve", str(count)]

    def __enter__(self) -> int:
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        return int(self.process.stdout.readline())

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.communicate()


@dataclass(frozen=True, slots=True)
class _Cost:
    """What a contender took, over all of its processes."""

    wall_s: float
    cpu_s: float
    peak_mib: float


def _measured(*arguments: str) -> _Cost:
    """Run one contender."""
    started, cpu_before_s = time.monotonic(), _cpu_s()
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.crawl", *arguments])
    peak, ended = [0.0], threading.Event()

    def watch() -> None:
        while not ended.wait(0.1):
            peak[0] = max(peak[0], _memory_mib(process.pid))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    code = process.wait()
    took_s = time.monotonic() - started
    ended.set()
    watcher.join()
    if code:
        raise SystemExit(f"benchmarks.crawl {arguments[0]} failed")
    return _Cost(took_s, _cpu_s() - cpu_before_s, peak[0])


def _cpu_s() -> float:
    """Return the CPU seconds of every process that was started from here and has ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _memory_mib(pid: int) -> float:
    total = 0
    try:
        root = psutil.Process(pid)
        for process in [root, *root.children(recursive=True)]:
            total += process.memory_info().rss
    except psutil.NoSuchProcess:  # it ended while being looked at
        return total / (1 << 20)
    return total / (1 << 20)


if __name__ == "__main__":
    parts: dict[str, Callable[..., None]] = {"serve": serve, "plain": crawl_plain, "ours": crawl_ours}
    what, *given = sys.argv[1:]
    parts[what](*[int(value) if value.isdigit() else value for value in given])
