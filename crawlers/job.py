"""What a crawl process is told, as a line of JSON: apart, so that who asks for a crawl does not load what crawls."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from crawlers.settings import Options
from crawlers.sources import SourceConfig
from warehouse.home import Home

DEFAULTS = Options()


@dataclass(frozen=True, slots=True)
class CrawlJob:
    """What one crawl process is to do."""

    home: Home
    sources: tuple[SourceConfig, ...]
    now: datetime
    run: int
    contact: str | None = None
    options: Options = DEFAULTS

    def pack(self) -> str:
        """Return the job as a line of JSON."""
        sources = [source.model_dump(mode="json", exclude_unset=True) for source in self.sources]
        return json.dumps({
            "home": str(self.home.root), "sources": sources, "now": self.now.isoformat(), "run": self.run,
            "contact": self.contact, "options": asdict(self.options),
        })  # fmt: skip

    @staticmethod
    def unpack(line: str) -> CrawlJob:
        """Return the job of ``pack``."""
        packed = json.loads(line)
        return CrawlJob(
            Home(Path(packed["home"])), tuple(SourceConfig.model_validate(source) for source in packed["sources"]),
            datetime.fromisoformat(packed["now"]), packed["run"], packed["contact"], Options(**packed["options"]),
        )  # fmt: skip
