"""What a desk watches, as a file: its topics, subscriptions and sources, to keep under version control.

    database -> known -> Watchlist -> toml_form, opml_form -> file
    file -> toml_form, opml_form -> Watchlist -> checks -> changes -> one transaction

A channel is named, never written: its address has secrets and stays sealed in the database.
"""
