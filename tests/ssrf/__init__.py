"""Addresses that must not be reached, and every way in which strangers can name one."""
