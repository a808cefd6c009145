"""Add: one page or file by hand. The page runs ``claimwatch add`` in a process of its own, under the run's lock."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import streamlit as st

from crawlers.extract.sniff import PDF_HEADER_WITHIN
from views.parts import go_link, lead
from views.safe import clean, label
from views.state import home
from warehouse.errors import BELOW_EXPECTED, BUSY, DONE, WARNINGS
from warehouse.exports.text import is_web

CLI = Path(__file__).parent.parent / "cli.py"
TIMEOUT_S = 300
MAX_BYTES = 10_000_000
KINDS = {"pdf": b"%PDF-", "docx": b"PK\x03\x04", "html": None, "htm": None, "txt": None, "md": None, "xml": None}
STORAGE = {
    "full": "Its whole text (it is open, or yours)", "excerpt": "Quotes of its claims", "metadata": "Title and date",
}  # fmt: skip


def page() -> None:
    """Show the form, and run the command once it is sent."""
    st.title("Add a page")
    lead(
        "Put one page, PDF or Word file into the base: it is fetched, tagged and published now, and watched each night."
    )
    if home().is_demo:
        st.info("This is the demonstration base, which is wiped at each `claimwatch demo`: add pages to your own.")
    with st.form("add"):
        url = st.text_input("Address", placeholder="https://www.example.org/report", max_chars=2_000)
        file = st.file_uploader("or a file of up to 10 MB", type=list(KINDS))
        licence = st.text_input("Its licence, if you know it", value="not stated", max_chars=200)
        storage = st.selectbox("What may be kept", list(STORAGE), format_func=STORAGE.__getitem__)
        sent = st.form_submit_button("Add it")
    if not sent:
        return
    if file is not None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / safe_name(file.name)
            path.write_bytes(file.getvalue())
            if problem := wrong(path, file.getvalue()):
                st.error(label(problem, 300))
            else:
                _add(str(path), licence, storage)
    elif is_web(url.strip()):
        _add(url.strip(), licence, storage)
    else:
        st.error("Give an address that starts with http:// or https://, or a file.")


def safe_name(name: str) -> str:
    """Return a file's name without what could make it a path or an option."""
    kept = "".join(c if c.isalnum() or c in "-_. " else "_" for c in clean(Path(name).name)).lstrip("-. ")
    return kept[-100:] or "file.txt"


def wrong(path: Path, body: bytes) -> str | None:
    """Say what is wrong with a file before anything reads it, or None."""
    suffix = path.suffix.lower().lstrip(".")
    if suffix not in KINDS:
        return f"{path.name}: not a kind that is read here; choose from {', '.join(KINDS)}"
    if not body:
        return f"{path.name}: the file is empty"
    if len(body) > MAX_BYTES:
        return f"{path.name}: larger than 10 MB; `claimwatch add` takes it on the command line"
    begins = KINDS[suffix]
    first = body[:PDF_HEADER_WITHIN] if suffix == "pdf" else body[: len(begins or b"")]
    return f"{path.name}: not the {suffix.upper()} file that its name says" if begins and begins not in first else None


def _add(what: str, licence: str, storage: str) -> None:
    command = [sys.executable, str(CLI), "--home", str(home().root), "add", "--licence", licence or "not stated",
               "--storage", storage, "--", what]  # fmt: skip
    with st.spinner("Fetching, tagging and publishing …", show_time=True):
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
        except subprocess.TimeoutExpired:
            st.error("It took more than five minutes and was stopped. The nightly run will try again.")
            return
    said = (done.stderr.strip() or done.stdout.strip())[-1_500:]
    if done.returncode == DONE:
        st.success(label(f"Added. {said}", 1_500), icon=":material/check:")
        go_link("search", "Search the claims")
    elif done.returncode in (WARNINGS, BELOW_EXPECTED):
        st.warning(label(f"It ran, but not as it should: {said}", 1_500))
        go_link("search", "Search the claims")
    elif done.returncode == BUSY:
        st.warning("Another run is going on. Try again when it has ended.")
    else:
        st.error(label(said or "It could not be added.", 1_500))
