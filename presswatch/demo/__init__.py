"""A replica of a foreign ministry's site, its statements, and the demo that plays on it."""
