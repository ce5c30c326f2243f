"""Alerts become text, Markdown, HTML for chats and HTML for mails. Pure."""
