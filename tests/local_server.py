"""A server on this machine that stands in for the internet.

::

    with LocalServer() as server:
        server.answers("/feed", Reply(body, etag='"1"'))
        fetch(server.url("/feed"))
        assert [ask.path for ask in server.asked] == ["/feed"]

Every address of 127.0.0.0/8 leads to it, so that it can be many hosts: ``server.url("/", host=7)``.
"""

from __future__ import annotations

import gzip
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Ask:
    """One request as it came: `at` is in seconds of a steady clock, headers in lower case."""

    host: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    at: float


@dataclass(frozen=True)
class Reply:
    """What the server says.

    `etag` and `last_modified` are told, and answered with 304 when they come back. `cut` is after
    how many bytes the connection breaks, `slow` the seconds between two pieces of `piece` bytes,
    `latency` the seconds before anything. `location` makes it a redirect (status 302 unless given).
    """

    body: bytes = b""
    status: int = 200
    content_type: str = "application/xml"
    etag: str = ""
    last_modified: str = ""
    location: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    packed: bool = False
    cut: int | None = None
    slow: float = 0.0
    piece: int = 1024
    latency: float = 0.0


Answerer = Callable[[Ask], Reply]


class LocalServer:
    """Answers on 127.0.0.1 and its neighbours until the context is left."""

    def __init__(self, latency: float = 0.0) -> None:
        self.asked: list[Ask] = []
        self.latency = latency
        self._answers: dict[str, Answerer | Reply | list[Reply]] = {}
        self._lock = threading.Lock()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                outer._answer(self)

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 512

            def handle_error(self, request: object, client_address: object) -> None:
                """A client that went away is no error here."""

        self._server = Server(("0.0.0.0", 0), Handler)
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        )

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def url(self, path: str, *, host: int | str = 1) -> str:
        """Return the address of a path, on 127.0.0.`host` or on a named host."""
        name = f"127.0.0.{host}" if isinstance(host, int) else host
        return f"http://{name}:{self.port}{path}"

    def speak_tls(self, context: ssl.SSLContext) -> None:
        """From now on be asked by https."""
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)

    def answers(self, path: str, reply: Answerer | Reply | list[Reply]) -> None:
        """Have a path (without its query) answered: always so, by a function, or in turn.

        Of several replies the last one stays. ``/below/*`` stands for all paths that begin so.
        """
        self._answers[path] = list(reply) if isinstance(reply, list) else reply

    def asked_for(self, path: str) -> list[Ask]:
        """Return the requests for a path so far."""
        with self._lock:
            return [ask for ask in self.asked if ask.path == path]

    def _reply(self, ask: Ask) -> Reply:
        with self._lock:
            self.asked.append(ask)
            found = self._answers.get(ask.path) or self._answer_below(ask.path)
            if isinstance(found, list):
                found = found.pop(0) if len(found) > 1 else found[0]
        if not isinstance(found, Reply):
            found = found(ask)
        known = ask.headers.get("if-none-match"), ask.headers.get("if-modified-since")
        if found.status == 200 and (
            (found.etag and known[0] == found.etag)
            or (found.last_modified and not known[0] and known[1] == found.last_modified)
        ):
            return replace(found, status=304, body=b"", cut=None, packed=False)
        return found

    def _answer_below(self, path: str) -> Answerer | Reply | list[Reply]:
        for known, found in self._answers.items():
            if known.endswith("/*") and path.startswith(known[:-1]):
                return found
        return Reply(b"not here", status=404)

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(handler.path)
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        headers = {name.lower(): value for name, value in handler.headers.items()}
        host = headers.get("host", "").partition(":")[0]
        reply = self._reply(Ask(host, parts.path, query, headers, time.monotonic()))
        if self.latency or reply.latency:
            time.sleep(self.latency + reply.latency)
        body = gzip.compress(reply.body) if reply.packed else reply.body
        handler.send_response(302 if reply.location and reply.status == 200 else reply.status)
        told = {
            "Content-Type": reply.content_type, "ETag": reply.etag,
            "Last-Modified": reply.last_modified, "Location": reply.location,
            "Content-Encoding": "gzip" if reply.packed else "", **reply.headers,
        }  # fmt: skip
        for name, value in told.items():
            if value:
                handler.send_header(name, value)
        if reply.status != 304 and "Content-Length" not in reply.headers:
            handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        if reply.cut is not None:
            handler.wfile.write(body[: reply.cut])
            handler.wfile.flush()
            handler.close_connection = True
            return
        if not reply.slow:
            handler.wfile.write(body)
            return
        for start in range(0, len(body), reply.piece):
            handler.wfile.write(body[start : start + reply.piece])
            handler.wfile.flush()
            time.sleep(reply.slow)
