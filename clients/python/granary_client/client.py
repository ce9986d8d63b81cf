import asyncio
import os
import ssl
import threading
from collections.abc import Generator
from contextlib import suppress
from typing import Any, Self

import httpx
from attrs import define, evolve, field

DEFAULT_TIMEOUT = httpx.Timeout(300, connect=10)
"""In seconds: 10 to connect, and 300 for everything else that is waited for."""

_making = threading.Lock()  # held while an httpx.Client is made, so that threads that begin together share one


def _unlock_in_child() -> None:
    global _making
    _making = threading.Lock()  # the thread that held it is not in this process


if hasattr(os, "register_at_fork"):  # where processes are forked
    os.register_at_fork(after_in_child=_unlock_in_child)


@define
class Client:
    """The address of a Granary and the settings of requests to it, without a credential. Operations take it as client.

    Many threads may use one client. It may be pickled, and used after a fork: each process has its own connections. Cookies
    that were set by answers, such as that of sign_in, stay in the process, and in the event loop, that received them. Requests
    with such a cookie that change something also need the header X-XSRF-HEADER, with any value.

    Args:
        base_url: The service's origin, such as https://granary.example.org.
        cookies: Sent with every request.
        headers: Sent with every request.
        timeout: How many seconds a request waits for a connection, and then each time until more is sent or received; a
            number, or an httpx.Timeout that distinguishes these. None: no limit. Without it, DEFAULT_TIMEOUT. A longer wait
            raises httpx.TimeoutException. It does not limit the time of a whole request.
        verify_ssl: Whether the server's certificate is verified, or with what: a file of certificates, or an ssl.SSLContext,
            with which a client cannot be pickled.
        follow_redirects: Whether redirects are followed; otherwise they raise errors.UnexpectedStatus.
        httpx_args: Further arguments for httpx.Client and httpx.AsyncClient.
    """

    _base_url: str = field(alias="base_url")
    _cookies: dict[str, str] = field(factory=dict, kw_only=True, alias="cookies", repr=False)
    _headers: dict[str, str] = field(factory=dict, kw_only=True, alias="headers", repr=False)
    _timeout: httpx.Timeout | float | None = field(default=DEFAULT_TIMEOUT, kw_only=True, alias="timeout")
    _verify_ssl: str | bool | ssl.SSLContext = field(default=True, kw_only=True, alias="verify_ssl")
    _follow_redirects: bool = field(default=False, kw_only=True, alias="follow_redirects")
    _httpx_args: dict[str, Any] = field(factory=dict, kw_only=True, alias="httpx_args", repr=False)
    # The httpx clients, and the processes that they belong to; None: they were set, and are used in all processes.
    _client: httpx.Client | None = field(default=None, init=False, repr=False, eq=False)
    _client_process: int | None = field(default=None, init=False, repr=False, eq=False)
    _async_client: httpx.AsyncClient | None = field(default=None, init=False, repr=False, eq=False)
    _async_client_process: int | None = field(default=None, init=False, repr=False, eq=False)
    _async_client_loop: asyncio.AbstractEventLoop | None = field(default=None, init=False, repr=False, eq=False)

    def with_headers(self, headers: dict[str, str]) -> Self:
        """Returns another client that sends these headers, too. This one is not changed, and no connection is shared."""
        return evolve(self, headers={**self._headers, **headers})

    def with_cookies(self, cookies: dict[str, str]) -> Self:
        """Returns another client that sends these cookies, too. This one is not changed, and no connection is shared."""
        return evolve(self, cookies={**self._cookies, **cookies})

    def with_timeout(self, timeout: httpx.Timeout | float | None) -> Self:
        """Returns another client with another timeout, in seconds. This one is not changed, and no connection is shared."""
        return evolve(self, timeout=timeout)

    def set_httpx_client(self, client: httpx.Client) -> Self:
        """Makes requests use the given httpx.Client as it is: with its own headers and timeout, and without the token.

        It is also used after a fork, and this client can then not be pickled.
        """
        self._client, self._client_process = client, None
        return self

    def get_httpx_client(self) -> httpx.Client:
        """Returns the httpx.Client that requests use; if none was set, the first call in a process creates it."""
        with _making:
            if self._client is None or self._client_process not in (None, os.getpid()):
                self._client, self._client_process = httpx.Client(**self._httpx_settings()), os.getpid()
            return self._client

    def __enter__(self) -> Self:
        """Closes the connections at the end of the with statement. A client can have one, and makes no requests before or after it."""
        self.get_httpx_client().__enter__()
        return self

    def __exit__(self, *args: Any, **kwargs: Any) -> None:
        self.get_httpx_client().__exit__(*args, **kwargs)

    def set_async_httpx_client(self, async_client: httpx.AsyncClient) -> Self:
        """The same as set_httpx_client for asynchronous requests."""
        self._async_client, self._async_client_process = async_client, None
        return self

    def get_async_httpx_client(self) -> httpx.AsyncClient:
        """The same as get_httpx_client for asynchronous requests. Only one event loop may use it at a time. Once a loop is closed,
        as asyncio.run does at its end, the next one gets a new httpx.AsyncClient: connections belong to the loop that made them.
        """
        loop = self._async_client_loop
        ended = loop is not None and loop.is_closed() and self._async_client is not None and not self._async_client.is_closed
        if self._async_client is None or (
            self._async_client_process is not None and (ended or self._async_client_process != os.getpid())
        ):
            self._async_client, self._async_client_process = httpx.AsyncClient(**self._httpx_settings()), os.getpid()
            self._async_client_loop = None
        if self._async_client_loop is None:
            with suppress(RuntimeError):  # there is none running
                self._async_client_loop = asyncio.get_running_loop()
        return self._async_client

    async def __aenter__(self) -> Self:
        """The same as __enter__ for asynchronous requests."""
        await self.get_async_httpx_client().__aenter__()
        return self

    async def __aexit__(self, *args: Any, **kwargs: Any) -> None:
        await self.get_async_httpx_client().__aexit__(*args, **kwargs)

    def _httpx_settings(self) -> dict[str, Any]:
        """Arguments for httpx.Client and httpx.AsyncClient."""
        return {
            "base_url": self._base_url,
            "cookies": self._cookies,
            "headers": self._headers,
            "timeout": self._timeout,
            "verify": self._verify_ssl,
            "follow_redirects": self._follow_redirects,
            **self._httpx_args,
        }

    def __getstate__(self) -> dict[str, Any]:
        for client, process in (self._client, self._client_process), (self._async_client, self._async_client_process):
            if client is not None and process is None:
                raise TypeError("a client for which an httpx client was set cannot be pickled: set it where the client is used")
        ours = ("_client", "_client_process", "_async_client", "_async_client_process", "_async_client_loop")
        return {a.name: None if a.name in ours else getattr(self, a.name) for a in self.__attrs_attrs__}

    def __setstate__(self, state: dict[str, Any]) -> None:
        for name, value in state.items():
            setattr(self, name, value)


@define(getstate_setstate=False)  # Client's are used
class AuthenticatedClient(Client):
    """A Client that sends a token with each request.

    Args:
        token: A token of `granary token create` or create_token; white space around it, such as the end of the line in a file,
            is left out. If it is replaced, as in client.token = renewed, the new one is sent from the next request on.
        prefix: What precedes the token in the header; empty: nothing.
        auth_header_name: The name of the header.
    """

    token: str = field(repr=False)
    prefix: str = "Bearer"
    auth_header_name: str = "Authorization"

    def _httpx_settings(self) -> dict[str, Any]:
        return {"auth": _Shown(self), **super()._httpx_settings()}


class _Shown(httpx.Auth):
    """Adds the token that a client has at the time of the request."""

    def __init__(self, client: AuthenticatedClient):
        self._client = client

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        prefix, token = self._client.prefix, self._client.token.strip()
        if not token.isprintable():  # httpx would refuse it, too, with a message that shows it
            raise ValueError("the token holds a line break, or another character that is not printable")
        request.headers[self._client.auth_header_name] = f"{prefix} {token}" if prefix else token
        yield request


__all__ = ["DEFAULT_TIMEOUT", "AuthenticatedClient", "Client"]
