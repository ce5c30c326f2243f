"""What several readers of lists read alike: timestamps, plain text. Pure."""
