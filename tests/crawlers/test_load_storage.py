"""What may be stored, by what lies on the disk afterwards: every file of the home is read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import zstandard

from crawlers import storage
from crawlers.load import load
from crawlers.sandbox import Sandbox
from crawlers.storage import apply_storage
from tests.crawlers.test_load import NOW, Recorder, page, source
from warehouse.home import Home
from warehouse.models import Annotation, Claim
from warehouse.store import Store

CLAIM = "Quagga waits fell by twelve per cent in the first year."
PLAIN = "Zebrawood was the colour of the meeting room."
KINDS = ["full", "excerpt", "metadata"]


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    with Sandbox(workers=1) as sandbox:
        yield sandbox


def tag(store: Store) -> None:
    """Annotate every sentence of the page that these tests look for; only CLAIM is a claim."""
    for batch in store.untagged("test"):
        for item in batch:
            found = []
            for sentence in (CLAIM, PLAIN):
                at = item.text.index(sentence)
                claim = Claim("finding", 0.9) if sentence == CLAIM else None
                found.append(Annotation(at, at + len(sentence), sentence, "sentence", claim=claim))
            store.put_annotated(item.version, found, np.zeros((2, 384), np.float32), "test")


def on_disk(home: Home) -> bytes:
    """Every byte under the home, bodies unpacked."""
    pieces = []
    for file in sorted(home.root.rglob("*")):
        if file.is_file():
            data = file.read_bytes()
            pieces.append(zstandard.decompress(data) if file.suffix == ".zst" else data)
    return b"\n".join(pieces)


def run(home: Home, box: Sandbox, kind: str) -> str:
    recorder = Recorder(home)
    recorder.fetch("a", page(f"{CLAIM} {PLAIN}"))
    sources = {"sample": source(storage=kind)}
    with Store.open(home) as store:
        load(home, store, sources, NOW, sandbox=box)
        tag(store)
        apply_storage(home, store, sources)
    with Store.open(home) as store:
        return str(store.con.execute("select text from version").fetchall()[0][0])


def test_full_keeps_body_and_text(home: Home, box: Sandbox) -> None:
    text = run(home, box, "full")
    assert CLAIM in text
    assert PLAIN in text
    assert PLAIN.encode() in on_disk(home)


def test_excerpt_keeps_the_claims_and_hashes(home: Home, box: Sandbox) -> None:
    text = run(home, box, "excerpt")
    assert text.split() == CLAIM.split()
    with Store.open(home) as store:
        kept, sentences, sha = store.con.execute("select kept, sentences, body_sha256 from version").fetchall()[0]
    assert kept == "excerpt"
    assert sentences
    assert sha
    assert PLAIN.encode() not in on_disk(home)
    assert b"Zebrawood" not in on_disk(home)


def test_metadata_keeps_neither(home: Home, box: Sandbox) -> None:
    assert run(home, box, "metadata") == ""
    disk = on_disk(home)
    assert b"Quagga" not in disk
    assert b"Zebrawood" not in disk
    with Store.open(home) as store:
        title, sha = store.con.execute("select title, text_sha256 from version").fetchall()[0]
    assert title == "Joint teams in the county"
    assert sha


@pytest.mark.parametrize("kind", ["excerpt", "metadata"])
def test_without_the_policy_the_text_stays(
    home: Home, box: Sandbox, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage, "_drop", lambda *_: 0)
    run(home, box, kind)
    assert b"Zebrawood" in on_disk(home)


def test_a_body_that_a_freer_source_fetched_too_is_kept(home: Home, box: Sandbox) -> None:
    recorder = Recorder(home)
    body = page(f"{CLAIM} {PLAIN}")
    recorder.fetch("a", body, source="closed")
    recorder.fetch("b", body, source="open")
    sources = {"closed": source("closed", "metadata"), "open": source("open")}
    with Store.open(home) as store:
        load(home, store, sources, NOW, sandbox=box)
    assert PLAIN.encode() in on_disk(home)


def test_an_untagged_excerpt_waits_whole(home: Home, box: Sandbox) -> None:
    recorder = Recorder(home)
    recorder.fetch("a", page(f"{CLAIM} {PLAIN}"))
    sources = {"sample": source(storage="excerpt")}
    with Store.open(home) as store:
        load(home, store, sources, NOW, sandbox=box)
        assert apply_storage(home, store, sources) == 0
        tag(store)
        assert apply_storage(home, store, sources) == 1


def test_a_source_without_its_file_is_loaded_as_metadata_and_its_body_left(home: Home, box: Sandbox) -> None:
    recorder = Recorder(home)
    recorder.fetch("a", page(CLAIM))
    with Store.open(home) as store:
        report = load(home, store, {}, NOW, sandbox=box)
        assert store.con.execute("select text from version").fetchall() == [("",)]
    assert report.unconfigured == {"sample"}
    assert list(Path(home.raw / "bodies").rglob("*.zst"))
