"""Sample bodies in our own words, made by functions so that a test says what differs."""

from __future__ import annotations

import io
import zipfile

PARAGRAPHS = (
    "The two councils and the hospital trust signed a joint plan in April that puts community nurses and social "
    "workers in one team.",
    "Staff said that shared records still do not work across the county boundary, and that this costs each of "
    "them an hour a day.",
    "Emergency admissions of people over 75 fell by 6% in the first year, though the board does not claim the "
    "plan as the only cause.",
    "A review of the pooled budget is due before the winter, and its terms will be agreed at the next meeting "
    "in public.",
)


def page(
    *, title: str = "Joint teams in the county", paragraphs: tuple[str, ...] = PARAGRAPHS, head: str = "",
        top: str = "",
    bottom: str = "", lang: str = "en-GB",
) -> bytes:  # fmt: skip
    """Return a news page with the usual furniture around the paragraphs."""
    body = "\n".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return f"""<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{title} | The Care Ledger</title>
<meta property="og:site_name" content="The Care Ledger">{head}</head><body>
<header><nav><ul><li><a href="/">Home</a></li><li><a href="/news">News</a></li></ul></nav></header>
<main><article><h1>{title}</h1>{top}{body}{bottom}</article></main>
<footer><p>The Care Ledger is published by nobody in particular.</p></footer></body></html>""".encode()


def pdf(pages: list[list[tuple[float, float, float, str]]], info: str = "") -> bytes:
    """Return a PDF; a page is a list of (x, y, size, text) in points from the bottom left of 595 by 842."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    kids = []
    for lines in pages:
        stream = "".join(f"BT /F1 {size} Tf {x} {y} Td ({_escape(text)}) Tj ET\n" for x, y, size, text in lines).encode(
            "cp1252"
        )
        objects.append(b"<< /Length %d >>\nstream\n%sendstream" % (len(stream), stream))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> "
            b"/Contents %d 0 R >>" % len(objects)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(kids))
    if info:
        objects.append(f"<< {info} >>".encode("cp1252"))
    out, offsets = io.BytesIO(b"%PDF-1.4\n"), []
    out.seek(0, io.SEEK_END)
    for number, content in enumerate(objects, 1):
        offsets.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, content))
    start = out.tell()
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    trailer = b"/Info %d 0 R " % len(objects) if info else b""
    out.write(b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R %s>>\nstartxref\n%d\n%%%%EOF\n"
              % (len(objects) + 1, table, len(objects) + 1, trailer, start))  # fmt: skip
    return out.getvalue()


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def archive(members: dict[str, bytes]) -> bytes:
    """Return a zip archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members.items():
            file.writestr(name, data)
    return out.getvalue()


JATS = b"""<?xml version="1.0"?><!DOCTYPE article PUBLIC "-//NLM//DTD JATS (Z39.96) v1.2//EN" "JATS.dtd">
<article article-type="research-article" xml:lang="en" xmlns:xlink="http://www.w3.org/1999/xlink"><front>
<journal-meta><journal-title-group><journal-title>Journal of Joined Care</journal-title></journal-title-group>
</journal-meta>
<article-meta><article-id pub-id-type="doi">10.5555/jjc.2023.7</article-id><title-group>
<article-title>Co-located teams and <italic>admissions</italic></article-title></title-group><contrib-group>
<contrib contrib-type="author"><name><surname>Okafor</surname><given-names>Ada</given-names></name></contrib>
<contrib contrib-type="author"><name><surname>Price</surname><given-names>Rhys</given-names></name></contrib>
<contrib contrib-type="editor"><name><surname>Nobody</surname><given-names>N</given-names></name></contrib>
</contrib-group>
<pub-date pub-type="collection"><year>2022</year></pub-date>
<pub-date pub-type="epub"><day>9</day><month>3</month><year>2023</year></pub-date>
<permissions><license xlink:href="https://creativecommons.org/licenses/by/4.0/"><license-p>Open.</license-p></license>
</permissions><abstract><p>We followed 412 patients for a year.</p></abstract></article-meta></front><body><sec>
<title>Methods</title><p>Wards were matched <xref ref-type="bibr" rid="r1">1</xref> by size, as
<xref ref-type="bibr" rid="r2">Price 2019</xref> did.</p><list><list-item><p>First arm</p></list-item>
<list-item><p>Second arm</p></list-item></list></sec><sec><title>Results</title><p>Admissions fell by 6%.</p>
<table-wrap><table><tr><td>not text</td></tr></table></table-wrap></sec></body>
<back><ref-list><ref><mixed-citation>A cited work that is not our text.</mixed-citation></ref></ref-list></back>
</article>"""
