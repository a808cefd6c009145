"""What the pages share: the base in force, people's decisions, who is asking, and the encoder once it is loaded."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import Any

import streamlit as st

from views.safe import clean, label
from warehouse import snapshots
from warehouse.errors import ClaimwatchError
from warehouse.home import Home, find_home
from warehouse.people import NAME_MAX_CHARS, Overlay, People
from warehouse.queries import Base, open_base

STALE_AFTER_H = 48


def home() -> Home:
    """Return the home that this app shows."""
    return find_home()


def base() -> Base:
    """Return the base in force; a newly published snapshot is picked up by the next click."""
    here = home()
    return _opened(str(here.root), snapshots.current(here).name)


@st.cache_resource(max_entries=3, show_spinner="Opening the base …", on_release=lambda found: found.close())
def _opened(root: str, snapshot: str) -> Base:
    return open_base(Home(Path(root)))


def retracted() -> frozenset[str]:
    """Return the documents that are said to be retracted: asked once of each snapshot, not of every card."""
    here = home()
    return _retracted(str(here.root), snapshots.current(here).name)


@st.cache_resource(max_entries=3, show_spinner=False)
def _retracted(root: str, snapshot: str) -> frozenset[str]:
    return _opened(root, snapshot).retracted()


def people() -> People:
    """Return the store of people's decisions."""
    return People(home().people)


def overlay() -> Mapping[str, Overlay]:
    """Return what people say, by claim or document."""
    return people().overlay() if home().people.exists() else {}


def now() -> datetime:
    """Return the time, UTC, to the second: the only clock of the app."""
    return datetime.now(UTC).replace(microsecond=0)


def who() -> str | None:
    """Return who is deciding: by the login where one is set up, else the name given once in this session."""
    if has_login():
        return _by_login() if st.user.get("is_logged_in") else None
    name = st.session_state.get("who", "")
    return name.strip() or None


def _by_login() -> str | None:
    """Return the name that the login gives, else the e-mail address, as it will stand in the record."""
    said = (clean(str(st.user.get(claim) or "")).strip()[:NAME_MAX_CHARS] for claim in ("name", "email", "sub"))
    return next((" ".join(name.split()) for name in said if name), None)


def has_login() -> bool:
    """Whether whoever runs the app has set up a login (``[auth]`` in secrets.toml)."""
    try:
        return "auth" in st.secrets
    except FileNotFoundError:
        return False


def ask_who() -> str | None:
    """Ask for a name once a session (or for the login), and return it."""
    if has_login():
        if who() is None:
            st.button("Sign in to decide", on_click=st.login, icon=":material/login:")
        else:
            st.button("Sign out", on_click=st.logout, type="tertiary")
        return who()
    if who() is None:
        name = st.text_input("Your name, as it will stand in the record", max_chars=80, key="who_asked")
        if name.strip():
            st.session_state["who"] = name.strip()
            st.rerun()
    return who()


class Loading:
    """An encoder that loads in the background, so that no page waits for it."""

    def __init__(self) -> None:
        self.encode: Callable[..., Any] | None = None
        self.failed: str | None = None
        self._thread = threading.Thread(target=self._load, daemon=True)
        self._thread.start()

    def _load(self) -> None:
        try:
            from nlp.embed import Encoder

            encoder = Encoder()
            encoder.encode(["ready"])
            self.encode = encoder.encode
        except (ClaimwatchError, ImportError, OSError, RuntimeError) as error:
            self.failed = str(error)


@st.cache_resource(show_spinner=False)
def encoder() -> Loading:
    """Return the one encoder of this app, loading since the first search by meaning."""
    return Loading()


def shows_errors(page: Callable[[], None]) -> Callable[[], None]:
    """Make a page show what went wrong as a message that says how to mend it; never a traceback."""

    @wraps(page)
    def shown() -> None:
        try:
            page()
        except ClaimwatchError as error:
            st.error(label(str(error), 2_000), icon=":material/error:")

    return shown
