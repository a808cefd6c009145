"""What stands between the spider and the network: addresses, robots.txt, redirects, encodings, names."""
