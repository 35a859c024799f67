"""Which addresses may be asked: those of the web, and of this machine only what the user named.

An address that comes with a feed, a page or a redirect is data of a stranger. It must not lead
papertray to what only this machine or its network can reach: a router, a printer, a cloud's
metadata service. A host is judged twice: as it is written (`refusal`), and by the addresses that
its name stands for (`is_public`), before and after connecting.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection

_NUMBER = re.compile(r"0x[0-9a-f]*|[0-9]+")
"""The last part of a host that is an IPv4 address to some parsers (the URL Standard, §3.5)."""

_LOCAL_NAMES = ("localhost", "local", "internal", "home.arpa")
"""Names, and ends of names, that the public name system will never know: RFC 6761, RFC 6762,
RFC 8375 and ICANN's resolution on .internal."""

_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
_EMBEDDED = (ipaddress.IPv6Network("::ffff:0:0/96"), ipaddress.IPv6Network("64:ff9b::/96"))
"""Where the last 32 bits are an IPv4 address: mapped ones (RFC 4291), and those of NAT64
(RFC 6052), by which a network without IPv4 reaches every public host that has nothing else."""
_TUNNELS = (ipaddress.IPv6Network("2002::/16"), ipaddress.IPv6Network("2001::/32"))
"""6to4 and Teredo: an IPv4 address is hidden in them, and no host of today needs them."""


def plain_host(host: str) -> str:
    """Return a host as it is compared: lower case, without the dot at the end or brackets."""
    return host.lower().rstrip(".").removeprefix("[").removesuffix("]")


def refusal(scheme: str, host: str, has_user: bool, allowed_hosts: Collection[str]) -> str:
    """Return why an address may not be asked, by what is written in it; empty if it may.

    `host` and `allowed_hosts`, which the user named, are as `plain_host` returns them. `has_user`
    is whether the address holds a user's name, which is how ``https://arxiv.org@127.0.0.1`` is
    made to look harmless. The sentence's end is returned: ``is no address of the web``.
    """
    if scheme not in ("http", "https") or not all(0 < len(x) < 64 for x in host.split(".")):
        return "is no address of the web"
    if host in allowed_hosts:
        return ""
    if has_user:
        return "holds a user name, which only an address that you named yourself may"
    if ":" in host or _NUMBER.fullmatch(host.rpartition(".")[2]):
        return "" if is_public(host) else "leads into this machine or its network"
    if "." not in host or host.endswith(tuple(f".{name}" for name in _LOCAL_NAMES)):
        return "names a host of this machine or its network"
    return ""


def is_public(address: str) -> bool:
    """Return whether an IP address, as text, is one of the public internet.

    False for every special use (loopback, private, link-local, shared, multicast, reserved,
    documentation; IANA's registries of special-purpose addresses), also where such an IPv4 address
    is within an IPv6 one, and for what is no address in its usual form (``0x7f.1``, ``127.1``).
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        if any(found in network for network in _EMBEDDED):
            found = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        elif found not in _GLOBAL_UNICAST or any(found in network for network in _TUNNELS):
            return False
    return found.is_global and not found.is_multicast


def is_of_internet(host: str) -> bool:
    """Return whether a host, as it is written, is none of this machine and its network."""
    return not refusal("https", plain_host(host), False, ())


def is_loopback(host: str) -> bool:
    """Return whether a host, as it is written, is this machine: ``localhost``, ``127.0.0.7``."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
