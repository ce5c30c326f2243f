"""Polite and safe defaults. Each one that differs from Scrapy's own says why; a test holds every one.

Read by `scrapy crawl` as it stands; `crawler.run` starts from it too and puts the operator's settings on top.
"""

from __future__ import annotations

import os
import socket
from importlib.metadata import version


def user_agent(contact: str = "") -> str:
    """Who asks, and whom to write to. Without a contact address the role address of this machine (RFC 2142)."""
    return f"presswatch/{version('presswatch')} (+{contact or f'mailto:postmaster@{socket.getfqdn()}'})"


BOT_NAME = "presswatch"
SPIDER_MODULES = ["crawler.spiders"]
NEWSPIDER_MODULE = "crawler.spiders"
TWISTED_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"

# -- the operator's --------------------------------------------------------------------------------------------------
PRESSWATCH_DATA = os.environ.get("PRESSWATCH_DATA", "")
PRESSWATCH_ALLOW_ADDRESSES = os.environ.get("PRESSWATCH_ALLOW_ADDRESSES", "")
PRESSWATCH_BROWSER = os.environ.get("PRESSWATCH_BROWSER", "")
PRESSWATCH_EVIDENCE = int(os.environ.get("PRESSWATCH_EVIDENCE") or 10_000)  # megabytes; 0: none is kept
PRESSWATCH_EVIDENCE_HEAD = False  # whether the operator is told daily where it ends
USER_AGENT = user_agent(os.environ.get("PRESSWATCH_CONTACT", ""))

# -- polite ----------------------------------------------------------------------------------------------------------
ROBOTSTXT_OBEY = True
CONCURRENT_REQUESTS = 64  # hosts at a time: a host that hangs holds one place for DOWNLOAD_TIMEOUT
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = 2.0  # seconds; a source's own delay and Crawl-delay count where they are longer
DOWNLOAD_DELAY_JITTER = 0.0  # a delay is a promise, not an average
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/atom+xml,application/rss+xml,application/xml;q=0.9,*/*;q=0.8",
}
COOKIES_ENABLED = False
REFERRER_POLICY = "no-referrer"
RETRY_ENABLED = False  # what failed is a row with its next time; nothing is retried behind the plan's back
METAREFRESH_ENABLED = False
REDIRECT_MAX_TIMES = 5

# -- safe ------------------------------------------------------------------------------------------------------------
# A loopback server that executes Python, and a telnet console into the process: both on by default.
REMOTE_CONTROL_ENABLED = False
TELNETCONSOLE_ENABLED = False
# file:, ftp:, s3: and data: addresses read local files, or hang beyond every timeout.
# https: certificates are verified for every host, but for what a source's exceptions say of its own.
DOWNLOAD_HANDLERS = {
    **dict.fromkeys(("http", "https"), "crawler.fetching.transport.HTTPHandler"),
    **dict.fromkeys(("data", "file", "s3", "ftp")),
}
DOWNLOAD_VERIFY_CERTIFICATES = True
DOWNLOAD_TIMEOUT = 30
DOWNLOAD_MAXSIZE = 5 * 1024 * 1024  # bytes after decompression: a 2 MB gzip took 1.1 GB at Scrapy's default
DOWNLOAD_WARNSIZE = 0
DNS_TIMEOUT = 15
DNSCACHE_ENABLED = False  # it never expires, and this crawl runs for months; the resolver of the system caches
HTTPPROXY_ENABLED = False  # behind a proxy the address really connected to cannot be checked

DOWNLOADER_MIDDLEWARES = {
    "crawler.middlewares.guard.GuardMiddleware": 40,
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,  # the guard decides where we may go
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,  # it never forgets a robots.txt
    "crawler.middlewares.robots.RobotsMiddleware": 100,
    "crawler.middlewares.pace.PaceMiddleware": 110,
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    "crawler.middlewares.cookies.RedirectCookiesMiddleware": 650,  # nearer to the site than redirects (600)
    "crawler.middlewares.record.RecordMiddleware": 700,  # before anything is decompressed (590)
    "scrapy.downloadermiddlewares.stats.DownloaderStats": None,
}

# -- a crawl that runs for months ------------------------------------------------------------------------------------
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"  # the same listing is asked for again and again
HTTPERROR_ALLOW_ALL = True  # every status is an answer with a reason code
CONCURRENT_ITEMS = 4  # Scrapy starts this many tasks for each response; 100 by default
SCRAPER_SLOT_MAX_ACTIVE_SIZE = 512 * 1024 * 1024  # bytes; a listing counts until its articles are stored
SPIDER_MIDDLEWARES = {
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
}
STATS_CLASS = "scrapy.statscollectors.DummyStatsCollector"  # nobody reads them: what a poll did stands in its row
EXTENSIONS = {
    "scrapy.extensions.corestats.CoreStats": None,
    "scrapy.extensions.logcount.LogCount": None,
    "scrapy.extensions.telnet.TelnetConsole": None,
    "scrapy.extensions.memusage.MemoryUsage": None,
    "scrapy.extensions.logstats.LogStats": None,
    "scrapy.extensions.remote_control.RemoteControl": None,
}
ITEM_PIPELINES = {
    "crawler.pipelines.CleanPipeline": 100,
    "crawler.pipelines.StorePipeline": 200,
}
LOG_LEVEL = "WARNING"
