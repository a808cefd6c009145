"""Fixtures that every area shares."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from warehouse.home import Home

ROOT = Path(__file__).parent.parent


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """An empty home of its own."""
    return Home(tmp_path / "home").make()


@pytest.fixture(scope="session")
def real() -> Path:
    """The folder of real material, or a skip that says where it was looked for."""
    folder = Path(os.environ.get("CLAIMWATCH_REAL", ROOT.parent / "shared" / "real"))
    if not folder.is_dir():
        pytest.skip(f"no real material at {folder} (set CLAIMWATCH_REAL)")
    return folder


@pytest.fixture(scope="session")
def demo_base(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The demo's base, made by the command itself, once for all workers of a test run. Read it; copy it to write."""
    shared = tmp_path_factory.getbasetemp()
    root = (shared.parent if os.environ.get("PYTEST_XDIST_WORKER") else shared) / "demo-base"
    with open(f"{root}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = root / "done"
        if not done.exists():
            command = [sys.executable, "-m", "cli", "--home", str(root), "demo", "--no-app"]
            made = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=300)
            assert made.returncode == 0, made.stdout + made.stderr
            (root / "printed.txt").write_text(made.stdout)
            done.touch()
    return Home(root)


@pytest.fixture
def demo(demo_base: Home, tmp_path: Path) -> Home:
    """A copy of the demo's base, to write in."""
    shutil.copytree(demo_base.root, tmp_path / "demo")
    return Home(tmp_path / "demo")
