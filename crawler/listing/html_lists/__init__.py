"""Lists in HTML, by selectors or found by themselves. Pure."""
