"""Asking the web, politely: the transport that fetches from real servers, with httpx."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from http import HTTPStatus
from http.cookiejar import CookieJar, DefaultCookiePolicy
from os import environ
from pathlib import Path
from random import Random
from ssl import SSLContext

import httpx

from papertray.core.clock import Clock, SystemClock, instant, minute
from papertray.core.errors import (
    AskedToWait,
    FetchFailed,
    FetchRefused,
    Interrupted,
    NoNetwork,
    UsageError,
)
from papertray.feeds.fetching.addresses import plain_host, refusal
from papertray.feeds.fetching.exchange import (
    BrokenOff,
    Exchange,
    Patience,
    Reply,
    resolve,
    shown,
)
from papertray.feeds.fetching.pace import LONGEST_WAIT, Paces
from papertray.feeds.fetching.transport import Answer, Request

TRIES = 3
"""How often an address is asked that gives no answer, or one that may change by itself."""
MOST_REDIRECTS = 10

_ASK_AGAIN = {429, 500, 502, 503, 504}
_REDIRECTS = {301, 302, 303, 307, 308}
_PERMANENT = {301, 308}
_GONE = {404, 410}
_MOST_DAYS = 7
"""A server that wants to be left alone for longer is asked again after these days all the same."""


class HttpTransport:
    """Asks the web at the pace of each host; a `Transport`. Any thread may call it."""

    def __init__(
        self,
        allowed_hosts: Collection[str],
        agent: str,
        paces: Paces,
        *,
        patience: Patience | None = None,
        random: Random | None = None,
        clock: Clock | None = None,
        resolve: Callable[[str, int], Collection[str]] = resolve,
        agents: Mapping[str, str] | None = None,
    ) -> None:
        """`allowed_hosts` are those that the user named: they may be on this machine and its
        network. `agent` is how papertray calls itself, `agents` how to some hosts. `random` spreads
        tries, `clock` is what a server's dates are compared with, `resolve` returns a host's IP
        addresses.

        Raises `UsageError` if the environment names a proxy that cannot be used.
        """
        self._allowed_hosts = {plain_host(host) for host in allowed_hosts}
        self._paces = paces
        self._patience = patience or Patience()
        self._random = random or Random()
        self._clock = clock or SystemClock()
        self._resolve = resolve
        self._client = _client(agent)
        self._agents = {plain_host(host): name for host, name in (agents or {}).items()}
        self._lock = threading.Lock()
        self._under_way: set[Exchange] = set()
        self._is_stopped = False

    def get(self, request: Request, body: Path) -> Answer:
        """Fetch an address into the new file `body`: see `Transport.get`.

        Raises `DiskFull`, too.
        """
        url = first = self._permitted(request.url)
        is_permanent = True
        for _ in range(MOST_REDIRECTS + 1):
            try:
                reply = self._patiently(url, request, body)
            except NoNetwork as error:
                if url == first:
                    raise
                # The first host was there, so that it is not the network that is missing.
                raise FetchFailed(
                    f"{shown(first)} leads to {shown(url)}, whose host cannot be found."
                ) from error
            if reply.status not in _REDIRECTS:
                break
            is_permanent = is_permanent and reply.status in _PERMANENT
            url = self._redirected(url, reply)
        else:
            raise FetchFailed(f"{shown(first)} leads from one address to the next without end.")
        self._check_status(url, reply, request)
        return Answer(
            reply.status,
            str(url.copy_with(userinfo=b"")) if url.userinfo else str(url),
            body if reply.status == 200 else None,
            str(url) if is_permanent and url != first else "",
            reply.headers,
        )

    def stop(self) -> None:
        """Give up all that is under way, and whatever is asked from now on."""
        with self._lock:
            self._is_stopped = True
            exchanges = list(self._under_way)
        self._paces.stop()
        for exchange in exchanges:
            exchange.end()

    def close(self) -> None:
        """Stop, and let go of what httpx holds."""
        self.stop()
        self._client.close()

    def _permitted(self, address: str) -> httpx.URL:
        """Return an address if it may be asked, by what is written in it."""
        try:
            url = httpx.URL(address).copy_with(fragment=None)
        except (httpx.InvalidURL, ValueError) as error:
            raise FetchRefused(f"{shown(address)} is no address of the web.") from error
        host = plain_host(url.raw_host.decode())
        reason = refusal(url.scheme, host, bool(url.userinfo), self._allowed_hosts)
        if reason:
            raise FetchRefused(f"{shown(url)} {reason}.")
        return url

    def _redirected(self, url: httpx.URL, reply: Reply) -> httpx.URL:
        target = reply.headers.get("location", "")
        if not target:
            raise FetchFailed(f"{shown(url)} leads to another address that it does not name.")
        try:
            joined = url.join(target)
        except httpx.InvalidURL as error:
            raise FetchRefused(f"{shown(target)} is no address of the web.") from error
        return self._permitted(str(joined))

    def _patiently(self, url: httpx.URL, request: Request, body: Path) -> Reply:
        """Ask at the host's pace, and again where that may help."""
        host = plain_host(url.raw_host.decode())
        for left in reversed(range(TRIES)):
            with self._paces.turn(host):
                asked_to_wait = 0.0
                try:
                    reply = self._exchange(url, request, body)
                    if reply.status not in _ASK_AGAIN:
                        return reply
                    failure = FetchFailed(f"{shown(url)} answers {_said(reply.status)}.")
                    asked_to_wait = self._asked_to_wait(reply)
                except BrokenOff as error:
                    failure = error
                if asked_to_wait > LONGEST_WAIT or (asked_to_wait and not left):
                    raise self._held(host, url, asked_to_wait)
                if not left:
                    raise failure
                back_off = 2 ** (TRIES - 1 - left) * (0.5 + self._random.random())
                self._paces.hold(host, asked_to_wait or back_off)
        raise AssertionError("the last try raises or returns")

    def _held(self, host: str, url: httpx.URL, seconds: float) -> AskedToWait:
        not_before = instant(self._clock.now() + timedelta(seconds=seconds))
        self._paces.hold(host, seconds, not_before)
        message = f"{shown(url)} wants to be asked again after {minute(not_before)}."
        return AskedToWait(message, not_before)

    def _asked_to_wait(self, reply: Reply) -> float:
        """Return for how many seconds a server wants to be left alone, 0 if it does not say.

        RFC 9110, §10.2.3: a number of seconds, or a date.
        """
        said = reply.headers.get("retry-after", "").strip()
        if said.isdecimal():
            seconds = float(said)
        else:
            try:
                moment = parsedate_to_datetime(said)
            except (ValueError, OverflowError):
                return 0.0
            # A date without a zone is one of a server that forgot to write GMT.
            moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
            seconds = (moment - self._clock.now()).total_seconds()
        return min(max(seconds, 0.0), _MOST_DAYS * 86400.0)

    def _exchange(self, url: httpx.URL, request: Request, body: Path) -> Reply:
        host, headers = plain_host(url.raw_host.decode()), _headers(request)
        if agent := self._agents.get(host):
            headers["User-Agent"] = agent
        exchange = Exchange(
            self._client, url, headers, body, request.most_bytes,
            is_allowed=host in self._allowed_hosts,
            patience=self._patience, resolve=self._resolve,
        )  # fmt: skip
        with self._lock:
            if self._is_stopped:
                raise Interrupted("The fetching was ended.")
            self._under_way.add(exchange)
        try:
            return exchange.wait()
        finally:
            with self._lock:
                self._under_way.discard(exchange)

    def _check_status(self, url: httpx.URL, reply: Reply, request: Request) -> None:
        if reply.status == 200:
            return
        if reply.status != 304:
            raise FetchFailed(
                f"{shown(url)} answers {_said(reply.status)}.", is_lasting=reply.status in _GONE
            )
        if not request.etag and not request.last_modified:
            raise FetchFailed(f"{shown(url)} says that nothing is new, though nothing is known.")


def _client(agent: str) -> httpx.Client:
    try:
        client = httpx.Client(
            verify=_trusted(environ.get("SSL_CERT_FILE", ""), environ.get("SSL_CERT_DIR", "")),
            headers={"User-Agent": agent, "Accept-Encoding": "gzip", "Connection": "close"},
            # Each exchange has a connection of its own, whose other end is looked at.
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=0),
        )
    except (ImportError, ValueError, OSError, httpx.InvalidURL) as error:
        raise UsageError(
            "The environment names a proxy or certificates that are of no use; change HTTPS_PROXY, "
            f"HTTP_PROXY, ALL_PROXY, NO_PROXY or SSL_CERT_FILE: {error}"
        ) from error
    # Nobody is to know one request by another.
    client.cookies.jar = CookieJar(DefaultCookiePolicy(allowed_domains=[]))
    return client


@cache
def _trusted(file: str, folder: str) -> SSLContext:
    """Return the certificates that are trusted, if the environment names that file and folder.

    Reading them takes most of the time of opening a transport, and httpx would read them once more
    for each proxy.
    """
    return httpx.create_ssl_context()


def _headers(request: Request) -> dict[str, str]:
    headers = {"Accept": request.accept or "*/*"}
    if request.etag:
        headers["If-None-Match"] = request.etag
    if request.last_modified:
        headers["If-Modified-Since"] = request.last_modified
    return headers


def _said(status: int) -> str:
    """Return a status in figures and words: ``404 Not Found``."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)
