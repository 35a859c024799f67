"""The network, for those who fetch: opened when it is wanted, and no earlier."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from papertray.core.settings import SETTINGS, Settings
from papertray.feeds.fetching.transport import Transport

if TYPE_CHECKING:  # nobody who opens no network waits for it
    from papertray.feeds.fetching.pace import Starts


@dataclass(frozen=True, slots=True)
class Network:
    """The network that `settings` describe, for those who may need it: not opened yet."""

    settings: Settings

    def open(self, asked_hosts: Collection[str] = ()) -> AbstractContextManager[Transport]:
        """Open it, as `open_transport` does."""
        return open_transport(self.settings, asked_hosts)

    @property
    def services(self) -> dict[str, str]:
        """The addresses of the services, by name."""
        return services(self.settings)


def services(settings: Settings) -> dict[str, str]:
    """Return where each service is asked, by its name in the settings."""
    return {one.name: settings.text(one.id) for one in SETTINGS if one.table == "services"}


@contextmanager
def open_transport(settings: Settings, asked_hosts: Collection[str]) -> Iterator[Transport]:
    """Open what asks the web, for as long as the context lasts.

    `asked_hosts` are those that the user named by a subscription or on the command line. Only
    they, and services that the settings lead there, may lie on this machine and its network.

    Raises `UsageError` if the environment names a proxy that cannot be used.
    """
    from papertray.feeds.fetching.http import HttpTransport  # httpx is for those who fetch
    from papertray.feeds.fetching.pace import Paces

    hosts = {*asked_hosts, *_service_hosts(settings)}
    # Nobody else is to learn the user's address.
    named = dict.fromkeys(_service_hosts(settings, all_of_them=True), agent(_contact(settings)))
    transport = HttpTransport(hosts, agent(), Paces(starts=_starts()), agents=named)
    try:
        yield transport
    finally:
        transport.close()


def _contact(settings: Settings) -> str:
    return settings.text("network.contact")


@cache
def _starts() -> Starts:
    """Return when each host was asked last by this process, which may open several transports."""
    from papertray.feeds.fetching.pace import Starts

    return Starts()


def agent(contact: str = "") -> str:
    """Return how papertray calls itself to servers, with an e-mail address if there is one."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        name = f"papertray/{version('papertray')}"
    except PackageNotFoundError:  # run from its sources
        name = "papertray"
    # What a header may not hold is left out, rather than failing at each request.
    told = "".join(char for char in contact if char.isascii() and char.isprintable())
    return f"{name} (mailto:{told.strip()})" if told.strip() else name


def _service_hosts(settings: Settings, *, all_of_them: bool = False) -> Iterator[str]:
    """Yield the hosts of the services that the user's settings lead elsewhere, or of all."""
    for setting in SETTINGS:
        if setting.is_address and (all_of_them or settings.text(setting.id) != setting.usual):
            address = settings.text(setting.id)
            with suppress(ValueError):  # no address: that is said when it is asked
                yield urlsplit(address).hostname or ""
