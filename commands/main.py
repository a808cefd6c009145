"""The `claimwatch` command and its global options; an error is one line, and says how to mend it."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from commands import alerts, barriers, collect, feeds, filters, find, importing, model, people, report, run, see
from commands.context import CONTEXT, err, parse_day, printable
from commands.stopping import StoppedRun
from warehouse.errors import DISK_FULL, FAILED, FULL, STOPPED, USAGE, ClaimwatchError

app = typer.Typer(
    name="claimwatch",
    help="Follow the claims that policy writing makes, and the barriers it names, through versions and sources.",
    epilog='Example: claimwatch demo --no-app, then claimwatch search "workforce barriers" --since 2015',
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
GLOBAL_OPTIONS = ("--home", "--as-of")


@app.callback()
def _global(
    home: Annotated[str | None, typer.Option(help="The base's folder (or CLAIMWATCH_HOME).")] = None,
    as_of: Annotated[str | None, typer.Option(help="Answer from what was known on that day.")] = None,
) -> None:
    CONTEXT.home_option = home
    CONTEXT.as_of = parse_day(as_of) if as_of else None


for module in (run, collect, importing, find, barriers, people, alerts, feeds, see, report, filters, model):
    module.register(app)


def hoist(arguments: list[str]) -> list[str]:
    """Return the arguments with global options first, so that they may stand anywhere on the line."""
    front: list[str] = []
    rest: list[str] = []
    words = iter(arguments)
    for word in words:
        if word == "--":
            return [*front, *rest, word, *words]
        name = word.split("=", 1)[0]
        if name in GLOBAL_OPTIONS:
            front.append(word)
            front += [] if "=" in word else [value for value in [next(words, None)] if value is not None]
        else:
            rest.append(word)
    return [*front, *rest]


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit with the contract's codes."""
    try:
        code = app(args=hoist(sys.argv[1:] if arguments is None else arguments), standalone_mode=False)
        if code == STOPPED:  # what typer makes of Ctrl-C
            raise KeyboardInterrupt
        sys.exit(code if isinstance(code, int) else 0)
    except typer.TyperException as error:
        error.show()  # type: ignore[attr-defined]  # every one that reaches here is of typer's own click
        sys.exit(USAGE)
    except (typer.Abort, KeyboardInterrupt, StoppedRun) as stop:
        err.print("stopped; what was kept is whole, and the next run goes on from there")
        sys.exit(getattr(stop, "exit_code", STOPPED))
    except ClaimwatchError as error:
        err.print(printable(f"error: {error}"))
        sys.exit(error.exit_code)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(FAILED)
    except OSError as error:
        full = error.errno in FULL
        advice = "make room and run it again; the published base is as it was" if full else "look at the path and retry"
        err.print(printable(f"error: {error}: {advice}"))
        sys.exit(DISK_FULL if full else FAILED)
