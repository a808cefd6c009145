"""HTML fragments to text, and keys that never leave by a wrong door."""

from __future__ import annotations

import time

import pytest

from crawlers.adapters.fragment import fragment_text
from crawlers.adapters.secrets import mask, reveal
from crawlers.errors import UnreadableError

FRAGMENTS = [
    (None, ""),
    ("plain words\nin two lines", "plain words in two lines"),
    ("<p>One</p><p>Two<br>lines</p>", "One\n\nTwo lines"),
    ("<h2>Head</h2>loose<p>Para</p>tail", "Head\n\nloose\n\nPara\n\ntail"),
    ("<ul><li>a</li><li>b <b>c</b></li></ul>", "- a\n- b c"),
    ("<table><tr><th>Year</th><th>Beds</th></tr><tr><td>2024</td><td>12</td></tr></table>", "Year | Beds\n2024 | 12"),
    ("<div><div><p>Deep</p></div>beside</div>", "Deep\n\nbeside"),
    ("<p>a<script>x()</script>b<style>p{}</style></p>", "ab"),
    ("Costs &lt; 5% &amp; falling", "Costs < 5% & falling"),
    ("<p>un<em>bro</em>ken</p>", "unbroken"),
    ("<span><p>block in a span</p></span>", "block in a span"),
    ("<p>unclosed <b>tags", "unclosed tags"),
    ("<!-- no --><p>yes</p>", "yes"),
]


@pytest.mark.parametrize(("markup", "text"), FRAGMENTS)
def test_fragments(markup, text):
    assert fragment_text(markup) == text


@pytest.mark.parametrize(
    "markup", ["<div>" * 50_000, "<p " + " ".join(f"a{n}=1" for n in range(50_000)) + ">", "<b>" + "x" * 4_000_001]
)
def test_hostile_fragments_are_refused_soon(markup):
    started = time.process_time()
    with pytest.raises(UnreadableError):
        fragment_text(markup)
    assert time.process_time() - started < 1


ADDRESS = "https://api.openalex.org/works?search=care&api_key=ENV.OPENALEX_API_KEY"


def test_a_key_is_filled_in_for_its_own_host_and_masked_again(monkeypatch):
    monkeypatch.setenv("OPENALEX_API_KEY", "a/secret&key")
    sent = reveal(ADDRESS)
    assert sent == "https://api.openalex.org/works?search=care&api_key=a%2Fsecret%26key"
    assert mask(sent) == ADDRESS == mask(ADDRESS)


LEAKS = [
    "https://evil.example/?api_key=ENV.OPENALEX_API_KEY",
    "http://api.openalex.org/works?api_key=ENV.OPENALEX_API_KEY",
    "https://api.openalex.org.evil.example/?api_key=ENV.OPENALEX_API_KEY",
    "https://api.openalex.org@evil.example/?api_key=ENV.OPENALEX_API_KEY",
    "https://api.openalex.org/works?search=ENV.OPENALEX_API_KEY",
    "https://api.openalex.org/works?api_key=ENV.HOME",
    "https://content.guardianapis.com/search?api-key=ENV.OPENALEX_API_KEY",
]


@pytest.mark.parametrize("url", LEAKS)
def test_no_other_address_gets_a_key(url, monkeypatch):
    monkeypatch.setenv("OPENALEX_API_KEY", "secret")
    monkeypatch.setenv("HOME", "/home/secret")
    assert reveal(url) == url


@pytest.mark.parametrize("name", ["api_key", "api-key", "apikey", "API_KEY", "key", "token", "access_token"])
def test_other_keys_are_hidden(name):
    assert mask(f"https://a.example/x?q=1&{name}=secret#f") == f"https://a.example/x?q=1&{name}=***#f"
    assert mask("https://a.example/x?monkey=1&keyword=2") == "https://a.example/x?monkey=1&keyword=2"
