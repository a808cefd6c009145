from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tests.warehouse.make import at, load, tag_all
from tests.warehouse.test_search import ENCODE, base, made  # noqa: F401
from warehouse.home import Home
from warehouse.publish import publish
from warehouse.serve import make_api
from warehouse.store import Store


@pytest.fixture
def client(made: Home) -> TestClient:  # noqa: F811
    return TestClient(make_api(made, ENCODE))


def test_the_api_answers_searches_claims_documents_and_changes(client: TestClient) -> None:
    found = client.get("/search", params={"q": "admissions", "kind": "finding", "mode": "words"}).json()
    assert found["total"] == 2
    hit = found["hits"][0]
    assert client.get(f"/claims/{hit['claim']}").json()["hit"]["quote"] == hit["quote"]
    assert client.get(f"/documents/{hit['document']}").json()["versions"]
    assert client.get("/changes", params={"kind": "figure_changed"}).json()[0]["kind"] == "figure_changed"
    assert b"<feed" in client.get("/changes.atom").content


def test_what_cannot_be_answered_is_a_status_with_a_message(client: TestClient, tmp_path: Path) -> None:
    unknown = client.get("/claims/nothing")
    assert unknown.status_code == 404, unknown.text
    assert client.get("/search", params={"mode": "guess"}).status_code == 400
    assert client.post("/search").status_code == 405
    nothing = TestClient(make_api(Home(tmp_path))).get("/search")
    assert nothing.status_code == 503
    assert "claimwatch demo" in nothing.json()["error"]


def test_the_api_follows_the_next_snapshot(home: Home) -> None:
    client = TestClient(make_api(home))
    for n in range(2):
        with Store.open(home) as store:
            load(store, {f"https://a.example/{n}": f"Admissions rose {n}."}, first_seq=1 + n)
            tag_all(store)
            publish(home, store, at(n), store.begin_run("test", at(n)))
        assert client.get("/search", params={"q": "admissions", "mode": "words"}).json()["total"] == n + 1
