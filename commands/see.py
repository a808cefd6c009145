"""See: the app in a browser, and the read-only API."""

from __future__ import annotations

import os
import subprocess
import sys
import webbrowser
from pathlib import Path
from typing import Annotated

import typer

from commands.context import CONTEXT, err, say
from warehouse.home import Home

APP = Path(__file__).parent.parent / "app.py"
PORT = 8501


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command(name="app", epilog="Example: claimwatch app --port 8502")(open_app)
    app.command(epilog="Example: claimwatch serve --port 8800, then look at http://127.0.0.1:8800/docs")(serve)


def open_app(
    port: Annotated[int, typer.Option(help="The port, on loopback.")] = PORT,
    browser: Annotated[bool, typer.Option(help="Open a browser where there is a display.")] = True,
) -> None:
    """Open the app on this base; it runs until Ctrl-C."""
    from warehouse.queries import open_base

    open_base(CONTEXT.home)
    sys.exit(run_app(CONTEXT.home, port, browser=browser))


def run_app(home: Home, port: int, *, browser: bool = True) -> int:
    """Serve the app on loopback until it is interrupted; return its exit code."""
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "streamlit", "run", str(APP), "--server.port", str(port)]
    say(f"the app is at {address} (Ctrl-C ends it)")
    if browser and (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or sys.platform == "darwin"):
        webbrowser.open(address)
    environment = {**os.environ, "CLAIMWATCH_HOME": str(home.root)}
    process = subprocess.Popen(command, cwd=APP.parent, env=environment)
    try:
        return process.wait()
    except KeyboardInterrupt:
        process.terminate()
        process.wait(timeout=10)
        err.print("the app has ended")
        return 0


def serve(
    port: Annotated[int, typer.Option(help="The port, on loopback.")] = 8800,
) -> None:
    """Serve a read-only HTTP API (OpenAPI at /docs) on loopback."""
    import uvicorn

    from commands.find import encoder
    from warehouse.queries import open_base
    from warehouse.serve import make_api

    base = open_base(CONTEXT.home)
    uvicorn.run(make_api(CONTEXT.home, encoder("both", base)), host="127.0.0.1", port=port, log_level="warning")
