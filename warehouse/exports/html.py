"""A web page that stands alone: the table, About and Codebook; no script, every word of the outside escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import IO

from warehouse.exports.about import codebook
from warehouse.exports.columns import Column
from warehouse.exports.people import made_by
from warehouse.exports.table import Row, Table
from warehouse.exports.text import as_text, is_web

HEAD = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Evidence table</title><style>
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { margin: 2rem; } h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
.wide { overflow-x: auto; } table { border-collapse: collapse; }
th, td { border: 1px solid #8a8f98; padding: .4rem .6rem; text-align: left; vertical-align: top; min-width: 6rem; }
th { position: sticky; top: 0; background: Canvas; } td.long { min-width: 24rem; white-space: pre-line; }
td.machine { font-style: italic; } td.person { font-weight: bold; }
</style></head><body><h1>Evidence table</h1>
"""


def write_html(table: Table, out: IO[bytes]) -> None:
    """Write the page, a row at a time."""

    def put(text: str) -> None:
        out.write(text.encode("utf-8"))

    put(HEAD)
    put('<div class="wide" tabindex="0" role="region" aria-label="Evidence"><table><thead><tr>')
    put("".join(f'<th scope="col">{escape(column.title)}</th>' for column in table.columns))
    put("</tr></thead><tbody>\n")
    for row in table.rows():
        put("<tr>" + "".join(_cell(column, row) for column in table.columns) + "</tr>\n")
    put("</tbody></table></div>\n<h2>About this table</h2>")
    put(_plain(("What", "Value"), table.about.lines()))
    put("<h2>Codebook</h2>")
    put(_plain(("Name", "Title", "Who fills it", "Definition"), codebook(table.columns, table.about.codes)))
    put("</body></html>\n")


def _cell(column: Column, row: Row) -> str:
    text = as_text(row.get(column.name))
    if column.shape == "link" and is_web(text):
        return f'<td><a rel="noopener noreferrer" href="{escape(text)}">{escape(text)}</a></td>'
    kind = f"{'long' if column.shape in ('long', 'map') else 'short'} {made_by(row, column.name)}".rstrip()
    return f'<td class="{kind}">{escape(text)}</td>'


def _plain(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    head = "".join(f'<th scope="col">{escape(one)}</th>' for one in heads)
    body = "".join("<tr>" + "".join(f"<td>{escape(as_text(v))}</td>" for v in row) + "</tr>" for row in rows)
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>\n'
