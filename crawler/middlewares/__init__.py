"""What stands between a request and the web: where we may go, whether we are welcome, and how fast."""
