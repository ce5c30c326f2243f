"""Questions about items: store, boilerplate, editions, stories, revisits."""
