"""What is said of a source from its runs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from crawlers.health import SILENT_RUNS, health

NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)


def rows(listed, *, source="nao", status="ok", fetched=1, message=None, failures=None, **more):
    """A run a night, the last one this night; lists give each night's own value."""

    def at(value, n):
        return value[n] if isinstance(value, list) else value

    first = NOW - timedelta(days=len(listed) - 1)
    return [
        {
            "run": n + 1, "source": source, "started": first + timedelta(days=n), "ended": first + timedelta(days=n),
            "listed": count, "fetched": at(fetched, n), "kept": at(fetched, n), "status": at(status, n),
            "message": at(message, n), "failures": failures, **more,
        }
        for n, count in enumerate(listed)
    ]  # fmt: skip


def test_a_source_that_is_well_says_so():
    [line] = health(rows([10] * 14), NOW)
    assert (line.trend, line.wrong, line.documents, line.silent_runs) == ("steady", None, 14, 0)
    assert line.last_success == "2026-11-24T06:00Z"


def test_documents_are_those_the_base_holds_where_it_says():
    assert health(rows([10], documents=321), NOW)[0].documents == 321


def test_trends():
    cases = {"new": [9] * 13, "rising": [10] * 7 + [16] * 7, "falling": [10] * 7 + [4] * 7, "steady": [0] * 14}
    assert {trend: health(rows(listed), NOW)[0].trend for trend, listed in cases.items()} == {t: t for t in cases}


def test_a_failing_source_says_why_how_long_and_when_it_last_worked():
    status = ["ok", "failed", "failed"]
    [line] = health(rows([5, 0, 0], status=status, message=[None, "x", "blocked: http_403"]), NOW)
    assert line.wrong == "blocked: http_403; failed 2 runs in a row"
    assert line.last_success == "2026-11-22T06:00Z"


def test_a_source_that_never_worked():
    [line] = health(rows([0], status="failed", failures='{"timeout": 3}'), NOW)
    assert (line.last_success, line.wrong) == (None, "timeout ×3")


def test_a_source_that_lists_the_same_old_things_is_silent():
    assert health(rows([10] * (SILENT_RUNS - 1), fetched=0), NOW)[0].wrong is None
    [line] = health(rows([10] * SILENT_RUNS, fetched=0), NOW)
    assert line.wrong == f"nothing new in {SILENT_RUNS} runs"


def test_a_source_that_nobody_crawls_any_more():
    [line] = health(rows([10, 10]), NOW + timedelta(days=4))
    assert line.wrong == "not crawled since 2026-11-24"


def test_times_come_as_text_or_without_zone_and_the_order_is_any():
    found = [{**row, "ended": row["ended"].replace(tzinfo=None).isoformat()} for row in rows([1, 2, 3])]
    assert health(reversed(found), NOW) == health(rows([1, 2, 3]), NOW)


def test_what_is_wrong_comes_first():
    found = health([*rows([1], source="a"), *rows([1], source="b", status="warning", message="short")], NOW)
    assert [line.source for line in found] == ["b", "a"]
