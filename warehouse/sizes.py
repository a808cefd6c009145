"""How big each part of a base is on disk."""

from __future__ import annotations

from pathlib import Path

from warehouse.home import Home


def sizes(home: Home) -> dict[str, int]:
    """Return the bytes of each part. Files that snapshots share (hard links) count once."""
    snapshots = list(home.published.glob("evidence-*")) if home.published.exists() else []
    databases = [path for path in snapshots if path.suffix == ".duckdb"]
    indexes = [path for path in snapshots if path.suffix == ".index"]
    return {
        "raw bodies": _bytes([home.raw / "bodies"]),
        "ledger": _bytes([home.ledger]),
        "frontier": _bytes(sorted(home.root.glob("frontier.sqlite*"))),
        "working database": _bytes(sorted(home.root.glob("work*.duckdb*"))),
        "published databases": _bytes(databases),
        "word indexes": _bytes([path / "words" for path in indexes]),
        "vectors": _bytes([path / "vectors" for path in indexes]),
        "people": _bytes(sorted(home.root.glob("people.sqlite*"))),
        "logs": _bytes([home.logs]),
    }


def _bytes(paths: list[Path]) -> int:
    seen: dict[tuple[int, int], int] = {}
    for path in paths:
        for file in [path] if path.is_file() else sorted(path.rglob("*")):
            try:
                found = file.stat()
            except FileNotFoundError:  # a run is going on and has just moved it
                continue
            if file.is_file():
                seen[found.st_dev, found.st_ino] = found.st_size
    return sum(seen.values())
