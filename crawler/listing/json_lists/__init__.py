"""Lists in JSON: an API's answer, structured data, a page's embedded state. Pure."""
