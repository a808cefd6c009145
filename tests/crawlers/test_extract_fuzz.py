"""Damaged bodies: cut, flipped, doubled. The answer is a Document or an UnreadableError, and nothing else."""

from __future__ import annotations

import contextlib
import random

import pytest

from crawlers.errors import UnreadableError
from crawlers.extract import extract
from tests.crawlers.pages import JATS, page, pdf
from tests.crawlers.test_extract_comments import BELOW
from tests.crawlers.test_extract_revisions import NEWSDIFFS, SNIFFER
from tests.crawlers.test_extract_types import word_file

BODIES = {
    "page": page(bottom=BELOW, head='<script type="application/ld+json">{"@type": "Article"}</script>'),
    "tracker": SNIFFER.encode(), "marked": NEWSDIFFS.encode(), "jats": JATS, "word": word_file(),
    "pdf": pdf([[(72, 700, 12, "Some words that stand here."), (300, 700, 12, "and there.")]] * 3, "/Title (A plan)"),
    "markdown": b"---\ntitle: A\ndate: 2024-03-05\n---\n\n# A title\n\n- item\n", "nothing": b"\x00\xff\xfe<",
}  # fmt: skip
ROUNDS = 40


def damaged(body: bytes, chance: random.Random) -> bytes:
    data = bytearray(body)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(data) + 1)
        match chance.randrange(5):
            case 0:
                del data[at:]
            case 1:
                del data[at : at + chance.randint(1, 40)]
            case 2:
                data[at:at] = data[at : at + chance.randint(1, 200)] * chance.randint(1, 5)
            case 3:
                data[at:at] = bytes(chance.randrange(256) for _ in range(chance.randint(1, 8)))
            case _:
                data[at:at] = chance.choice(
                    [b"<", b">", b"\x00", b"</p>", b"<table>", b"\xff", b"&#x110000;", b"'", b'"']
                )
    return bytes(data)


@pytest.mark.parametrize("name", list(BODIES))
def test_damage_is_answered(name: str) -> None:
    chance = random.Random(name)
    declared = [None, "text/html", "text/plain; charset=x"]
    for _ in range(ROUNDS):
        body = damaged(BODIES[name], chance)
        with contextlib.suppress(UnreadableError):
            document = extract(body, f"https://x.example/{name}", chance.choice(declared), comments=True)
            assert all(0 <= a <= b <= len(document.text) for a, b in document.pages or ())
