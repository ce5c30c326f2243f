"""From a match to a message that was sent: rows at every step."""
