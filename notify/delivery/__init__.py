"""Alerts that are due are claimed, sent and marked."""
