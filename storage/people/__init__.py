"""Topics, channels, subscriptions, and the key that seals the channels' addresses."""
