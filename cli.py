"""The `claimwatch` command: one Typer app, its commands in ``commands/``."""

from commands.main import app, main

__all__ = ["app", "main"]

if __name__ == "__main__":
    main()
