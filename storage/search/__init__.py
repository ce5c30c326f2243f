"""The history: which statements meet a query, and how they are spread."""
