"""Bytes -> text -> tree, and what stands in the place of a page. Pure."""
