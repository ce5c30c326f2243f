"""Found statements as files, feeds, charts and pictures. Pure."""
