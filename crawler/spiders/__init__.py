"""One spider serves all sources; another is written only where a site needs code of its own."""
