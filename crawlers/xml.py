"""The one way XML from outside is parsed: no entities, no network, no DTD, bounded depth.

lxml's ``recover=True`` hides a refused entity bomb, so it is used only after the declarations were looked at.
Sources: OWASP XML External Entity prevention; lxml FAQ on untrusted input.
"""

from __future__ import annotations

import re

from lxml import etree

from crawlers.errors import UnreadableError
from crawlers.extract.prescan import check_attributes

MAX_BYTES = 64 << 20
_PROLOG = 64 << 10  # declarations stand before the root element
_ENTITY = re.compile(rb"<!ENTITY\b", re.IGNORECASE)
_WIDE = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


def parse_xml(data: bytes, *, recover: bool = False, max_bytes: int = MAX_BYTES) -> etree._Element:
    """Return the root of ``data``.

    A harmless DOCTYPE is allowed, an entity definition is not (billion laughs, external entities). With ``recover``
    broken markup is mended as far as it goes. Raises UnreadableError ("entities", "too large", "broken").
    """
    if len(data) > max_bytes:
        raise UnreadableError("too large", f"{len(data):,} bytes of XML; at most {max_bytes:,} are read")
    refuse_entities(data)
    check_attributes(data)
    try:
        root = etree.fromstring(data, safe_parser(recover=recover))
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableError("broken", f"not well-formed XML: {error}") from error
    if root is None:
        raise UnreadableError("broken", "no XML element in it")
    return root


def safe_parser(*, recover: bool = False) -> etree.XMLParser:
    """Return a parser that resolves nothing, loads nothing and asks nobody."""
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, attribute_defaults=False,
        huge_tree=False, recover=recover, remove_comments=True, remove_pis=True,
    )  # fmt: skip


def refuse_entities(data: bytes) -> None:
    """Raise UnreadableError("entities") where ``data`` defines an entity, in whatever encoding its BOM tells."""
    encoding = _WIDE.get(data[:2])
    seen = data.decode(encoding, "replace").encode() if encoding else data.replace(b"\x00", b"")
    if _ENTITY.search(seen):
        raise UnreadableError("entities", "the XML defines entities, which no feed, sitemap or article needs")
