"""One request and its answer, which whoever waits for it can leave at any moment."""

from __future__ import annotations

import contextlib
import errno
import socket
import ssl
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Protocol, cast

import httpx

from papertray.core.errors import (
    DiskFull,
    FetchFailed,
    FetchRefused,
    Interrupted,
    NoNetwork,
    UnreadableSource,
)
from papertray.feeds.compression import unpacked
from papertray.feeds.fetching.addresses import is_public, plain_host

_NOWHERE = {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN}
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class _Stream(Protocol):
    """What httpx's extension `trace` gives for a connection."""

    def get_extra_info(self, info: str, /) -> object: ...


class BrokenOff(FetchFailed):
    """No answer, or half of one, for a reason that may have gone with the next try."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds for `connect`ing, for each piece to be `read`, and for an answer in `total`.

    An answer that comes with `bytes_a_second` or more gets longer in total.
    """

    connect: float = 10.0
    read: float = 30.0
    total: float = 60.0
    bytes_a_second: int = 32 << 10


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer's `status`, and its `headers` with lower-case names."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)


def resolve(host: str, port: int) -> list[str]:
    """Return the IP addresses of a host. Raises OSError if there are none, or no network."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


class Exchange:
    """Asks for one address, without following redirects.

    It runs in a thread of its own: looking up a name and connecting cannot be interrupted, and a
    server that sends one byte a minute keeps a reader busy for ever. So `wait` goes when its
    patience is at an end, or `end` is called; the thread follows as soon as it can, and what it had
    written is gone by then.
    """

    def __init__(
        self,
        client: httpx.Client,
        url: httpx.URL,
        headers: Mapping[str, str],
        body: Path,
        most_bytes: int,
        *,
        is_allowed: bool,
        patience: Patience,
        resolve: Callable[[str, int], Collection[str]],
    ) -> None:
        """`client` keeps no connection. `url` was found to be permitted as it is written; where it
        leads is looked at unless it `is_allowed` by the user. An answer of 200 goes to the new file
        `body`, if it is not more than `most_bytes` when it is unpacked."""
        self._client = client
        self._url = url
        self._headers = headers
        self._body = body
        self._most_bytes = most_bytes
        self._is_allowed = is_allowed
        self._patience = patience
        self._resolve = resolve
        self._name = shown(url)
        self._lock = threading.Lock()
        self._settled = threading.Event()
        self._socket: socket.socket | None = None
        self._is_checked = False
        self._proxy = ""
        self._file: BinaryIO | None = None
        self._received = 0
        self._reply: Reply | None = None
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name=f"fetch {self._name}", daemon=True)

    def wait(self) -> Reply:
        """Ask, and return what was answered.

        Raises `BrokenOff`, `FetchFailed`, `FetchRefused`, `NoNetwork`, `DiskFull`, and after `end`
        `Interrupted`; then no file is left behind.
        """
        self._thread.start()
        start = time.monotonic()
        try:
            while not self._settled.is_set():
                allowed = self._patience.total + self._received / self._patience.bytes_a_second
                rest = start + allowed - time.monotonic()
                if rest <= 0:
                    self._settle(failure=self._too_slow())
                self._settled.wait(max(rest, 0))
        finally:  # also if Ctrl-C ends the waiting
            self.end()
        if self._failure is not None:
            raise self._failure
        assert self._reply is not None
        return self._reply

    def end(self) -> None:
        """Give it up. Does nothing if it has come to an end."""
        self._settle(failure=Interrupted(f"The fetching of {self._name} was ended."))

    def _settle(self, *, reply: Reply | None = None, failure: BaseException | None = None) -> None:
        """Come to an end, which happens once."""
        with self._lock:
            if self._settled.is_set():
                return
            self._reply, self._failure = reply, failure
            if self._file is not None:
                with contextlib.suppress(OSError):  # of what could not be written; it goes anyway
                    self._file.close()
                if failure is not None:
                    self._body.unlink(missing_ok=True)
            self._settled.set()
            if self._socket is not None and failure is not None:
                # Closing it would not wake a thread that reads from it. The method of the plain
                # socket, since that of a TLS one takes away what the other thread works with.
                with contextlib.suppress(OSError):
                    socket.socket.shutdown(self._socket, socket.SHUT_RDWR)

    def _run(self) -> None:
        try:
            reply = self._ask()
            if reply.status == 200 and self._file is not None:
                self._file.flush()
        except BaseException as error:
            self._settle(failure=self._explained(error))
        else:
            self._settle(reply=reply)

    def _ask(self) -> Reply:
        timeout = httpx.Timeout(self._patience.read, connect=self._patience.connect, pool=None)
        headers = [(n.encode(), v.encode()) for n, v in self._headers.items() if v.isprintable()]
        with self._client.stream(
            "GET", self._url, headers=headers, timeout=timeout, follow_redirects=False,
            extensions={"trace": self._traced},
        ) as response:  # fmt: skip
            if not self._is_checked:
                raise RuntimeError("httpx connected without saying so")
            reply = Reply(response.status_code, dict(response.headers))
            if reply.status == 200:
                self._keep(reply, response.iter_raw())
            return reply

    def _keep(self, reply: Reply, raw: Iterator[bytes]) -> None:
        """Write what comes to the file."""
        length = reply.headers.get("content-length", "")
        if length.isdecimal() and float(length) > self._most_bytes:
            raise self._too_large()
        packing = reply.headers.get("content-encoding", "").strip().lower()
        if packing not in ("", "identity", "gzip", "x-gzip"):
            raise FetchFailed(f"{self._name} came packed as {packing}, which was not asked for.")
        pieces = self._counted(raw)
        if packing in ("gzip", "x-gzip"):
            pieces = unpacked(pieces, "gzip", self._name)
        with self._lock:
            if self._settled.is_set():
                return
            self._file = self._body.open("xb")
        size = 0
        for piece in pieces:
            size += len(piece)
            if size > self._most_bytes:
                raise self._too_large()
            self._file.write(piece)
        if self._received and not size:
            raise FetchFailed(f"{self._name} came as gzip, and is none.")

    def _counted(self, raw: Iterator[bytes]) -> Iterator[bytes]:
        for piece in raw:
            self._received += len(piece)
            yield piece

    def _too_slow(self) -> BrokenOff:
        return BrokenOff(f"{self._name} takes too long to answer.")

    def _too_large(self) -> FetchFailed:
        size = _size(self._most_bytes)
        return FetchFailed(f"{self._name} is larger than {size} and was left.", is_lasting=True)

    def _traced(self, event: str, info: Mapping[str, object]) -> None:
        """Judge where httpx connects to, before and after it does.

        Through a proxy it connects to another host than was asked for. That host the user named
        herself, and it alone knows where the name leads.
        """
        if event.endswith("connect_tcp.started"):
            connected = plain_host(str(info["host"]))
            is_direct = connected == plain_host(self._url.raw_host.decode())
            self._proxy = "" if is_direct else connected
            self._is_checked = self._is_allowed or not is_direct
            if not self._is_checked:
                self._check_name(str(info["host"]), info["port"])
        elif event.endswith(("connect_tcp.complete", "start_tls.complete")):
            found = cast(_Stream, info["return_value"]).get_extra_info("socket")
            assert isinstance(found, socket.socket)
            with self._lock:
                if self._settled.is_set():
                    found.close()
                    return
                self._socket = found
            if not self._is_checked:
                self._check_peer(found)

    def _check_name(self, host: str, port: object) -> None:
        assert isinstance(port, int)
        addresses = self._resolve(host, port)
        if not all(is_public(address) for address in addresses):
            raise self._refused()

    def _check_peer(self, connected: socket.socket) -> None:
        if not is_public(str(connected.getpeername()[0])):
            connected.close()
            raise self._refused()
        self._is_checked = True

    def _refused(self) -> FetchRefused:
        return FetchRefused(f"{self._name} leads into this machine or its network.")

    def _explained(self, error: BaseException) -> BaseException:
        """Return what a failure means to the user; what is a bug stays as it is."""
        # As it was sent: what looks like an international name may be none.
        name, host = self._name, self._url.raw_host.decode()
        cause = _system_error(error)
        if isinstance(error, FetchFailed):
            return error
        if isinstance(error, UnreadableSource):
            return BrokenOff(str(error))
        if isinstance(cause, socket.gaierror) or (cause and cause.errno in _NOWHERE):
            return NoNetwork(f"There is no network, or no host {host}.")
        if isinstance(cause, ssl.SSLCertVerificationError):
            return FetchFailed(f"{name} shows a certificate that is not to be trusted.")
        if isinstance(error, httpx.ConnectError) and isinstance(cause, ConnectionRefusedError):
            who = f"the proxy {self._proxy}" if self._proxy else host
            return FetchFailed(f"{name} cannot be reached: {who} refuses the connection.")
        if isinstance(error, httpx.ProxyError):
            return FetchFailed(f"{name} was not fetched by the proxy, which says {error}.")
        # httpx looks at redirects, though it follows none.
        if isinstance(error, httpx.InvalidURL | UnicodeError):
            return FetchRefused(f"{name} leads to what is no address of the web.")
        if isinstance(error, httpx.TimeoutException):
            return self._too_slow()
        if isinstance(error, httpx.RemoteProtocolError):
            return BrokenOff(f"{name} gave no whole answer.")
        if isinstance(error, httpx.NetworkError):
            return BrokenOff(f"{name} broke the connection off.")
        if isinstance(error, OSError) and error.errno in _NO_ROOM:
            return DiskFull(f"There is no room left for what {name} answers; make some.")
        return error


def shown(url: httpx.URL | str) -> str:
    """Return an address as it is named to the user: without name and password, and not too long.

    Of a text that is no address all is left out that may be a password.
    """
    if isinstance(url, httpx.URL):
        text = str(url.copy_with(userinfo=b"") if url.userinfo else url)
    else:
        text = url.rpartition("@")[2]
    return text if len(text) <= 200 else f"{text[:199]}…"


def _size(count: int) -> str:
    return f"{count >> 20} MB" if count >> 20 else f"{count} bytes"


def _system_error(error: BaseException) -> OSError | None:
    """Return the operating system's error that an error came from, if it did."""
    found: BaseException | None = error
    while found is not None and not isinstance(found, OSError):
        found = found.__cause__ or found.__context__
    return found
