"""Runs one crawl job as the real worker does, with a DNS of our own and, where a test asks, a guard switched off."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence

from crawlers import guard as guards
from crawlers.crawl_worker import CrawlJob, run_job


def main() -> None:
    play = json.loads(os.environ["CLAIMWATCH_PLAY"])
    answers: dict[str, list[list[str]]] = play.get("dns", {})
    public = set(play.get("public", ()))
    real = guards.is_public
    guards.is_public = lambda address: str(address) in public or real(address)

    def lookup(host: str) -> Sequence[str]:
        if host in answers:
            return answers[host].pop(0) if len(answers[host]) > 1 else answers[host][0]
        return guards.system_lookup(host)  # numbers in odd spellings

    class Unpinned(guards.Guard):
        """Asks the DNS again at connect: what was checked is not what is connected to."""

        def pinned(self, host: str) -> tuple[guards.Address, ...]:
            return tuple(guards.ipaddress.ip_address(address) for address in lookup(host))

    class Unchecked(guards.Guard):
        """Lets every address through."""

        async def check(self, url: str, *, allow_private: bool) -> None:
            await super().check(url, allow_private=True)

    kind = {"pins": Unpinned, "check": Unchecked}.get(play.get("off", ""), guards.Guard)
    job = CrawlJob.unpack(sys.stdin.readline())
    job.home.make()
    run_job(job, sys.stdout, kind(lookup))


main()
