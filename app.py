"""The app: ``claimwatch app``, or ``streamlit run app.py`` with CLAIMWATCH_HOME set."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import streamlit as st

from views import words
from views.pages import menu
from views.safe import label, put, style, tag
from views.state import STALE_AFTER_H, base, home, now
from warehouse.errors import ClaimwatchError
from warehouse.exports.about import DEMO_NOTE

LOGO = Path(__file__).parent / "views" / "logo.svg"
ICON = LOGO.with_name("mark.svg")  # a material icon here would be fetched from elsewhere


def main() -> None:
    """Show the page that the address names, under what holds for every page."""
    st.set_page_config(page_title="Claimwatch", page_icon=ICON, layout="wide")
    style()
    st.logo(LOGO, size="large")
    page = st.navigation(menu(), position="top")
    try:
        found = base()
    except ClaimwatchError as error:
        st.title("Claimwatch")
        st.error(label(str(error), 2_000), icon=":material/database_off:")
        st.code("claimwatch demo\nclaimwatch nightly --contact you@example.org", language="shell")
        return
    if home().is_demo:
        put(tag("p", tag("strong", DEMO_NOTE.partition(": ")[0]), ": ", DEMO_NOTE.partition(": ")[2], cls="cw-demo"))
    elif now() - found.snapshot.published_at > timedelta(hours=STALE_AFTER_H):
        st.warning(f"The data are of {words.time(found.snapshot.published_at)}: no run has published since.")
    page.run()


main()
