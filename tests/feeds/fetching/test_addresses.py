"""Which addresses may be asked: the web's, and of this machine what the user named."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papertray.feeds.fetching.addresses import is_loopback, is_public, plain_host, refusal


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "151.101.3.42", "2a04:4e42::645", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(address)
    assert not refusal("https", address, False, ())


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.255.0.7", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1",
        "169.254.169.254", "100.64.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.251", "240.0.0.1",
        "255.255.255.255", "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fec0::1",
        "ff02::fb", "2001:db8::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1",
        "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::808:808", "2002:7f00:1::",
        "2002:808:808::1", "2001:0:4136:e378::1", "100::1", "5f00::1",
    ],
)  # fmt: skip
def test_an_address_of_a_machine_or_its_network_is_not(address: str) -> None:
    assert not is_public(address)
    assert refusal("http", address, False, ())
    assert not refusal("http", address, False, {address})


@pytest.mark.parametrize(
    "spelling",
    [
        "2130706433",
        "0x7f000001",
        "0x7f.0.0.1",
        "0177.0.0.1",
        "127.1",
        "1.2.3.4.5",
        "0x",
        "010.8.8.8",
    ],
)
def test_other_spellings_of_ipv4_are_refused(spelling: str) -> None:
    assert refusal("http", spelling, False, ())


@pytest.mark.parametrize(
    "host",
    ["localhost", "api.localhost", "router", "nas.local", "vault.internal", "printer.home.arpa"],
)
def test_names_of_this_network_are_refused_unless_the_user_named_them(host: str) -> None:
    assert refusal("http", host, False, ())
    assert not refusal("http", host, False, {host})


@pytest.mark.parametrize("host", ["arxiv.org", "localhost.com", "example.local.org", "0x.example"])
def test_names_of_the_web_are_not(host: str) -> None:
    assert not refusal("https", host, False, ())


def test_a_host_that_is_named_does_not_open_its_neighbours() -> None:
    assert refusal("http", "127.0.0.1", False, {"localhost"})
    assert refusal("http", "api.nas.local", False, {"nas.local"})


@pytest.mark.parametrize(
    "scheme", ["file", "ftp", "gopher", "data", "javascript", "unix", "ws", ""]
)
def test_only_the_web_is_asked_whoever_named_it(scheme: str) -> None:
    assert refusal(scheme, "arxiv.org", False, {"arxiv.org"})


@pytest.mark.parametrize("host", ["", "a..b", ".", "x" * 64 + ".org"])
def test_what_no_name_can_be_is_refused(host: str) -> None:
    assert refusal("https", host, False, ())


def test_a_user_name_is_taken_from_the_user_only() -> None:
    assert refusal("https", "arxiv.org", True, ())
    assert not refusal("https", "arxiv.org", True, {"arxiv.org"})


def test_hosts_are_compared_without_case_dot_and_brackets() -> None:
    assert plain_host("ArXiv.Org.") == "arxiv.org"
    assert plain_host("[::1]") == "::1"


def test_loopback_is_known_as_it_is_written() -> None:
    assert all(is_loopback(host) for host in ("localhost", "a.localhost", "127.0.0.9", "::1"))
    assert not any(is_loopback(host) for host in ("localhost.org", "10.0.0.1", "128.0.0.1"))


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_is_as_public_within_ipv6_as_it_is(address: ipaddress.IPv4Address) -> None:
    for hidden in (f"::ffff:{address}", f"64:ff9b::{address}"):
        assert is_public(hidden) == is_public(str(address))
    assert is_public(str(address)) == (address.is_global and not address.is_multicast)
