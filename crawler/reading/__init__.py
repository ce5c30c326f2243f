"""The reading process, and what it is asked: pages, saved pages, what a site says of itself."""
