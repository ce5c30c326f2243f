"""How long a test waits for what should happen: never a verdict on how fast it is."""

PATIENCE = 180.0
"""Seconds after which it has not happened, however busy the machine is."""
