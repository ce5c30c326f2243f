"""Every scheme that Apprise knows, decided on: taken or refused, and why. Data.

A scheme is taken where it hands the message to a service over the network, says whether that took it, and needs no file
of this machine. `docs/channels.md` shows the same table; a test holds both to the Apprise that is installed, so that a
new scheme is decided on purpose.
"""

from __future__ import annotations

MAIL = frozenset({"mailto", "mailtos"})
WEBHOOKS = frozenset({"json", "jsons", "form", "forms", "xml", "xmls"})
"""Programs read these: they get what is written, whole and unchanged."""
MAIL_SERVICES = frozenset({
    "azure", "brevo", "groundmail", "mailersend", "mailgun", "o365", "postmark", "resend", "sendgrid", "sendpulse",
    "ses", "smtp2go", "sparkpost",
})  # fmt: skip
"""Mail over a service's interface."""

HOSTED = MAIL | WEBHOOKS | {
    "amqp", "amqps", "bark", "barks", "emby", "embys", "enigma2", "enigma2s", "evolution", "evolutions", "fluxer",
    "fluxers", "goalert", "goalerts", "gorush", "gorushs", "gotify", "gotifys", "hassio", "hassios", "humhub",
    "humhubs", "irc", "ircs", "jellyfin", "jellyfins", "kodi", "kodis", "mastodon", "mastodons", "matrix", "matrixs",
    "misskey", "misskeys", "mmost", "mmosts", "mqtt", "mqtts", "ncloud", "nclouds", "nctalk", "nctalks", "ntfy",
    "ntfys", "onebot", "onebots", "parsep", "parseps", "pjet", "pjets", "rocket", "rockets", "session", "sessions",
    "signal", "signals", "smseagle", "smseagles", "sogs", "synology", "synologys", "toot", "toots", "workflow",
    "workflows", "xbmc", "xbmcs",
}  # fmt: skip
"""Schemes whose address names the host to connect to."""

CLOUD = MAIL_SERVICES | {
    "46elks", "atalk", "betterstack", "bluesky", "bsky", "bulksms", "bulkvs", "burstsms", "chanify", "clickatell",
    "clicksend", "cliq", "cm", "d7sms", "dingtalk", "discord", "dot", "eight00com", "elks", "exotel", "feishu",
    "firehydrant", "flock", "flowtriq", "flowtriqs", "freemobile", "gchat", "github", "groupme", "guilded", "gupshup",
    "httpsms", "ifttt", "ilert", "incidentio", "infobip", "jira", "join", "kakao", "kakaotalk", "kaleyra",
    "kavenegar", "klr", "kook", "kudosity", "kumulos", "lametric", "lametrics", "lark", "lauther", "lfg", "line",
    "mobilemessage", "mobilemsg", "msgbird", "nexmo", "nostr", "notica", "noticas", "notifiarr", "notifico",
    "notificos", "notifyre", "octopush", "onesignal", "opsgenie", "pagerduty", "pagertree", "pbul", "pingram",
    "pinglet", "pinglets", "plivo", "pover", "prowl", "psafer", "psafers", "push", "pushdeer", "pushdeers", "pushed",
    "pushme", "pushplus", "pushward", "pushy", "qq", "reddit", "revolt", "ringc", "ryver", "schan", "serwersms",
    "seven", "sfr", "signalgrid", "signl4", "simplepush", "sinch", "slack", "smsc", "smsmanager", "smsmgr",
    "smstunnel", "sns", "spike", "splunk", "spugpush", "spush", "squadcast", "stackfield", "telesign", "telnyx",
    "tgram", "threema", "trigv", "trigvs", "tweet", "twilio", "twist", "twitter", "viber", "victorops", "voipms",
    "vonage", "webex", "wechat", "wecom", "wecombot", "whapi", "wpush", "wxpusher", "wxteams", "x", "xmatters",
    "youlmk", "zalo", "zcliq", "zohocliq", "zoom", "zulip",
}  # fmt: skip
"""Schemes of one service each: where another address has its host, theirs may have a token."""

SCHEMES = HOSTED | CLOUD

_LOCAL = "it acts on this machine alone and reaches nobody else"
_FILES = "it cannot be used without files of this machine"
_PACKAGE = "it needs a package that is not part of presswatch"
_TEMPLATES = "it sends texts that were approved beforehand, not the message"
_RADIO = "amateur radio must not carry news, and everybody can read it"

REFUSED_SCHEMES = {
    "apprise": "it hands the message to another Apprise, and where that sends it is not checked",
    "apprises": "it hands the message to another Apprise, and where that sends it is not checked",
    "aprs": _RADIO,
    "blink1": _LOCAL,
    "dapnet": _RADIO,
    "dbus": _LOCAL,
    "deltachat": _FILES,
    "deltachats": _FILES,
    "fcm": _FILES,
    "gio": _LOCAL,
    "glib": _LOCAL,
    "gnome": _LOCAL,
    "growl": _PACKAGE,
    "kde": _LOCAL,
    "macosx": _LOCAL,
    "msg91": _TEMPLATES,
    "qt": _LOCAL,
    "rsyslog": "nothing says whether a message arrived",
    "smpp": _PACKAGE,
    "smpps": _PACKAGE,
    "strmlabs": "it shows donations in video streams",
    "syslog": _LOCAL,
    "vapid": _FILES,
    "whatsapp": _TEMPLATES,
    "windows": _LOCAL,
    "xmpp": "it reports success with a wrong password, and delivers nothing",
    "xmpps": "it reports success with a wrong password, and delivers nothing",
}
"""Schemes that are refused, with the reason."""
