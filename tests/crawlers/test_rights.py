"""tdmrep.json as the TDM Reservation Protocol has it: what each file says of an address."""

from __future__ import annotations

import json
from typing import Any

import pytest

from crawlers.rights import MAX_BYTES, MAX_RULES, read_rules, stated

POLICY = "https://example.org/policy.json"
ALL = {"location": "/", "tdm-reservation": 1}
CASES: list[tuple[str, Any, str, str | None]] = [  # note, rules, path, reservation
    ("the whole site", [ALL], "/reports/a", "1"),
    ("a folder", [{"location": "/reports/", "tdm-reservation": 1}], "/reports/a", "1"),
    ("another folder", [{"location": "/reports/", "tdm-reservation": 1}], "/news/a", None),
    ("the first that matches", [{"location": "/news/", "tdm-reservation": 0}, ALL], "/news/a", "0"),
    ("a sign for anything", [{"location": "/*/images/*.jpg", "tdm-reservation": 1}], "/a/images/b.jpg", "1"),
    ("an end", [{"location": "/a$", "tdm-reservation": 1}], "/a/b", None),
    ("an end that is there", [{"location": "/*.pdf$", "tdm-reservation": 1}], "/a/b.pdf", "1"),
    ("a number as text", [{"location": "/", "tdm-reservation": "1"}], "/", "1"),
    ("percent signs", [{"location": "/caf%C3%A9", "tdm-reservation": 1}], "/café/a", "1"),
    ("a value that is none", [{"location": "/", "tdm-reservation": 2}], "/a", None),
    ("no location", [{"tdm-reservation": 1}], "/a", None),
    ("an object, not a list", ALL, "/a", None),
    ("entries that are no objects", ["x", None, ALL], "/a", "1"),
]


@pytest.mark.parametrize(("rules", "path", "said"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_what_a_file_says(rules: Any, path: str, said: str | None) -> None:
    found = stated(read_rules(json.dumps(rules).encode()), f"https://example.org{path}")
    assert found.get("tdm-reservation") == said


def test_a_policy_comes_along_and_where_it_was_said() -> None:
    rules = read_rules(json.dumps([{**ALL, "tdm-policy": POLICY}]).encode())
    said = {"tdm-reservation": "1", "tdm-policy": POLICY, "tdm-from": "/.well-known/tdmrep.json"}
    assert stated(rules, "https://example.org/a") == said


@pytest.mark.parametrize(
    "body", [b"", b"<html>not found</html>", b"\xff\xfe\x00", b"[" * 60_000, b" " * MAX_BYTES + b"[]"]
)
def test_a_file_in_error_says_nothing(body: bytes) -> None:
    assert read_rules(body) == ()


def test_rules_without_end_are_cut() -> None:
    assert len(read_rules(json.dumps([ALL] * (MAX_RULES + 9)).encode())) == MAX_RULES
