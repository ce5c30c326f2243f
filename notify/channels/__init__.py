"""The ways out: one table of kinds, with address rules, limits, payloads and senders."""
