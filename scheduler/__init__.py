"""When: what is due, and who does it."""
