"""Spellings of addresses that nobody may reach. A case that was found in the wild is a line here, and nowhere else.

Where a spelling leads to this machine, it leads to the port of the sentinel.
"""

from __future__ import annotations

THIS_MACHINE = (
    # as it is usually written, and with fewer parts, in other bases, with leading zeros (inet_aton(3))
    "127.0.0.1", "127.0.0.1.", "127.1", "127.0.1", "127.00.00.01", "2130706433", "0x7f000001", "0X7F000001",
    "017700000001", "00000177.0.0.1", "0177.0.0.01", "0x7f.0.0.1", "0x7f.1", "127.0.0x1", "0x7f.0x0.0x0.0x1",
    "127.0x0.01", "0177.0x0.1", "127.255.255.254", "127.0.0.53", "0", "0.0.0.0", "0.0", "0x0", "00",
    # IPv6, whole and short, with the IPv4 address mapped, compatible or translated in it, and with zone ids
    "[::1]", "[0:0:0:0:0:0:0:1]", "[0000:0000:0000:0000:0000:0000:0000:0001]", "[::0:1]", "[::]",
    "[0:0:0:0:0:0:0:0]", "[::ffff:127.0.0.1]", "[::FFFF:127.0.0.1]", "[::ffff:7f00:1]",
    "[0:0:0:0:0:ffff:127.0.0.1]", "[::127.0.0.1]", "[::7f00:1]", "[::ffff:0:127.0.0.1]", "[::1%25lo]", "[::1%lo]",
    "[::ffff:0.0.0.0]",
    # other digits and dots (IDNA, RFC 3490, 3.1), and letters that it leaves out
    "１２７.0.0.1", "１２７．０．０．１", "①②⑦.⓪.⓪.①", "①②⑦。⓪。⓪。①", "127。0。0。1", "127｡0｡0｡1", "𝟏𝟐𝟕.𝟎.𝟎.𝟏",
    "𝟙𝟚𝟟.0.0.1", "¹²⁷.⁰.⁰.¹", "₁₂₇.0.0.1", "١٢٧.٠.٠.١", "127.0.0\u00ad.1", "1\u200b27.0.0.1", "127.0.0.1\u2060",
    "12\u034f7.0.0.1", "127.0.0.\ufe0f1", "２１３０７０６４３３", "０ｘ７ｆ．１",
    # its name
    "localhost", "LOCALHOST", "LocalHost", "localhost.", "www.localhost", "a.b.localhost.", "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ",
    "ｌｏｃａｌｈｏｓｔ", "local\u00adhost", "localhoſt", "127.0.0.1.localhost",
)  # fmt: skip

THE_OWN_NETWORK = (
    "10.0.0.1", "10.255.255.255", "10.1", "012.0.0.1", "0xa000001", "167772161", "172.16.0.1", "172.31.255.255",
    "192.168.0.1", "192.168.1", "0xc0a80101", "3232235777", "192。168。1。1", "[fc00::1]", "[fd12:3456:789a::1]",
    "[fec0::1]", "[::ffff:10.0.0.1]", "[::ffff:c0a8:101]", "[::10.0.0.1]", "100.64.0.1", "100.127.255.254",
    "169.254.0.1", "169.254.1", "[fe80::1]", "[fe80::1%25eth0]", "[fe80::1%eth0]", "[febf::1]",
)  # fmt: skip

METADATA = (
    "169.254.169.254", "169.254.43518", "0xa9fea9fe", "2852039166", "0251.0376.0251.0376", "169.254.169.254.",
    "①⑥⑨.②⑤④.①⑥⑨.②⑤④", "[::ffff:169.254.169.254]", "[::ffff:a9fe:a9fe]", "[fd00:ec2::254]", "169.254.170.2",
    "100.100.100.200", "192.0.0.192",
)  # fmt: skip
"""Of clouds."""

MANY = (
    "224.0.0.1", "239.255.255.250", "255.255.255.255", "4294967295", "240.0.0.1", "[ff02::1]", "[ff02::fb]",
    "[ff0e::1]", "192.168.1.255",
)  # fmt: skip
"""Multicast and broadcast."""

ELSEWHERE = (
    "[64:ff9b::7f00:1]", "[64:ff9b::127.0.0.1]", "[64:ff9b::10.0.0.1]", "[64:ff9b:1::a00:1]", "[2002:7f00:1::]",
    "[2002:7f00:1::1]", "[2002:a00:1::1]", "[2002:c0a8:101::1]", "[2001::1]", "[2001:0:7f00:1::]",
    "[2001:0:4136:e378:8000:63bf:80ff:fffe]", "192.88.99.1", "198.18.0.1", "198.51.100.1", "203.0.113.1",
    "[100::1]", "[3fff::1]", "[5f00::1]",
)  # fmt: skip
"""NAT64, 6to4, Teredo and what is set aside."""

NAMES: dict[str, tuple[tuple[str, ...], ...]] = {
    "private.example": (("127.0.0.1",),),
    "PRIVATE.example.": (("127.0.0.1",),),
    "127.0.0.1.private.example": (("127.0.0.1",),),
    "localhost.localdomain": (("127.0.0.1",),),
    "ip6-localhost": (("::1",),),
    "six.example": (("::1",),),
    "mapped.example": (("::ffff:127.0.0.1",),),
    "compatible.example": (("::127.0.0.1",),),
    "unspecified.example": (("0.0.0.0",), ("::",)),
    "other.example": (("127.0.0.53",),),
    "внутри.example": (("127.0.0.1",),),
    "xn--b1agzdfbt.example": (("127.0.0.1",),),
    "mixed.example": (("192.0.2.1", "127.0.0.1"),),
    "mixed-the-other-way.example": (("127.0.0.1", "192.0.2.1"),),
    "mixed-families.example": (("2001:db8::1", "127.0.0.1", "::1"),),
    "changes-its-mind.example": (("192.0.2.1",), ("127.0.0.1",)),
    "changes-it-back.example": (("127.0.0.1",), ("192.0.2.1",)),
}
"""Names that lead to this machine: what they resolve to, at one time after the other and then from the beginning."""

HOSTS = (*THIS_MACHINE, *THE_OWN_NETWORK, *METADATA, *MANY, *ELSEWHERE, *NAMES)

WHOLE = (
    # who reads them otherwise finds another host
    "http://mfa.example@127.0.0.1:{port}/", "http://mfa.example:80@127.0.0.1:{port}/",
    "http://mfa.example%40127.0.0.1:{port}/", "http://127.0.0.1:{port}@127.0.0.1:{port}/",
    "http://127.0.0.1:{port}#@mfa.example/", "http://127.0.0.1:{port}?@mfa.example/",
    "http://127.0.0.1:{port}\\@mfa.example/", "http://mfa.example\\@127.0.0.1:{port}/",
    "http:\\\\127.0.0.1:{port}\\", "http:/\\127.0.0.1:{port}/", "\\\\127.0.0.1:{port}\\x", "//127.0.0.1:{port}/",
    "///127.0.0.1:{port}/", "http:///127.0.0.1:{port}/", "http:127.0.0.1:{port}/", "http:/127.0.0.1:{port}/",
    "http:////127.0.0.1:{port}/", "127.0.0.1:{port}/", "http//127.0.0.1:{port}/", "htp://127.0.0.1:{port}/",
    "http://http://127.0.0.1:{port}/", "http://mfa.example/http://127.0.0.1:{port}/",
    "http%3A%2F%2F127.0.0.1:{port}/",
    # blanks and what is no letter, in them and around them
    " http://127.0.0.1:{port}/", "http://127.0.\t0.1:{port}/", "ht\ttp://127.0.0.1:{port}/",
    "http://127.0.\n0.1:{port}/", "http://127.0.0.1\r\n:{port}/", "\u0001http://127.0.0.1:{port}/",
    "http://127.0.0.1:{port}\u0000.mfa.example/", "http://127.0.0.1 :{port}/", "http://127.0.0.1%20:{port}/",
    "\u200bhttp://127.0.0.1:{port}/", "http://127.0.0.1:{port}%2f.mfa.example/",
    # percent-encoded
    "http://127%2E0%2E0%2E1:{port}/", "http://%31%32%37.0.0.1:{port}/", "http://%6cocalhost:{port}/",
    "http://127.0.0.1%00.mfa.example:{port}/", "http://127.0.0.1%0d%0a:{port}/",
    "http://%E2%91%A0%E2%91%A1%E2%91%A6.0.0.1:{port}/", "http://[%3A%3A1]:{port}/",
    # ports
    "http://127.0.0.1:0{port}/", "http://127.0.0.1:{port}:80/", "http://127.0.0.1:+{port}/",
    "http://127.0.0.1:{port}.mfa.example/", "http://[::1]:{port}:{port}/", "http://[::1:{port}/",
    "http://[v1.127.0.0.1]:{port}/", "http://[127.0.0.1]:{port}/", "http://0x7f.1:0{port}/",
    # other schemes
    "HTTPS://127.0.0.1:{port}/", "https://localhost:{port}/", "https://private.example:{port}/",
    "file:///etc/passwd", "file://127.0.0.1:{port}/etc/passwd", "ftp://127.0.0.1:{port}/",
    "gopher://127.0.0.1:{port}/_GET", "dict://127.0.0.1:{port}/stats", "jar:http://127.0.0.1:{port}/!/",
    "view-source:http://127.0.0.1:{port}/", "javascript:fetch('http://127.0.0.1:{port}/')",
    "data:text/html,<script src=http://127.0.0.1:{port}/></script>", "feed://127.0.0.1:{port}/",
    "feed:http://127.0.0.1:{port}/", "webcal://127.0.0.1:{port}/", "ws://127.0.0.1:{port}/",
    "ldap://127.0.0.1:{port}/", "tftp://127.0.0.1:{port}/x", "s3://127.0.0.1:{port}/x",
    "blob:http://127.0.0.1:{port}/x", "unix:///run/x.sock", "http+unix://%2Frun%2Fx.sock/",
    "netdoc:http://127.0.0.1:{port}/",
)  # fmt: skip
"""Whole addresses, from as many readings as there are readers of addresses."""


def addresses(port: int) -> list[str]:
    """All of them, with the sentinel's port; each host has a page of its own there."""
    of_hosts = [f"http://{host}:{port}/statement-{number}" for number, host in enumerate(HOSTS, start=1000)]
    return [*of_hosts, *(whole.format(port=port) for whole in WHOLE)]
