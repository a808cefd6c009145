"""The one way archives from outside are looked into: in memory, under caps, never out to a path."""

from __future__ import annotations

import io
import zipfile
import zlib

from crawlers.errors import UnreadableError

MAX_TOTAL = 200 << 20  # bytes unpacked, all members together
MAX_RATIO = 200  # unpacked to packed, for members above 1 MB
MAX_MEMBERS = 5_000


def open_archive(body: bytes, *, max_total: int = MAX_TOTAL, max_members: int = MAX_MEMBERS) -> zipfile.ZipFile:
    """Return the archive in ``body`` after a look at its directory.

    Raises UnreadableError: "broken"; "too large" for more members or unpacked bytes than allowed, or a ratio no text
    has;
    "hostile archive" for a name that leads out of it; "encrypted".
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(body))
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise UnreadableError("broken", f"not a whole zip archive: {error}") from error
    members = archive.infolist()
    total = sum(member.file_size for member in members)
    if len(members) > max_members or total > max_total:
        raise UnreadableError("too large", f"{len(members):,} members that unpack to {total:,} bytes")
    for member in members:
        name = member.filename
        if leads_out(name):
            raise UnreadableError("hostile archive", f"a member named {name[:80]!r} leads out of the archive")
        if member.file_size > 1 << 20 and member.file_size > MAX_RATIO * max(member.compress_size, 1):
            raise UnreadableError("too large", f"{name[:80]!r} unpacks to {member.file_size:,} bytes: a bomb")
        if member.flag_bits & 1:
            raise UnreadableError("encrypted", f"{name[:80]!r} needs a password")
    return archive


def leads_out(name: str) -> bool:
    """Tell whether a member's name would lead out of the folder that it was unpacked to."""
    name = name.replace("\\", "/")
    return name.startswith("/") or ".." in name.split("/") or ":" in name.split("/")[0]


def read_member(archive: zipfile.ZipFile, name: str, max_bytes: int = MAX_TOTAL) -> bytes:
    """Return one member's bytes, at most ``max_bytes`` whatever the directory says of it."""
    try:
        with archive.open(name) as member:
            data = member.read(max_bytes + 1)
    except (zipfile.BadZipFile, zlib.error, KeyError, OSError, EOFError, ValueError, NotImplementedError) as error:
        raise UnreadableError("broken", f"{name[:80]!r} cannot be unpacked: {error}") from error
    if len(data) > max_bytes:
        raise UnreadableError("too large", f"{name[:80]!r} unpacks to more than {max_bytes:,} bytes")
    return data
