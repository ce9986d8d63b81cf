"""Streams answers as they come, whereas the operations of granary_client.api read them into memory. Written by hand.

with streaming.stream(open_, client=client, path="/Projects/maps/tiles.tar") as answer, open("tiles.tar", "wb") as file:
    shutil.copyfileobj(answer, file)

with streaming.stream(batch_read, client=client, body=BatchRead(directory="/Projects/maps/tiles")) as answer:
    with tarfile.open(fileobj=answer, mode="r|") as tiles:
        names = [tile.name for tile in tiles]

for event in streaming.events(client=client, project="maps"):
    print(event.op, event.path)
"""

import io
import json
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from types import ModuleType
from typing import Any, NoReturn

import anyio
import httpx

from .api.events import list_common_events, list_events, stream_common_events, stream_events
from .client import AuthenticatedClient, Client
from .errors import Failed, UnexpectedStatus, is_page, retry_after
from .models import Event, Events, Problem
from .types import PART, UNSET, AsyncParts, Parts

# A stream of events sends something every 15 seconds; one that is silent for 60 seconds is considered dead.
_SILENCE = httpx.Timeout(60, connect=10)

# Seconds before a broken stream is requested again. The wait doubles with each further attempt, up to 30.
_FIRST_WAIT = 1.0

# Statuses after which the same request may succeed later.
_PASSING = (429, 502, 503, 504)


class Answer(io.BufferedReader):
    """An answer, as a file that can be read once, from front to end. It is closed at the end of the with statement.

    Reading raises httpx.TransportError if the connection breaks, even if bytes are missing only at the end, and
    httpx.TimeoutException if nothing comes for as long as the client's timeout. So does every further attempt to read.

    Attributes:
        status_code: 200; 206 for a range; or 304, without bytes, if if_none_match names the content.
        headers: Such as ETag and Content-Length; the case of names does not matter.
    """

    def __init__(self, response: httpx.Response):
        super().__init__(_Bytes(response.iter_bytes()), PART)
        self.status_code = response.status_code
        self.headers = response.headers


@contextmanager
def stream(operation: ModuleType, *, client: AuthenticatedClient | Client, **arguments: Any) -> Iterator[Answer]:
    """Does an operation, such as open_, archive or batch_read, and yields its answer as it comes.

    Args:
        operation: The module of the operation, such as granary_client.api.files.open_.
        client: The client to use.
        arguments: The operation's other arguments, all by name.

    Raises:
        errors.Failed: If Granary refuses the operation, or fails to do it.
        errors.UnexpectedStatus: If the answer is not Granary's, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing can be sent or received for as long as Client.timeout.
    """
    with client.get_httpx_client().stream(**operation._get_kwargs(**arguments)) as response:
        if not _succeeds(response):
            response.read()
            _fail(operation, response)
        with Answer(response) as answer:
            yield answer


@asynccontextmanager
async def astream(
    operation: ModuleType, *, client: AuthenticatedClient | Client, **arguments: Any
) -> AsyncIterator[httpx.Response]:
    """Does as stream in an event loop, but yields the httpx.Response, whose aiter_bytes() yields the bytes as they come.

    It takes the same arguments as stream and raises the same exceptions.
    """
    kwargs = operation._get_kwargs(**arguments)
    if isinstance(kwargs.get("content"), Parts):
        kwargs["content"] = AsyncParts(kwargs["content"])
    async with client.get_async_httpx_client().stream(**kwargs) as response:
        if not _succeeds(response):
            await response.aread()
            _fail(operation, response)
        yield response


def events(
    *, client: AuthenticatedClient | Client, project: str | None = None, after: int | None = None, patience: float = 300
) -> Iterator[Event]:
    """Follows a project: yields every event, in order, as they happen. It does not end by itself.

    If the connection breaks, or a server ends, it reconnects and goes on after the last event that it has yielded: none is
    left out, and none comes twice. So it does if the token ends, if client.token has been replaced by then.

    Args:
        client: The client whose user follows.
        project: The project's name; None: what happens outside of projects, for superusers.
        after: The seq after which to begin, 0 or more; None: begin with events from when the first one is asked for.
        patience: For how many seconds to keep trying while there is no answer. The first connection is tried only once.

    Raises:
        errors.Failed: If the user may not follow the project, or not any more; if the token is no longer valid; and, with the
            status 410, if the events after `after` are no longer kept.
        errors.UnexpectedStatus: If the answer is not Granary's, such as a proxy's page or a redirect.
        httpx.TransportError: If there is no connection, or no answer.
    """
    feed = _Feed(client, project, after, patience)
    while True:
        try:
            if feed.after is None:
                feed.begin(feed.newest.sync(client=client, **feed.place, before=0, limit=1))
            with client.get_httpx_client().stream(**feed.request()) as response:
                if not feed.begun(response):
                    response.read()
                    _fail(feed.operation, response)
                for part in response.iter_bytes():
                    yield from feed.take(part)
            wait = feed.broken(None)
        except (httpx.TransportError, Failed, UnexpectedStatus) as broken:
            wait = feed.broken(broken)
        time.sleep(wait)


async def aevents(
    *, client: AuthenticatedClient | Client, project: str | None = None, after: int | None = None, patience: float = 300
) -> AsyncIterator[Event]:
    """Does as events in an event loop. To stop before it ends, close it, as contextlib.aclosing does.

    It takes the same arguments as events and raises the same exceptions.
    """
    feed = _Feed(client, project, after, patience)
    while True:
        try:
            if feed.after is None:
                feed.begin(await feed.newest.asyncio(client=client, **feed.place, before=0, limit=1))
            async with client.get_async_httpx_client().stream(**feed.request()) as response:
                if not feed.begun(response):
                    await response.aread()
                    _fail(feed.operation, response)
                async for part in response.aiter_bytes():
                    for event in feed.take(part):
                        yield event
            wait = feed.broken(None)
        except (httpx.TransportError, Failed, UnexpectedStatus) as broken:
            wait = feed.broken(broken)
        await anyio.sleep(wait)


class _Bytes(io.RawIOBase):
    """A file made of parts of bytes."""

    def __init__(self, parts: Iterator[bytes]):
        self._parts = parts
        self._rest = memoryview(b"")
        self._failure: Exception | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._rest:
            if self._failure is not None:  # the iterator has ended, as it does after the last part
                raise self._failure
            try:
                part = next(self._parts, None)
            except Exception as failure:
                self._failure = failure
                raise
            if part is None:
                return 0
            self._rest = memoryview(part)
        size = min(len(buffer), len(self._rest))
        buffer[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size


class _Feed:
    """The position of a follower, and the part of an incomplete message that it has received."""

    def __init__(self, client: AuthenticatedClient | Client, project: str | None, after: int | None, patience: float):
        self._client = client
        self._shown: str | None = None  # the token of the last request
        self.place = {} if project is None else {"project": project}
        self.operation = stream_common_events if project is None else stream_events
        self.newest = list_common_events if project is None else list_events
        self.after = after
        self._patience = patience
        self._answered = False  # whether there ever was an answer
        self._silent_since: float | None = None
        self._wait = _FIRST_WAIT
        self._rest, self._type, self._data = b"", b"", list[bytes]()

    def begin(self, newest: Events | Problem | None) -> None:
        """Begins after the newest event: otherwise a stream that breaks before its first one would lose what happens meanwhile."""
        if isinstance(newest, Problem):
            raise Failed(newest)
        assert newest is not None  # every answer is one or the other
        self.after = newest.last

    def request(self) -> dict[str, Any]:
        self._shown = self._token()
        return {
            **self.operation._get_kwargs(**self.place, after=UNSET if self.after is None else self.after),
            "timeout": _SILENCE,
        }

    def begun(self, response: httpx.Response) -> bool:
        """Reports whether the answer is a stream of events, and if so, resets the state for it."""
        kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if response.status_code != 200 or kind != "text/event-stream":
            return False
        self._answered, self._silent_since, self._wait = True, None, _FIRST_WAIT
        self._rest, self._type, self._data = b"", b"", list[bytes]()
        return True

    def take(self, part: bytes) -> Iterator[Event]:
        """Yields the events that a further part of the stream completes."""
        # Not str.splitlines, which splits at more characters than a stream of events does: a name may hold U+0085.
        *lines, self._rest = (self._rest + part).split(b"\n")
        for line in lines:
            field, _, value = line.removesuffix(b"\r").partition(b":")
            if field == b"event":
                self._type = value.removeprefix(b" ")
            elif field == b"data":
                self._data.append(value.removeprefix(b" "))
            elif field == b"" and not value:
                yield from self._message(self._type, b"\n".join(self._data))
                self._type, self._data = b"", []

    def _message(self, kind: bytes, data: bytes) -> Iterator[Event]:
        try:
            if kind == b"end":
                raise Failed(Problem.from_dict(json.loads(data)))
            if kind != b"change":
                return
            event = Event.from_dict(json.loads(data))
        except (AttributeError, KeyError, TypeError, ValueError) as other:
            raise UnexpectedStatus(200, data) from other
        self.after = event.seq
        yield event

    def broken(self, failure: Exception | None) -> float:
        """Returns how many seconds to wait before asking again, or raises the failure if asking again is useless."""
        status = failure.problem.status if isinstance(failure, Failed) else getattr(failure, "status_code", None)
        now = time.monotonic()
        if failure is not None:
            # Whoever shows a token that was revoked is told 401, and who followed with it already, 403.
            renewed = status in (401, 403) and self._token() != self._shown
            if not self._answered or not (renewed or status in (None, *_PASSING)):
                raise failure
            if self._silent_since is not None and now - self._silent_since >= self._patience:
                raise failure
        if self._silent_since is None:
            self._silent_since = now
        wait, self._wait = self._wait, min(30.0, self._wait * 2)
        return wait

    def _token(self) -> str | None:
        return getattr(self._client, "token", None)


def _succeeds(response: httpx.Response) -> bool:
    return (response.is_success or response.status_code == 304) and not is_page(response)


def _fail(operation: ModuleType, response: httpx.Response) -> NoReturn:
    """Raises the error in an unsuccessful answer, which must have been read."""
    parsed = operation._build_response(response).parsed
    if isinstance(parsed, Problem):
        raise Failed(parsed, retry_after(response))
    raise UnexpectedStatus(response.status_code, response.content)


__all__ = ["Answer", "aevents", "astream", "events", "stream"]
