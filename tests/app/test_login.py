"""Who decides: by a login where one is set up, else by a name that is asked once."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.app.browser import ARGS, CHROMIUM, Visit, need_browser, serving
from tests.app.pages import claim_of, one_page
from tests.app.provider import CLIENT, SECRET, provider
from warehouse.home import Home
from warehouse.people import People

AUTH = {"auth": {"redirect_uri": "http://127.0.0.1/oauth2callback", "cookie_secret": "x" * 40, "client_id": CLIENT,
                 "client_secret": SECRET, "server_metadata_url": "http://127.0.0.1/"}}  # fmt: skip


@pytest.fixture
def reviewing(shown: Home) -> Iterator[Home]:
    shown.people.unlink(missing_ok=True)
    yield shown
    for tail in ("", "-wal", "-shm"):
        shown.people.with_name(shown.people.name + tail).unlink(missing_ok=True)


def claim_page(home: Home, user: dict[str, Any] | None) -> AppTest:
    at = AppTest.from_function(one_page, args=("claim",), default_timeout=30)
    at.query_params["claim"] = claim_of(home, "14%")
    if user is not None:
        at.secrets = AUTH
        at.user = user
    return at.run()


def labels(at: AppTest) -> set[str]:
    return {one.label for one in at.button} | {one.label for one in at.text_input}


def test_without_a_login_the_name_is_asked_once(reviewing: Home) -> None:
    at = claim_page(reviewing, None)
    assert "Your name, as it will stand in the record" in labels(at)
    assert "Sign in to decide" not in labels(at)
    at.text_input(key="who_asked").set_value("Ann").run()
    assert "Your name, as it will stand in the record" not in labels(at)
    at.run()
    assert "Save" in labels(at)


def test_with_a_login_nobody_decides_before_signing_in(reviewing: Home) -> None:
    at = claim_page(reviewing, {"is_logged_in": False})
    assert "Sign in to decide" in labels(at)
    assert "Save" not in labels(at)
    assert "Your name, as it will stand in the record" not in labels(at)


@pytest.mark.parametrize(
    ("claims", "name"),
    [({"name": "Ann Example", "email": "ann@example.org"}, "Ann Example"),
     ({"email": "ann@example.org"}, "ann@example.org"), ({"name": " \n", "sub": "42"}, "42"),
     ({"name": "A" * 200}, "A" * 80)],
)  # fmt: skip
def test_the_login_says_who_decides(reviewing: Home, claims: dict[str, str], name: str) -> None:
    at = claim_page(reviewing, {"is_logged_in": True, **claims})
    at.selectbox(key="rv-kind").select("assertion")
    next(one for one in at.button if one.label == "Save").click().run()
    assert [one.by for one in People(reviewing.people).decisions()] == [name]


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_a_person_signs_in_at_a_provider_and_decides(reviewing: Home, tmp_path: Path) -> None:
    need_browser()
    from playwright.sync_api import sync_playwright

    claim = claim_of(reviewing, "14%")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with provider({"name": "Ann Example", "email": "ann@example.org"}) as issuer:
        secrets = tmp_path / "secrets.toml"
        secrets.write_text(
            f'[auth]\nredirect_uri = "http://127.0.0.1:{port}/oauth2callback"\ncookie_secret = "{"x" * 40}"\n'
            f'client_id = "{CLIENT}"\nclient_secret = "{SECRET}"\n'
            f'server_metadata_url = "{issuer}/.well-known/openid-configuration"\n'
        )
        with (
            serving(reviewing, port=port, options=["--secrets.files", str(secrets)]) as address,
            sync_playwright() as playwright,
        ):
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
            seen = Visit(browser.new_page(), address).go(f"/claim?claim={claim}")
            seen.page.get_by_role("button", name="Sign in to decide").click()
            seen.page.get_by_role("button", name="Sign in to decide").wait_for(state="detached")
            seen.go(f"/claim?claim={claim}")
            seen.page.get_by_text("You decide as Ann Example").wait_for()
            seen.settled()
            seen.choose("Kind (the machine says", "Assertion")
            seen.page.get_by_role("button", name="Save", exact=True).click()
            seen.page.get_by_text("Saved as no.").wait_for()
            browser.close()
    assert [(one.by, one.value) for one in People(reviewing.people).decisions(claim)] == [("Ann Example", "assertion")]
