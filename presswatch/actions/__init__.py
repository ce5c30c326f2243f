"""What a person can do, once for all faces: the command line, the pages and the API.

Each action is a coroutine that takes what it needs as arguments: a database, an owner, a crawl, a policy, values of the
settings. It checks what it is given where it is entered, raises a `PresswatchError` with the mend, and returns frozen
values. It starts no loop and prints nothing: a command runs it on a loop of its own (`presswatch.loop.run`), a page
awaits it on the server's.

What concerns topics, channels, subscriptions, matches or alerts takes an owner, and neither shows nor changes what is
another one's. Sources, statements, their health and aliases are everybody's.
"""
