"""Each guard in turn is switched off, and the test that holds it must fail: a guard that no test misses is none.

Each runs in a pytest of its own, with ``switched_off`` as a plugin. A test that cannot be collected, or breaks in its
setup, is no proof and fails here.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.crawlers.switched_off import VARIABLE

ROOT = Path(__file__).parents[2]
HUGE = 10**9
FAULT = "test_faults.py::test_a_fault_is_recorded_with_its_reason_and_nothing_is_kept"
NIGHTS = "test_faults_nights.py::test_"
LOOSE = {"html_bytes": 96 << 20, "max_bytes": 96 << 20}
DECODING = "crawlers.middlewares.decoding."


def fault(mode: str, **off: Any) -> tuple[str, dict[str, Any]]:
    """The test of one mode of the bad night, with that mode alone on the server."""
    return f"{FAULT}[{mode}]", {"only": [mode], "play": {}, **off}


def limits(**values: Any) -> dict[str, Any]:
    """Limits of the crawl process; a dot in a name is written as two underscores."""
    return {"play": {"limits": {f"crawlers.{name.replace('__', '.')}": value for name, value in values.items()}}}


# Which guard, the test that holds it, and what switches it off.
GUARDS: list[tuple[str, str, dict[str, Any]]] = [
    ("A1", *fault("a1-slow-headers", options={"timeout_s": 60})),
    ("A2", *fault("a2-slow-body", options={"timeout_s": 60})),
    ("A3", *fault("a3-long", options=LOOSE)),
    ("A3 memory", "test_faults.py::test_a7_bombs_and_endless_bodies_and_headers_cost_little_memory",
     {"only": ["a3-endless"], "options": {"html_bytes": 2 << 30, "max_bytes": 2 << 30, "timeout_s": 60}}),
    ("A4", *fault("a4-short", play={"scrapy": {"DOWNLOAD_FAIL_ON_DATALOSS": False}})),
    ("A5", *fault("a5-cut-gzip", options={"check_truncation": False})),
    ("A6", *fault("a6-no-gzip", play={"off": ["encoding-errors"]})),
    ("A7 gzip", *fault("a7-gzip", options=LOOSE)),
    ("A7 deflate", *fault("a7-deflate", options=LOOSE)),
    ("A7 br", *fault("a7-br", options=LOOSE)),
    ("A7 zstd", *fault("a7-zstd", options=LOOSE)),
    ("A7 layers", *fault("a7-nested", options=LOOSE, play={"limits": {DECODING + "MAX_LAYERS": 9}})),
    ("A8", "test_faults.py::test_a8_a_chain_of_redirects_is_recorded_once_with_its_hops",
     {"only": ["a8-chain"], "options": {"max_redirects": 12}}),
    ("A9", *fault("a9-file", play={"off": ["schemes"], "scrapy": {
        "DOWNLOAD_HANDLERS": {"file": "scrapy.core.downloader.handlers.file.FileDownloadHandler"}}})),
    ("A10 addresses", "test_guard.py::test_the_trap_sees_no_connection", {"play": {"off": ["check"]}}),
    ("A10 ports", *fault("a10-port", **limits(guard__NEVER_PORTS=[]))),
    ("A11", "test_guard.py::test_the_trap_sees_no_connection", {"play": {"off": ["pins"]}}),
    ("A12", f"{NIGHTS}a12_retry_after_is_honoured_over_a_restart", {"play": {"off": ["retry-after"]}}),
    ("A12 cap", f"{NIGHTS}a12_ten_years_are_a_day", limits(schedule__HOST_CAP_S=1e12, frontier__HOST_CAP_S=1e12)),
    ("A13", f"{NIGHTS}a13_a_host_that_fails_five_times_is_left_alone", limits(schedule__BREAK_AFTER=HUGE)),
    ("A14 soft 404", "test_load.py::test_a14_a_page_like_the_hosts_not_found_page_is_suspect",
     {"set": {"crawlers.soft404.ALIKE": 101}}),
    ("A14 walls", "test_extract_html.py::test_a14_walls_are_suspect", {"off": ["suspicion"]}),
    ("A15", *fault("robots-503", play={"off": ["unreachable"]})),
    ("A15 no answer", *fault("robots-slow", play={"off": ["unreachable"]})),
    ("A15 cut", "test_faults.py::test_a15_a_robots_file_without_end_is_cut_and_obeyed[robots-big]",
     {"only": ["robots-big"], "play": {"limits": {
         "crawlers.robots.MAX_BYTES": HUGE, "crawlers.middlewares.robots.MAX_BYTES": HUGE}}}),
    ("A16", f"{NIGHTS}a16_queued_pages_are_dropped_when_robots_changes", {"play": {"off": ["read-anew"]}}),
    ("A17 charset", "test_extract_charset.py::test_a17_decoding", {"off": ["detection"]}),
    ("A17 garbled", "test_extract_charset.py::test_a17_garbled_text_is_suspect",
     {"set": {"crawlers.extract.charset.MAX_REPLACED": 1.0}}),
    ("A18 endless", "test_faults.py::test_a18_an_address_that_looks_endless_is_not_asked_for[a18-three]",
     {"only": ["a18-three"], "options": {"refuse_traps": False}}),
    ("A18 budget", f"{NIGHTS}a18_a_trap_costs_its_budget_and_other_hosts_finish", {"options": {"site_budget": HUGE}}),
    ("A19 head", *fault("a19-much", options={"header_bytes": HUGE})),
    ("A19 kept", "test_faults.py::test_a19_a_long_header_is_kept_in_part",
     {"only": ["a19-link"], **limits(taken__MAX_HEADER_CHARS=HUGE)}),
    ("A19 cookies", f"{NIGHTS}a19_cookies_are_not_sent_back_and_the_agent_says_who_asks",
     {"play": {"scrapy": {"COOKIES_ENABLED": True, "DOWNLOADER_MIDDLEWARES": {
         "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": 700}}}}),
    ("A20", "test_faults.py::test_a20_a_certificate_that_nobody_vouches_for_is_refused",
     {"only": ["fine"], "options": {"verify_tls": False}}),
    ("A22", f"{NIGHTS}a22_six_spellings_are_one_page_and_its_aliases_are_noted", {"play": {"off": ["one-spelling"]}}),
    ("A23 hash", "test_load.py::test_a_date_in_the_footer_makes_no_version", {"off": ["text-hash"]}),
    ("A23 cleaning", "test_extract_html.py::test_a23_a_page_that_changes_only_in_its_furniture_reads_the_same",
     {"off": ["noise"]}),
    ("A24 304", *fault("a24-304", play={"off": ["not-modified"]})),
    ("A24 empty", *fault("a24-empty", **limits(taken__MIN_BODY_BYTES=0))),
    ("B1", "test_extract_guards.py::test_b1_attributes_are_refused_in_half_a_second",
     {"set": {"crawlers.extract.prescan.MAX_ATTRIBUTES": HUGE}}),
    ("B2", "test_extract_guards.py::test_b2_nesting_is_refused", {"set": {"crawlers.extract.prescan.MAX_DEPTH": HUGE}}),
    ("B3", "test_extract_guards.py::test_b3_tags_by_the_hundred_thousand_are_refused",
     {"set": {"crawlers.extract.prescan.MAX_TAGS": HUGE}}),
    ("B3 time", "test_sandbox.py::test_a_body_past_its_time_is_killed_and_the_run_goes_on", {"off": ["child-limits"]}),
    ("B3 memory", "test_sandbox.py::test_a_body_past_its_memory_is_a_failure_and_the_run_goes_on",
     {"off": ["child-limits"]}),
    ("B4", "test_extract_guards.py::test_b4_spans_are_capped", {"set": {"crawlers.extract.prescan.MAX_SPAN": 1 << 60}}),
    ("B5", "test_extract_guards.py::test_b5_a_word_without_end_is_suspect",
     {"set": {"crawlers.extract.plain.MAX_WORD": HUGE}}),
    ("B7", "test_extract_guards.py::test_b7_entities_are_refused", {"off": ["entities"]}),
    ("B7 in articles and Word files", "test_extract_guards.py::test_b7_in_jats_and_word_files", {"off": ["entities"]}),
    ("B8 visited", "test_adapter_sitemap.py::test_an_index_that_names_itself_ends", {"off": ["visited"]}),
    ("B8 levels", "test_adapter_sitemap.py::test_an_index_deeper_than_two_levels_warns",
     {"set": {"crawlers.adapters.sitemap.MAX_DEPTH": HUGE}}),
    ("B8 addresses", "test_adapter_sitemap.py::test_more_addresses_than_the_standard_allows_are_cut_and_told",
     {"set": {"crawlers.adapters.sitemap.MAX_ADDRESSES": HUGE}}),
    ("B8 packed", "test_adapter_sitemap.py::test_unpacking_stops_at_the_cap_and_not_after_it", {"off": ["unpacking"]}),
    ("B8 listing's time", "test_sandbox.py::test_a_listing_past_its_time_is_killed_and_the_next_one_is_read",
     {"off": ["child-limits"]}),
    ("B9 pages", "test_extract_guards.py::test_b9_a_pdf_of_too_many_pages_is_refused_before_they_are_read",
     {"set": {"crawlers.extract.pdf.MAX_PAGES": HUGE}}),
    ("B9 time", "test_sandbox.py::test_b9_a_pdf_that_unpacks_without_end_is_killed_and_the_run_goes_on",
     {"off": ["child-limits"]}),
    ("B10", "test_extract_types.py::test_b10_the_first_bytes_decide", {"off": ["sniffing"]}),
    ("B11 ratio", "test_extract_guards.py::test_b11_a_bomb_is_refused_by_its_directory",
     {"set": {"crawlers.archives.MAX_RATIO": HUGE}}),
    ("B11 names", "test_extract_guards.py::test_b11_names_that_lead_out_are_refused", {"off": ["leads-out"]}),
    ("B12 passages", "test_extract_guards_off.py::test_b12_a_text_without_any_sentence_is_split_all_the_same",
     {"set": {"nlp.passages.MAX_PASSAGE_CHARS": HUGE}}),
    ("B12 cap", "test_extract_guards_off.py::test_b12_a_text_over_the_cap_is_refused",
     {"set": {"crawlers.extract.MAX_TEXT_CHARS": HUGE}}),
    ("B16", "test_load.py::test_b16_nothing_of_commenters_reaches_the_store", {"off": ["child", "redaction"]}),
    ("B16 text", "test_extract_contacts.py::test_b16_nothing_planted_in_a_text_is_in_the_database",
     {"off": ["crossing-out"]}),
    ("B17 headers", f"{NIGHTS}b17_rights_that_headers_state_are_kept_with_the_fetch",
     limits(taken__KEPT_HEADERS=["content-type"])),
    ("B17 file", f"{NIGHTS}b17_rights_that_a_site_states_in_its_file_are_kept_with_the_fetch",
     {"options": {"ask_rights": False}}),
    ("B17 pages", "test_extract_metadata.py::test_b17_reservation_and_robots_are_kept",
     {"set": {"crawlers.extract.metadata._RIGHTS": []}}),
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("test", "off"), [row[1:] for row in GUARDS], ids=[row[0] for row in GUARDS])
def test_the_test_of_a_guard_fails_where_the_guard_is_off(test: str, off: dict[str, Any]) -> None:
    command = [sys.executable, "-m", "pytest", f"tests/crawlers/{test}", "-p", "tests.crawlers.switched_off", "-q",
               "-p", "no:cacheprovider", "-x", "--timeout", "110"]  # fmt: skip
    env = {**os.environ, VARIABLE: json.dumps(off), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    told = f"{done.stdout[-3000:]}\n{done.stderr[-1000:]}"
    assert done.returncode == 1, told
    assert re.search(r"^1 failed", done.stdout.splitlines()[-1]), told
