"""A real browser on the app: started once, quiet on the network, with axe-core where it is installed."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.app.pages import APP
from warehouse.home import Home

ROOT = APP.parent
PICTURES = ROOT / "docs" / "images"
CHROMIUM = os.environ.get("CLAIMWATCH_CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
ARGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
]  # fmt: skip
WAIT_MS = 90_000
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"


def need_browser() -> None:
    """Skip where no browser is, saying so; fail where CLAIMWATCH_NEED_BROWSER asks for one."""
    if not Path(CHROMIUM).exists():
        _without(f"no Chromium at {CHROMIUM} (set CLAIMWATCH_CHROMIUM)")


def axe_source() -> str:
    """The accessibility checker; skip or fail where it is not installed."""
    if not AXE.is_file():
        _without("no axe-core: npm install --no-save axe-core@4")
    return AXE.read_text("utf-8")


def _without(reason: str) -> None:
    if os.environ.get("CLAIMWATCH_NEED_BROWSER") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@contextmanager
def serving(home: Home, *, port: int | None = None, options: Sequence[str] = ()) -> Iterator[str]:
    """The app on a home; yields its address. ``options`` are Streamlit's."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", port or 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(APP), "--server.port", str(port), *options]
    environment = {**os.environ, "CLAIMWATCH_HOME": str(home.root)}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            address = f"http://127.0.0.1:{port}"
            _await(f"{address}/_stcore/health")
            yield address
        finally:
            process.terminate()


def _await(url: str) -> None:
    for _ in range(150):
        try:
            with urllib.request.urlopen(url, timeout=1):
                return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(f"{url} does not answer")


class Visit:
    """One browser page on the app. ``outside`` gathers requests that left it: there must be none."""

    def __init__(self, page: Any, address: str) -> None:
        self.page, self.address = page, address
        self.outside: list[str] = []
        page.set_default_timeout(WAIT_MS)
        page.on("request", self._noted)

    def _noted(self, request: Any) -> None:
        if not request.url.startswith((self.address, self.address.replace("http", "ws"), "data:", "blob:")):
            self.outside.append(request.url)

    def go(self, path: str = "/") -> Visit:
        """Open a page of the app and wait until it is whole."""
        self.page.goto(self.address + path)
        return self.settled()

    def settled(self) -> Visit:
        """Wait until the app has nothing left to do."""
        self.page.wait_for_selector("h1")
        still = 0
        for _ in range(60):  # at rest over three looks in a row: a click's rerun may begin late on a busy machine
            running = self.page.locator("[data-testid=stApp][data-test-script-state=running]").count()
            running += self.page.locator("[data-testid=stStatusWidget]").count()
            still = 0 if running else still + 1
            if still == 3:
                break
            self.page.wait_for_timeout(300)
        return self

    def choose(self, heading: str, option: str | None = None) -> None:
        """Choose in a list box by the keyboard (the first option where none is named)."""
        box = self.page.get_by_role("combobox", name=heading).first
        found = self.page.get_by_role("option", name=option) if option else self.page.get_by_role("option")
        for _ in range(5):  # a box that is drawn anew just then closes its list
            box.focus()
            self.page.keyboard.press("ArrowDown")
            self.page.wait_for_timeout(500)
            if found.count():
                break
        found.first.click()

    def text(self) -> str:
        """All text that is shown."""
        return str(self.page.inner_text("body"))

    def picture(self, name: str) -> None:
        """Keep a picture of what is shown, for the docs: small, 1280 by 900."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.page.mouse.move(0, 0)
        self.page.screenshot(path=PICTURES / f"{name}.png", clip={"x": 0, "y": 0, "width": 1280, "height": 900})

    def serious(self) -> list[str]:
        """What axe-core finds that is serious or critical, as ``rule: element``."""
        self.page.evaluate(axe_source())
        found = json.loads(self.page.evaluate("async () => JSON.stringify((await axe.run()).violations)"))
        return [
            f"{one['id']}: {node['html'][:200]} {node.get('failureSummary', '')[:300]}"
            for one in found if one["impact"] in ("serious", "critical") for node in one["nodes"]
        ]  # fmt: skip
