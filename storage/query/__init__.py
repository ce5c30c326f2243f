"""The one query language: parse, analyse text, evaluate, compile to SQL, explain.

The way of a query, one module a step:

    query text -> parser -> tree -> resolve (words become stems, aliases their names) -> resolved tree
    resolved tree -> evaluate: does it match this text, and why       (alerts)
    resolved tree -> compile, fts5: the same question to the database (search)

Nothing is imported here, so that the parser can be used without any third-party package.
"""
