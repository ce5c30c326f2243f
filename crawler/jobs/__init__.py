"""What the crawl does: poll, articles, gaps, revisit, backfill. Plain coroutines."""
