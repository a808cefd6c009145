"""The command line, one module a group of commands; the only place where crawlers, nlp and warehouse meet."""
