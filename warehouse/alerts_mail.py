"""Send a digest by e-mail, where an SMTP server is configured."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import format_datetime
from hashlib import sha256
from urllib.parse import unquote, urlsplit

from warehouse.alerts import Digest
from warehouse.errors import ClaimwatchError, ConfigError

URL, SENDER, RECEIVERS = "CLAIMWATCH_SMTP_URL", "CLAIMWATCH_SMTP_FROM", "CLAIMWATCH_SMTP_TO"
TIMEOUT_S = 20.0
PORTS = {"smtp": 587, "smtps": 465}
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class MailError(ClaimwatchError):
    """The digest could not be handed to the mail server."""


@dataclass(frozen=True, slots=True)
class Smtp:
    """Where mail goes. ``smtps`` is encrypted from the start; ``smtp`` turns encryption on where the server can."""

    host: str
    port: int
    encrypted: bool
    sender: str
    receivers: tuple[str, ...]
    user: str | None = None
    password: str | None = field(default=None, repr=False)


def smtp_settings(env: Mapping[str, str]) -> Smtp | None:
    """Return the mail server of the environment, or None where none is configured.

    ``CLAIMWATCH_SMTP_URL`` is ``smtp://user:password@host:port`` or ``smtps://…``; ``CLAIMWATCH_SMTP_FROM`` one
    address; ``CLAIMWATCH_SMTP_TO`` addresses parted by commas.

    Raises:
        ConfigError: the address of the server, of the sender or of the receivers is missing or wrong.
    """
    url = env.get(URL, "").strip()
    if not url:
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ConfigError(f"{URL}: {error}; give smtp://user:password@host:port") from error
    if parts.scheme not in PORTS or not parts.hostname:
        raise ConfigError(f"{URL}: give smtp://user:password@host:port or smtps://…")
    sender, receivers = _addresses(env, SENDER), _addresses(env, RECEIVERS)
    user = unquote(parts.username) if parts.username else None
    password = unquote(parts.password) if parts.password else None
    return Smtp(
        parts.hostname, port or PORTS[parts.scheme], parts.scheme == "smtps", sender[0], receivers, user, password
    )


def _addresses(env: Mapping[str, str], name: str) -> tuple[str, ...]:
    found = tuple(a.strip() for a in env.get(name, "").split(",") if a.strip())
    if not found or any("@" not in a or any(c.isspace() or not c.isprintable() for c in a) for a in found):
        raise ConfigError(f"{name}: give an e-mail address, such as name@example.org")
    return found


def message(digest: Digest, smtp: Smtp) -> EmailMessage:
    """Return the digest as a plain-text message; the same digest has the same Message-ID."""
    mail = EmailMessage()
    body = digest.text()
    mail["Subject"] = " ".join("".join(c if c.isprintable() else " " for c in digest.subject).split())[:200]
    mail["From"] = smtp.sender
    mail["To"] = ", ".join(smtp.receivers)
    mail["Date"] = format_datetime(digest.at)
    name = sha256(f"{digest.at.isoformat()}\n{body}".encode("utf-8", "replace")).hexdigest()[:32]
    mail["Message-ID"] = f"<{name}@claimwatch.localhost>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(body.encode("utf-8", "replace").decode("utf-8"))
    return mail


def send(digest: Digest, smtp: Smtp, timeout_s: float = TIMEOUT_S) -> bool:
    """Hand the digest to the mail server; return False where there is nothing to tell.

    A password is sent over an encrypted connection only, or to this machine itself.

    Raises:
        MailError: the server cannot be reached, refuses, or would have the password in the clear.
    """
    if not digest.entries:
        return False
    where = f"{smtp.host}:{smtp.port}"
    try:
        with _connect(smtp, timeout_s) as server:
            if smtp.user and smtp.password:
                server.login(smtp.user, smtp.password)
            refused = server.send_message(message(digest, smtp), smtp.sender, list(smtp.receivers))
    except (OSError, smtplib.SMTPException) as error:
        raise MailError(f"mail server {where}: {error}; check {URL}, the digest is in the alerts feed too") from error
    if refused:
        raise MailError(f"mail server {where} refused {', '.join(sorted(refused))}; check {RECEIVERS}")
    return True


def _connect(smtp: Smtp, timeout_s: float) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if smtp.encrypted:
        return smtplib.SMTP_SSL(smtp.host, smtp.port, timeout=timeout_s, context=context)
    server = smtplib.SMTP(smtp.host, smtp.port, timeout=timeout_s)
    server.ehlo()
    if server.has_extn("starttls"):
        server.starttls(context=context)
        server.ehlo()
    elif smtp.password and smtp.host not in LOOPBACK:
        server.close()
        raise smtplib.SMTPException("the server offers no encryption, so the password was not sent; use smtps://")
    return server
