"""The web -> items: a Scrapy project. Knows pages, never people."""
