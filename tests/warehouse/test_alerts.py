"""Digests tell what is new once, keep hostile text as text, and reach a real mail server."""

from __future__ import annotations

import email
import email.policy
import re
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from warehouse.alerts import Digest, FigureChange, GonePage, NewClaim, SilentSource, Watched, digest, escape
from warehouse.alerts_mail import MailError, Smtp, message, send, smtp_settings
from warehouse.errors import ConfigError
from warehouse.exports.atom import write_feed

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
SEARCH = Watched("budgets", "pooled budgets")
CLAIM = NewClaim(
    "budgets", "t1", "Pooled budgets may cut delays.", "assertion", "A post", "Trust", "https://a.example/#x", NOW
)
FIGURE = FigureChange("budgets", "c1", "It will save £5m.", "It may save £4m.", "A plan", "https://a.example/p", NOW)
GONE = GonePage("d1", "Old page", "https://a.example/gone", NOW)
SILENT = SilentSource("nao", "National Audit Office", 4, NOW - timedelta(days=4))


def full(now: datetime = NOW) -> Digest:
    return digest([SEARCH], [CLAIM, CLAIM], [FIGURE], [GONE], [SILENT], now)


def test_each_section_says_what_happened_once() -> None:
    found = full()
    assert [(heading, len(entries)) for heading, entries in found.sections] == [
        ("New claims for “budgets”", 1), ("Figures changed in “budgets”", 1), ("Pages gone", 1), ("Silent sources", 1),
    ]  # fmt: skip
    page = found.markdown()
    for words in (
        "Pooled budgets may cut delays",
        "It will save £5m",
        "It may save £4m",
        "Old page",
        "Nothing came for 4 nights",
    ):
        assert words in page.replace("\\", "")


def test_a_search_whose_watch_was_taken_off_is_not_told() -> None:
    assert digest([], [CLAIM], [FIGURE], [], [], NOW).entries == ()


def test_nothing_new_is_said_so() -> None:
    empty = digest([SEARCH], [], [], [], [], NOW)
    assert "Nothing new." in empty.markdown()
    assert empty.subject == "Claimwatch: nothing new"


def test_an_alert_keeps_its_id_the_next_night_so_that_a_reader_shows_it_once() -> None:
    feeds = [write_feed("Alerts", "alerts", full(NOW + timedelta(days=n)).entries, NOW) for n in (0, 1)]
    assert feeds[0] == feeds[1]


@pytest.mark.parametrize(
    "hostile",
    [
        "[x](javascript:alert(1))",
        "<img src=x onerror=alert(1)>",
        "# heading",
        "![i](http://x)",
        "a\n\n---\n* b",
        "`code`",
        "&lt;b&gt;",
    ],
)
def test_text_from_outside_stays_text_in_markdown(hostile: str) -> None:
    claim = NewClaim("budgets", "t", hostile, "finding", hostile, hostile, "javascript:alert(1)", NOW)
    page = digest([SEARCH], [claim], [], [], [], NOW).markdown()
    assert not re.search(r"(?<!\\)[<`*_\[]", page.replace("# Claimwatch", "").replace("- ", ""))
    assert [line for line in page.splitlines() if line.startswith("#")] == [
        "# Claimwatch, 04 March 2026",
        page.splitlines()[2],
    ]
    assert escape(hostile).replace("\\", "") == " ".join(hostile.split())


@pytest.mark.parametrize(
    "text", ["It rose by 3.5%: the county's “plan” (2019), a 12-week trial!", "finding: 40 sites/areas"]
)
def test_ordinary_text_is_readable_as_it_stands(text: str) -> None:
    assert escape(text) == text


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("# head", r"\# head"), ("- item", r"\- item"), ("12. item", r"12\. item"), ("= =", r"\= ="),
        ("see http://a.example/x", r"see http\://a.example/x"), ("www.a.example", r"www\.a.example"),
        ("a@b.example", r"a\@b.example"), (":smile:", r"\:smile:"), ("> quote", r"\> quote"),
    ],
)  # fmt: skip
def test_what_markdown_would_read_is_escaped(text: str, escaped: str) -> None:
    assert escape(text) == escaped


class Postbox:
    """A real SMTP server's handler that keeps what it is given."""

    def __init__(self) -> None:
        self.got: list[Any] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.got.append(envelope)
        return "250 kept"


@pytest.fixture
def postbox() -> Iterator[tuple[Postbox, Smtp]]:
    box = Postbox()
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield box, Smtp("127.0.0.1", port, False, "from@example.org", ("a@example.org", "b@example.org"))
    finally:
        controller.stop()


def test_a_digest_reaches_a_real_mail_server(postbox: tuple[Postbox, Smtp]) -> None:
    box, smtp = postbox
    assert send(full(), smtp)
    [envelope] = box.got
    assert envelope.rcpt_tos == ["a@example.org", "b@example.org"]
    mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
    assert mail["Subject"].startswith("Claimwatch: New claims for “budgets” (1), Figures")
    said = mail.get_content().replace("\r\n", "\n")
    assert said == full().text()
    assert "\\" not in said


def test_nothing_new_sends_no_mail(postbox: tuple[Postbox, Smtp]) -> None:
    box, smtp = postbox
    assert not send(digest([], [], [], [], [], NOW), smtp)
    assert box.got == []


def test_a_server_that_is_not_there_is_named() -> None:
    with pytest.raises(MailError, match=r"127\.0\.0\.1:1:"):
        send(full(), Smtp("127.0.0.1", 1, False, "f@example.org", ("a@example.org",)))


def test_a_password_is_not_sent_in_the_clear(postbox: tuple[Postbox, Smtp], monkeypatch: pytest.MonkeyPatch) -> None:
    box, smtp = postbox
    monkeypatch.setattr("warehouse.alerts_mail.LOOPBACK", frozenset())
    with pytest.raises(MailError, match="no encryption"):
        send(full(), Smtp(smtp.host, smtp.port, False, smtp.sender, smtp.receivers, "user", "secret"))
    assert box.got == []


def test_a_search_named_with_line_breaks_adds_no_header() -> None:
    evil = Watched("x\r\nBcc: all@example.org", "q")
    claim = NewClaim(evil.name, "t", "q", "finding", "t", None, "https://a.example", NOW)
    mail = message(digest([evil], [claim], [], [], [], NOW), Smtp("h", 1, False, "f@example.org", ("a@example.org",)))
    assert mail["Bcc"] is None
    assert email.message_from_bytes(bytes(mail))["Bcc"] is None


ENV = {
    "CLAIMWATCH_SMTP_URL": "smtp://u%40x:p%3Aw@mail.example:2525",
    "CLAIMWATCH_SMTP_FROM": "f@x.org",
    "CLAIMWATCH_SMTP_TO": "a@x.org, b@x.org",
}


def test_settings_are_read_from_the_environment() -> None:
    assert smtp_settings({}) is None
    found = smtp_settings(ENV)
    assert found == Smtp("mail.example", 2525, False, "f@x.org", ("a@x.org", "b@x.org"), "u@x", "p:w")
    assert "p:w" not in repr(found)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CLAIMWATCH_SMTP_URL", "http://mail.example"),
        ("CLAIMWATCH_SMTP_URL", "smtp://mail.example:port"),
        ("CLAIMWATCH_SMTP_FROM", ""),
        ("CLAIMWATCH_SMTP_TO", "nobody"),
        ("CLAIMWATCH_SMTP_TO", "a@x.org\r\nBcc: c@x.org"),
    ],
)
def test_wrong_settings_are_named(name: str, value: str) -> None:
    with pytest.raises(ConfigError, match=name):
        smtp_settings(ENV | {name: value})
