"""What goes wrong, a mode a host: the pages of the fault server, for nights with our guards and without them."""

from __future__ import annotations

import datetime
import gzip
import ssl
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.crawlers.faultserver import PAGE, Asked, Mode, bomb, cached, drip, endless, http, moved

COOKIES = b"\r\n" + b"Set-Cookie: a=1; path=/\r\n" * 50_000 + b"\r\n"
SQUEEZED = gzip.compress(PAGE * 20)
OK = b"HTTP/1.1 200 OK\r\n"
HTML = OK + b"Content-Type: text/html\r\n\r\n"
TEXT = OK + b"Content-Type: text/plain\r\n\r\n"
DISALLOW = b"User-agent: *\nDisallow: /private\n"
NOTES = b"# nothing\n" * 6_000
DECADE_S = "315360000"


def _robots(answer: Any) -> Mode:
    return lambda asked: answer if asked.path == "/robots.txt" else http()


def _much(asked: Asked) -> bytes:
    """An answer with 600 kB of headers, no line of them long."""
    return http().replace(b"\r\n\r\n", b"\r\n" + (b"X-Much: " + b"y" * 5_000 + b"\r\n") * 120 + b"\r\n", 1)


MODES: dict[str, Mode] = {
    "a1-slow-headers": lambda asked: drip(OK),
    "a2-slow-body": lambda asked: drip(HTML),
    "a3-endless": lambda asked: endless(HTML, b"x" * 65536),
    "a3-long": lambda asked: http(b"x" * (2 << 20)),
    "a4-short": lambda asked: http(PAGE, length=len(PAGE) + 500),
    "a5-cut-gzip": lambda asked: http(SQUEEZED[: len(SQUEEZED) // 2], content_encoding="gzip"),
    "a5-cut-once": lambda asked: http(SQUEEZED[:-9] if asked.hit == 1 else SQUEEZED, content_encoding="gzip"),
    "a6-no-gzip": lambda asked: http(PAGE, content_encoding="gzip"),
    "a7-gzip": lambda asked: http(bomb("gzip"), content_encoding="gzip"),
    "a7-deflate": lambda asked: http(bomb("deflate"), content_encoding="deflate"),
    "a7-br": lambda asked: http(bomb("br"), content_encoding="br"),
    "a7-zstd": lambda asked: http(bomb("zstd"), content_encoding="zstd"),
    "a7-nested": lambda asked: http(bomb("nested"), content_encoding="gzip, gzip, br"),
    "a8-loop": lambda asked: moved("/page"),
    "a8-chain": lambda asked: moved(f"/hop{asked.hit}-{len(asked.path)}" + asked.path[-30:]),
    "a9-file": lambda asked: moved("file:///etc/hostname"),
    "a9-data": lambda asked: moved("data:text/html,hello"),
    "a9-ftp": lambda asked: moved("ftp://example.org/a"),
    "a9-s3": lambda asked: moved("s3://bucket/key"),
    "a9-javascript": lambda asked: moved("javascript:alert(1)"),
    "a13-burst": lambda asked: http(b"", "500 Oops") if asked.hit == 1 else http(),
    "a13-down": lambda asked: http(b"", "502 Bad Gateway"),
    "a17-latin": lambda asked: http("café".encode("latin-1"), content_type="text/html; charset=utf-8"),
    "a19-cookies": lambda asked: http().replace(b"\r\n\r\n", COOKIES, 1),
    "a19-much": _much,
    "a19-for-ever": lambda asked: endless(OK, b"X-More: " + b"y" * 5_000 + b"\r\n"),
    "a19-line": lambda asked: http(x_long="y" * (1 << 20)),
    "a19-link": lambda asked: http(link="y" * 10_000),
    "a19-bytes": lambda asked: b"HTTP/1.1 200 OK\r\n\xff\xfe\x00 no header\r\n\r\n" + PAGE,
    "a19-http09": lambda asked: PAGE,
    "a21-referrer": lambda asked: http(referrer_policy="scrapy.utils.trap_of_ours"),
    "a24-304": lambda asked: http(b"", "304 Not Modified"),
    "a24-empty": lambda asked: http(b""),
    "robots-503": _robots(http(b"", "503 Away")),
    "robots-slow": _robots(drip(OK)),
    "robots-big": _robots(http(DISALLOW + NOTES * 100 + b"\nUser-agent: *\nDisallow: /\n", content_type="text/plain")),
    "robots-packed": _robots(http(gzip.compress(DISALLOW + NOTES * 100 + b"\nDisallow: /\n"), content_encoding="gzip")),
    "robots-endless": _robots(endless(TEXT + DISALLOW, NOTES)),
    "robots-endless-no": _robots(endless(TEXT + b"User-agent: *\nDisallow: /page\n", NOTES)),
    "robots-binary": _robots(http(b"\x00\x01\x02" * 500, content_type="application/octet-stream")),
    "robots-bom": _robots(http(b"\xef\xbb\xbfUser-agent: *\nDisallow: /page\n", content_type="text/plain")),
    "robots-loop": _robots(moved("/robots.txt")),
    "fine": cached,
}
TRAPS = {"a18-three": "/a/a/a/page", "a18-pair": "/a/b/a/b/a/b", "a18-deep": "/x" * 30}


def self_signed(folder: Path) -> ssl.SSLContext:
    """Return the context of a server whose certificate nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "tls.localhost")])
    today = datetime.datetime.now(datetime.UTC)
    built = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    built = built.serial_number(1).not_valid_before(today).not_valid_after(today + datetime.timedelta(days=2))
    built = built.add_extension(x509.SubjectAlternativeName([x509.DNSName("tls.localhost")]), False)
    encoding, none = serialization.Encoding.PEM, serialization.NoEncryption()
    private = key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, none)
    file = folder / "tls.pem"
    file.write_bytes(private + built.sign(key, hashes.SHA256()).public_bytes(encoding))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context
