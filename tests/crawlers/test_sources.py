"""Source files: what is right loads, what is wrong is told by file and key, and the shipped ones are held to more."""

from __future__ import annotations

import pytest

from crawlers.adapters import ADAPTERS
from crawlers.enrich import with_held
from crawlers.sources import SHIPPED, SOURCE_TYPES, SourceConfig, check_sources, load_sources, read_source
from tests.crawlers.adapting import NOW
from warehouse.errors import ConfigError
from warehouse.models import STORAGES

GOOD = "title: A feed\ntype: feed\nurl: https://a.example/feed\nlicence: OGL\nstorage: full\n"
SHIPPED_NAMES = sorted(path.stem for path in SHIPPED.glob("*.yml"))


def write(home, name: str, text: str):
    (home.sources / name).write_text(text, encoding="utf-8")


def test_every_type_has_an_adapter():
    assert set(SOURCE_TYPES) == set(ADAPTERS)


def test_at_least_fifteen_sources_are_shipped_and_all_load():
    assert len(load_sources(None)) == len(SHIPPED_NAMES) >= 15


@pytest.mark.parametrize("name", SHIPPED_NAMES)
def test_a_shipped_source_says_what_it_must_and_its_first_requests_can_be_built(name, monkeypatch):
    monkeypatch.setenv("OPENALEX_API_KEY", "x")
    monkeypatch.setenv("GUARDIAN_API_KEY", "x")
    source = load_sources(None)[name]
    assert source.origin == "shipped"
    assert source.publisher
    assert source.licence
    assert source.storage in STORAGES
    assert source.homepage
    assert source.unconfirmed, "nothing of it was checked against the live site, so the file has to say what"
    assert source.expected_max is not None
    assert (0 if source.held else 1) <= source.expected_min <= source.expected_max
    assert source.delay_s >= 0.5
    assert not source.allow_private
    (source,) = with_held([source], ["10.5555/abc"])
    requests = ADAPTERS[source.type].start(source, NOW)
    assert requests
    for request in requests:
        assert request.url.startswith("https://")
        assert " " not in request.url


def test_a_copyrighted_source_is_not_stored_in_full():
    for source in load_sources(None).values():
        assert not (source.licence.startswith("©") and source.storage == "full"), source.name


def test_the_homes_own_file_wins_and_is_marked(home):
    write(home, "nao.yml", GOOD.replace("A feed", "My own"))
    sources = load_sources(home)
    assert (sources["nao"].title, sources["nao"].origin) == ("My own", "home")
    assert sources["nao"].file.endswith("sources/nao.yml")
    assert sources["kings-fund"].origin == "shipped"
    assert list(sources) == sorted(sources)


WRONG = [
    # what the file holds, the key named, what the message must say
    (GOOD.replace("full", "ful"), "storage", "'ful' is not one of full, excerpt or metadata"),
    (GOOD.replace("type: feed", "type: rss"), "type", "'rss' is not one of feed, sitemap"),
    (GOOD.replace("licence: OGL\n", ""), "licence", "is missing"),
    (GOOD + "expected_mn: 3\n", "expected_mn", "did you mean expected_min?"),
    (GOOD + "delay_s: soon\n", "delay_s", "'soon'"),
    (GOOD + "delay_s: -1\n", "delay_s", "greater than or equal to 0"),
    (GOOD.replace("https://a.example/feed", "ftp://a.example"), "url", "starts with https://"),
    (GOOD + "urls: [https://b.example/x, nonsense]\n", "urls.1", "starts with https://"),
    (GOOD.replace("url: https://a.example/feed\n", ""), None, "type feed needs url or urls"),
    (GOOD + "query: x\n", None, "query: not read by type feed"),
    (GOOD + "expected_min: 9\nexpected_max: 3\n", None, "expected_max 3 is below expected_min 9"),
    (GOOD + "revisit: {first_h: 0}\n", "revisit.first_h", "greater than 0"),
    (GOOD + "revisit: {often: 1}\n", "revisit.often", "no such key"),
    (GOOD + "name: other\n", "name", "is not set in the file"),
    (GOOD + "since: someday\n", "since", "'someday'"),
    (GOOD + "title: Again\n", None, "line 6, column 1: the key 'title' stands here a second time"),
    ("title: [1, 2\ntype: feed\n", None, "line 2"),
    ("- a\n- list\n", None, "must be a list of `key: value` lines"),
    ("", None, "must be a list of `key: value` lines"),
    ("a: &x [1]\nb: *x\n", None, "line 2, column 4: aliases"),
    ("title: !!python/object/apply:os.system [echo]\n", None, "line 1"),
]


@pytest.mark.parametrize(("text", "key", "says"), WRONG, ids=[says[:30] for *_, says in WRONG])
def test_what_is_wrong_is_told_by_file_and_key(home, text, key, says):
    write(home, "mine.yml", text)
    problems = check_sources(home)
    assert [(problem.key, says in problem.message) for problem in problems] == [(key, True)]
    assert problems[0].file.endswith("sources/mine.yml")
    with pytest.raises(ConfigError, match=r"mine\.yml"):
        load_sources(home)


def test_all_that_is_wrong_is_told_at_once_and_the_rest_still_loads(home):
    write(home, "one.yml", GOOD.replace("full", "ful").replace("licence: OGL\n", ""))
    write(home, "two.yml", "{")
    assert [problem.key for problem in check_sources(home)] == ["licence", "storage", None]


def test_a_file_that_is_no_text_or_has_a_bad_name_is_told(home):
    (home.sources / "binary.yml").write_bytes(b"\xff\xfe\x00title")
    write(home, "Bad Name.yml", GOOD)
    assert ["named by its file" in str(problem) or "not UTF-8" in str(problem) for problem in check_sources(home)] == [
        True
    ] * 2


def test_a_source_survives_json_as_the_sandbox_hands_it_over(tmp_path):
    file = tmp_path / "mine.yml"
    file.write_text(GOOD + "since: 2026-01-02\nexclude: '/x/*'\n".replace("since: 2026-01-02\n", ""))
    source, problems = read_source(file)
    assert source is not None, problems
    for unset in (True, False):
        assert SourceConfig.model_validate(source.model_dump(mode="json", exclude_unset=unset)) == source


def test_the_documentation_names_every_type_and_key():
    from crawlers.sources import _SETTINGS

    page = (SHIPPED.parents[1] / "docs" / "sources.md").read_text(encoding="utf-8")
    rows = {line.split("`")[1]: line for line in page.splitlines() if line.startswith("| `")}
    for name, (needed, allowed) in _SETTINGS.items():
        cells = rows[name].split("|")
        assert [part.strip(" `") for part in cells[3].split(",")] == list(needed), name
        assert [part.strip(" `") for part in cells[4].split(",") if part.strip()] == list(allowed), name
    common = set(SourceConfig.model_fields) - {"name", "origin", "file"}
    assert not [key for key in common if f"`{key}`" not in page]
