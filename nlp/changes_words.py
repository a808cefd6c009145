"""Word-level differences inside a pair of sentences."""

from __future__ import annotations

import re

from rapidfuzz.distance import LCSseq

from nlp.align import normalise

_TOKEN = re.compile(r"\s+|[^\W_]+(?:[.,'’][^\W_]+)*|[^\w\s]|_")

Op = list[str]


def tokens(text: str) -> list[str]:
    """Return ``text`` cut into words, numbers, marks and blanks; joined, they are ``text`` again."""
    return _TOKEN.findall(text)


def word_diff(old: str, new: str) -> list[Op]:
    """Return what stays, goes and comes as ``["equal" | "delete" | "insert", text]``, in reading order.

    Equal and deleted parts joined are ``old``, equal and inserted ones ``new``, but for white space and typographic
    quotes, which count as equal. Swapping the arguments swaps delete and insert and nothing else.
    """
    if _order(old) > _order(new):
        return _tidy([[_MIRROR[op], text] for op, text in _diff(new, old)])
    return _tidy(_diff(old, new))


_MIRROR = {"equal": "equal", "delete": "insert", "insert": "delete"}


def _order(text: str) -> tuple[str, str]:
    return normalise(text), text


def _diff(old: str, new: str) -> list[Op]:
    left, right = tokens(old), tokens(new)
    ops: list[Op] = []
    for step in LCSseq.opcodes([_same(t) for t in left], [_same(t) for t in right]):
        gone, come = left[step.src_start : step.src_end], right[step.dest_start : step.dest_end]
        if step.tag == "equal":
            ops.append(["equal", "".join(gone)])
            continue
        ops += [[op, "".join(part)] for op, part in (("delete", gone), ("insert", come)) if part]
    return ops


def _same(token: str) -> str:
    return " " if token.isspace() else normalise(token) or token


def _tidy(ops: list[Op]) -> list[Op]:
    """Join what belongs together: a lone blank or mark between two changes is part of both; deletes stand first."""
    out: list[Op] = []
    gone = come = ""
    for n, (op, text) in enumerate(ops):
        inside = 0 < n < len(ops) - 1 and not any(c.isalnum() for c in text)
        if op == "equal" and not (inside and (gone or come)):
            out += _flush(gone, come)
            gone = come = ""
            out.append([op, text])
            continue
        gone += text if op != "insert" else ""
        come += text if op != "delete" else ""
    return out + _flush(gone, come)


def _flush(gone: str, come: str) -> list[Op]:
    return [[op, text] for op, text in (("delete", gone), ("insert", come)) if text]
