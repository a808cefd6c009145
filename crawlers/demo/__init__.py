"""The demonstration site and its two nights: written for Claimwatch, served on loopback, crawled like any other."""
