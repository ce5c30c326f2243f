"""Every kind of channel, in one table: its schemes, what its addresses say, how its messages look, how many it takes,
and who sends them.

A new kind is a row in `KINDS` and, where Apprise does not serve it, a sender in a file of its own.

A scheme is taken where it hands the message to a service over the network, says whether that took it, and needs no file
of this machine. `docs/channels.md` shows the same table; a test holds both to the Apprise that is installed, so that a
new scheme is decided on purpose.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, TextIO

from notify.channels import address_rules, rate_limits
from notify.channels.address_rules import CLOUD, HOSTED, PUSHED, SIGNED, AddressRule
from notify.channels.apprise_sender import AppriseSender
from notify.channels.console import ConsoleSender
from notify.channels.payloads import Form
from notify.channels.rate_limits import Limit
from notify.channels.smtp import MailSender
from notify.channels.webhook import WebhookSender
from notify.channels.webpush import PushSender
from notify.messages.message import Message
from storage.connection_guard import AddressPolicy
from storage.errors import DeliveryError, InvalidInputError, KeyUnusableError
from storage.people.keyring import Keyring
from storage.types import SealedAddress

CONSOLE = "console"
"""The address that needs no scheme: messages are printed by the process that sends them."""


class Sender(Protocol):
    """A way out."""

    def send(self, message: Message, address: str) -> str:
        """Hand the message over and return what the other side answered, short and without secrets.

        Blocks its thread. Raises `DeliveryError`, which says whether trying again is pointless and when to.
        """
        ...


@dataclass(frozen=True, slots=True)
class Kind:
    """Channels that are alike in everything but their address."""

    name: str
    schemes: frozenset[str]
    rule: AddressRule
    form: Form = Form.AS_SHOWN
    limits: tuple[Limit, ...] = ()
    """None are published by mail servers and web hooks: they say when it is too much (421, 450, 454; 429)."""
    sender: Sender | None = None
    """Apprise, where there is none of its own."""


def _schemes(*names: str) -> frozenset[str]:
    return frozenset(name for some in names for name in some.split())


KINDS = (
    Kind("mail", _schemes("mailto mailtos"), HOSTED, Form.MAIL, sender=MailSender()),
    Kind("JSON web hook", _schemes("json jsons"), SIGNED, sender=WebhookSender(SIGNED, Form.UNCHANGED)),
    # rfc-editor.org/rfc/rfc8030, 8.4: a service may say when it is too much (429)
    Kind("browser", _schemes("vapid"), PUSHED, Form.PUSH, sender=PushSender(PUSHED, Form.PUSH)),
    Kind("web hook", _schemes("form forms xml xmls"), HOSTED, Form.UNCHANGED),
    Kind(
        "mail over a service's interface",
        _schemes("azure brevo groundmail mailersend mailgun o365 postmark resend sendgrid sendpulse smtp2go sparkpost"),
        CLOUD,
        Form.MAIL,
    ),
    # docs.aws.amazon.com/ses, "Service quotas": 1 a second in the sandbox; outside it varies, and is told with a 454 or
    # a ThrottlingException
    Kind("Amazon SES", _schemes("ses"), CLOUD, Form.MAIL, (Limit(1, 1.0, scope="account"),)),
    # core.telegram.org/bots/faq, "My bot is hitting limits": 1 a second in a chat, 20 a minute in a group, 30 a second
    Kind(
        "Telegram",
        _schemes("tgram"),
        CLOUD,
        limits=(Limit(1, 1.0), Limit(20, 60.0, burst=5, scope="group"), Limit(30, 1.0, burst=10, scope="account")),
    ),
    # docs.slack.dev/apis/web-api/rate-limits, "Posting messages": 1 a second, short bursts are suffered
    Kind("Slack", _schemes("slack"), CLOUD, limits=(Limit(1, 1.0),)),
    # discord.com/developers/docs/topics/rate-limits: by headers, no figures published; seen of webhooks
    # (birdie0.github.io/discord-webhooks-guide, "Rate Limits"): 5 in 2 s, and 30 a minute
    Kind(
        "Discord",
        _schemes("discord"),
        CLOUD,
        Form.MARKDOWN,
        (Limit(5, 2.0, burst=2), Limit(30, 60.0, burst=10)),
    ),
    # zulip.com/api/rest-error-handling: 200 a minute for a user by default
    Kind("Zulip", _schemes("zulip"), CLOUD, limits=(Limit(200, 60.0, burst=50, scope="account"),)),
    # developers.google.com/workspace/chat/limits, "Per-space quotas": 60 writes a minute in a space
    Kind("Google Chat", _schemes("gchat"), CLOUD, limits=(Limit(60, 60.0, burst=10), Limit(1, 1.0))),
    # learn.microsoft.com, "Create incoming webhooks": 4 a second; the same of an app for each channel
    Kind("Teams workflow", _schemes("workflows"), HOSTED, limits=(Limit(4, 1.0, burst=1),)),
    # docs.ntfy.sh/config, "Request limits": 60 requests at once, then one in 5 s, of a visitor
    Kind(
        "ntfy",
        _schemes("ntfy ntfys"),
        AddressRule(hosted=True, alone_a_topic=True),
        limits=(Limit(60, 300.0, burst=20, scope="account"),),
    ),
    # element-hq.github.io/synapse, configuration manual, rc_message: 0.2 a second, burst 10, of an account
    Kind("Matrix", _schemes("matrix matrixs"), HOSTED, Form.CHAT_HTML, (Limit(10, 50.0, burst=4),)),
    # docs.rocket.chat/rate-limiter: 10 calls a minute
    Kind("Rocket.Chat", _schemes("rocket rockets"), HOSTED, Form.MARKDOWN, (Limit(10, 60.0, burst=3),)),
    # docs.mattermost.com, "Rate limiting configuration settings": 10 a second, burst 100, where it is on
    Kind("Mattermost", _schemes("mmost mmosts"), HOSTED, Form.MARKDOWN, (Limit(10, 1.0, burst=5),)),
    # developer.webex.com "Rate Limits": unpublished, by 429 and Retry-After; what others were seen to take
    Kind("Webex", _schemes("webex wxteams"), CLOUD, Form.MARKDOWN, (Limit(1, 1.0),)),
    # pushover.net/api, "Being Friendly to our API": 2 connections at a time; a pause keeps us below it
    Kind("Pushover", _schemes("pover"), CLOUD, limits=(Limit(2, 1.0, burst=1, scope="account"),)),
    # twilio.com/docs/api/errors/30001: a number of the USA sends 1 part of a message a second; the rest is queued there
    Kind("Twilio", _schemes("twilio"), CLOUD, limits=(Limit(1, 1.0, scope="account"),)),
    Kind("chat of Markdown at a host of its own", _schemes("fluxer fluxers"), HOSTED, Form.MARKDOWN),
    Kind("chat of Markdown", _schemes("guilded revolt"), CLOUD, Form.MARKDOWN),
    Kind(
        "service at a host of its own",
        _schemes(
            "amqp amqps bark barks emby embys enigma2 enigma2s evolution evolutions goalert goalerts gorush gorushs",
            "gotify gotifys hassio hassios humhub humhubs irc ircs jellyfin jellyfins kodi kodis mastodon mastodons",
            "misskey misskeys mqtt mqtts ncloud nclouds nctalk nctalks onebot onebots parsep parseps pjet pjets",
            "session sessions signal signals smseagle smseagles sogs synology synologys toot toots workflow xbmc xbmcs",
        ),
        HOSTED,
    ),
    Kind(
        "service that is one for all",
        _schemes(
            "46elks atalk betterstack bluesky bsky bulksms bulkvs burstsms chanify clickatell clicksend cliq cm d7sms",
            "dingtalk dot eight00com elks exotel feishu firehydrant flock flowtriq flowtriqs freemobile github groupme",
            "gupshup httpsms ifttt ilert incidentio infobip jira join kakao kakaotalk kaleyra kavenegar klr kook",
            "kudosity kumulos lametric lametrics lark lauther lfg line mobilemessage mobilemsg msgbird nexmo nostr",
            "notica noticas notifiarr notifico notificos notifyre octopush onesignal opsgenie pagerduty pagertree pbul",
            "pingram pinglet pinglets plivo prowl psafer psafers push pushdeer pushdeers pushed pushme pushplus",
            "pushward pushy qq reddit ringc ryver schan serwersms seven sfr signalgrid signl4 simplepush sinch smsc",
            "smsmanager smsmgr smstunnel sns spike splunk spugpush spush squadcast stackfield telesign telnyx threema",
            "trigv trigvs",
            "tweet twist twitter viber victorops voipms vonage wechat wecom wecombot whapi wpush wxpusher x xmatters",
            "youlmk zalo zcliq zohocliq zoom",
        ),
        CLOUD,
    ),
)

_LOCAL = "it acts on this machine alone and reaches nobody else"
_FILES = "it cannot be used without files of this machine"
_PACKAGE = "it needs a package that is not part of presswatch"
_TEMPLATES = "it sends texts that were approved beforehand, not the message"
_RADIO = "amateur radio must not carry news, and everybody can read it"
_FORWARDS = "it hands the message to another Apprise, and where that sends it is not checked"
_LOST = "it reports success with a wrong password, and delivers nothing"

REFUSED_SCHEMES = {
    **dict.fromkeys(("blink1", "dbus", "gio", "glib", "gnome", "kde", "macosx", "qt", "syslog", "windows"), _LOCAL),
    **dict.fromkeys(("deltachat", "deltachats", "fcm"), _FILES),
    **dict.fromkeys(("growl", "smpp", "smpps"), _PACKAGE),
    **dict.fromkeys(("msg91", "whatsapp"), _TEMPLATES),
    **dict.fromkeys(("aprs", "dapnet"), _RADIO),
    **dict.fromkeys(("apprise", "apprises"), _FORWARDS),
    **dict.fromkeys(("xmpp", "xmpps"), _LOST),
    "rsyslog": "nothing says whether a message arrived",
    "strmlabs": "it shows donations in video streams",
}
"""Schemes that are refused, with the reason."""

_USUAL = ("mailtos://", "tgram://", "slack://", "discord://", "matrixs://", "mmosts://", "ntfys://", "jsons://")
_BY_SCHEME = {scheme: kind for kind in KINDS for scheme in kind.schemes}
_UNKNOWN = Kind("unknown", frozenset(), CLOUD)
"""Of a stored address whose scheme is taken no more: Apprise says what it makes of it, and nothing of it is shown."""


def kind_of(address: str) -> Kind:
    """The row that an address belongs to."""
    return _BY_SCHEME.get(address.strip().partition("://")[0].lower(), _UNKNOWN)


def sender_for(address: str, console: TextIO) -> Sender:
    """The sender that an address belongs to."""
    if address == CONSOLE:
        return ConsoleSender(console)
    kind = kind_of(address)
    return kind.sender or AppriseSender(kind.rule, kind.form)


def opened(keyring: Keyring, address: SealedAddress) -> str:
    """The address, to send to it. Raises `DeliveryError` where no key opens it."""
    try:
        return keyring.open(address)
    except KeyUnusableError as error:
        raise DeliveryError(
            "the channel's address is sealed, and its key is missing",
            mend="put the key back: doctor says where it belongs",
        ) from error


def buckets_of(address: str) -> dict[str, Limit]:
    """The token buckets out of which a message to this address is taken. Their names hold no secret of it."""
    return rate_limits.buckets_of(address, kind_of(address).limits)


def check_channel_address(address: str, policy: AddressPolicy) -> str:
    """The address as it is to be stored: without blanks around it, its scheme in lower case.

    Raises `InvalidInputError` for a scheme or parameter that presswatch does not take and for what Apprise does not
    understand, `AddressRefusedError` for a host that the policy forbids. A name is not resolved here: where it leads
    to is checked when the connection opens.
    """
    address = address.strip()
    if address.lower() == CONSOLE:
        return CONSOLE
    scheme, rest = address_rules.split(address)
    if scheme not in _BY_SCHEME:
        raise InvalidInputError(
            f"presswatch does not send to {scheme}://: {REFUSED_SCHEMES.get(scheme, 'it does not know it')}",
            mend=f"use one of: {CONSOLE}, {', '.join(_USUAL)}, or another one of docs/channels.md",
        )
    return address_rules.checked(scheme, rest, _BY_SCHEME[scheme].rule, policy)


def masked(address: str) -> str:
    """The address as it may be shown and logged: scheme, host, and at most the last four characters of the rest."""
    if address == CONSOLE:
        return CONSOLE
    return address_rules.masked(address, kind_of(address).rule)


def shown(keyring: Keyring, address: SealedAddress) -> str:
    """A channel's address as it may be shown, or that no key opens it."""
    try:
        return masked(keyring.open(address))
    except KeyUnusableError:
        return "sealed, and its key is missing"


def without_secrets(text: str, address: str) -> str:
    """The text without what stands in the address, except its host."""
    return address_rules.without_secrets(text, address, kind_of(address).rule)
