"""Settings of the crawl: ours (Options) and Scrapy's, with the reason where a default is not taken."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from warehouse.errors import UsageError

_SITE = re.compile(r"https?://[!-'*-;=?-~]{1,200}")  # no spaces, brackets or line ends: it goes into a header
_CONTACT = re.compile(r"[!-'*-;=?-~]{1,200}")


@dataclass(frozen=True, slots=True)
class Options:
    """What a crawl may be told. The defaults are those of every night; tests and benches set others."""

    per_site: int = 1
    concurrency: int = 16
    timeout_s: float = 30.0
    html_bytes: int = 5 << 20
    max_bytes: int = 30 << 20
    header_bytes: int = 256 << 10
    max_redirects: int = 5
    max_tries: int = 3
    retry_first_s: float = 5.0
    patience_s: float = 60.0
    site_budget: int = 5000
    listing_budget: int = 300
    run_s: float = 6 * 3600.0
    memory_mb: int = 1500
    probe: bool = True
    obey_robots: bool = True
    ask_rights: bool = True
    refuse_traps: bool = True
    check_truncation: bool = True
    verify_tls: bool = True


def user_agent(contact: str | None, site: str | None = None) -> str:
    """Return who asks, and how to reach them: ``claimwatch/1.0 (+mailto:you@example.org)``.

    ``site`` (else ``CLAIMWATCH_URL``) is a page of whoever runs the crawl that says what it is for; there is none until
    they name it. Raises UsageError where either could not stand in a header.
    """
    site = site or os.environ.get("CLAIMWATCH_URL") or None
    if site and not _SITE.fullmatch(site):
        raise UsageError(f"CLAIMWATCH_URL is no web address: {site[:80]!r}; give one such as https://example.org/about")
    if contact and not _CONTACT.fullmatch(contact):
        raise UsageError(f"the contact is no e-mail address: {contact[:80]!r}; give one such as you@example.org")
    try:
        release = version("claimwatch")
    except PackageNotFoundError:
        release = "0"
    told = [*([site] if site else []), *([f"mailto:{contact}"] if contact else [])]
    return f"claimwatch/{release} (+{'; '.join(told)})" if told else f"claimwatch/{release}"


def scrapy_settings(options: Options, contact: str | None) -> dict[str, Any]:
    """Return Scrapy's settings for a crawl."""
    ours = "crawlers.middlewares."
    theirs = "scrapy.downloadermiddlewares."
    return {
        "CLAIMWATCH": options,
        "USER_AGENT": user_agent(contact),
        "SCHEDULER": "crawlers.scheduler.FrontierScheduler",
        "TWISTED_DNS_RESOLVER": ours + "resolver.PinnedResolver",
        # The bases themselves: what is only switched off in them is loaded at every start all the same.
        "DOWNLOADER_MIDDLEWARES_BASE": {
            ours + "addresses.AddressMiddleware": 100,
            ours + "robots.RobotsMiddleware": 200,
            ours + "rights.RightsMiddleware": 250,
            theirs + "downloadtimeout.DownloadTimeoutMiddleware": 350,
            theirs + "defaultheaders.DefaultHeadersMiddleware": 400,
            theirs + "useragent.UserAgentMiddleware": 500,
            ours + "decoding.DecodingMiddleware": 900,
        },
        "SPIDER_MIDDLEWARES_BASE": {},
        "EXTENSIONS_BASE": {
            "crawlers.memory.OwnMemory": 0,
            "scrapy.extensions.closespider.CloseSpider": 0,
        },
        # Only the web: a link must not read a file of ours or a cloud store.
        "DOWNLOAD_HANDLERS": {
            "http": ours + "handler.BoundedHandler",
            "https": ours + "handler.BoundedHandler",
            "file": None,
            "data": None,
            "s3": None,
            "ftp": None,
        },
        "DOWNLOAD_VERIFY_CERTIFICATES": options.verify_tls,
        "DOWNLOAD_TIMEOUT": options.timeout_s,
        "DOWNLOAD_MAXSIZE": options.max_bytes,
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_FAIL_ON_DATALOSS": True,
        "DOWNLOAD_DELAY": 0,  # the scheduler keeps the hosts apart, over restarts too
        "DOWNLOAD_DELAY_JITTER": 0,
        "CONCURRENT_REQUESTS": options.concurrency,
        "CONCURRENT_REQUESTS_PER_DOMAIN": max(options.per_site, 2),
        "CONCURRENT_ITEMS": 1,  # the spider yields none; Scrapy would start a hundred tasks a page to wait for them
        "CLOSESPIDER_TIMEOUT": options.run_s,
        "COOKIES_ENABLED": False,
        "REFERRER_POLICY": "no-referrer",
        "HTTPPROXY_ENABLED": False,  # a proxy would resolve names for itself, past the guard
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        "MEMUSAGE_LIMIT_MB": options.memory_mb,
        "MEMUSAGE_CHECK_INTERVAL_SECONDS": 5.0,
        "LOG_LEVEL": "WARNING",
        "LOGSTATS_INTERVAL": 0,
    }
