"""A database is copied into another one, of the same kind or of the other."""
