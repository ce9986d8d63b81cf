"""Answers as they come, where the operations of granary_client.api read all of them into memory. Written by hand.

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
from .errors import Failed, UnexpectedStatus
from .models import Event, Events, Problem
from .types import PART, UNSET, AsyncParts, Parts

# Of a stream of events something comes every 15 seconds; what is silent for longer than this many is dead.
_SILENCE = httpx.Timeout(60, connect=10)

# How many seconds pass before a broken stream is asked for again; twice as many each further time, up to 30.
_FIRST_WAIT = 1.0

# Statuses after which the same may be asked again.
_PASSING = (429, 502, 503, 504)


class Answer(io.BufferedReader):
    """What was answered, as a file to be read from front to end, once. It is closed at the end of the with statement.

    Reading raises httpx.TransportError when the connection breaks, also where bytes are missing at the end, and
    httpx.TimeoutException when nothing comes for as long as the client's timeout.

    Attributes:
        status_code: 200; 206 for a range; or 304, without bytes, for what if_none_match names.
        headers: Such as ETag and Content-Length, whatever their case.
    """

    def __init__(self, response: httpx.Response):
        super().__init__(_Bytes(response.iter_bytes()), PART)
        self.status_code = response.status_code
        self.headers = response.headers


@contextmanager
def stream(operation: ModuleType, *, client: AuthenticatedClient | Client, **arguments: Any) -> Iterator[Answer]:
    """Does an operation, and gives its answer as it comes: of open_, archive, batch_read, and every other one.

    Args:
        operation: The module of the operation, such as granary_client.api.files.open_.
        client: As of the operation.
        arguments: The operation's others, all by their names.

    Raises:
        errors.Failed: If Granary does not do it.
        errors.UnexpectedStatus: If the answer is not Granary's, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for as long as Client.timeout.
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
    """Does what stream does for an event loop, and gives the httpx.Response, of which aiter_bytes() reads what comes.

    The arguments and what is raised are those of stream.
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
    """Follows a project: gives every event, one after the other, as they happen. It has no end of its own.

    When the connection breaks, or a server ends, it goes on behind the last event that it has given: none is left out, and none
    comes twice.

    Args:
        client: Whose user follows.
        project: The project's name; None: what happens outside of projects, for superusers.
        after: The seq behind which to begin, 0 or more; None: with what happens from when the first event is asked for.
        patience: For how many seconds in a row it asks again where there is no answer any more. The first time it does not.

    Raises:
        errors.Failed: If the user may not follow the project, or not any more; if the token is over; and, with the status 410,
            if the events behind `after` are not kept any more.
        errors.UnexpectedStatus: If the answer is not Granary's, such as a proxy's page or a redirect.
        httpx.TransportError: If there is no answer, or no connection.
    """
    feed = _Feed(project, after, patience)
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
    """Does what events does for an event loop. Who stops before its end closes it, as contextlib.aclosing does.

    The arguments and what is raised are those of events.
    """
    feed = _Feed(project, after, patience)
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
    """Parts of bytes as a file."""

    def __init__(self, parts: Iterator[bytes]):
        self._parts = parts
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._rest:
            part = next(self._parts, None)
            if part is None:
                return 0
            self._rest = memoryview(part)
        size = min(len(buffer), len(self._rest))
        buffer[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size


class _Feed:
    """Where a follower is, and what it has got of a message of which not all has come."""

    def __init__(self, project: str | None, after: int | None, patience: float):
        self.place = {} if project is None else {"project": project}
        self.operation = stream_common_events if project is None else stream_events
        self.newest = list_common_events if project is None else list_events
        self.after = after
        self._patience = patience
        self._answered = False  # ever
        self._silent_since: float | None = None
        self._wait = _FIRST_WAIT
        self._rest, self._type, self._data = b"", b"", list[bytes]()

    def begin(self, newest: Events | Problem | None) -> None:
        """Begins behind the newest event: a stream that breaks before its first one would else lose what happens meanwhile."""
        if isinstance(newest, Problem):
            raise Failed(newest)
        assert newest is not None  # every answer is one or the other
        self.after = newest.last

    def request(self) -> dict[str, Any]:
        return {
            **self.operation._get_kwargs(**self.place, after=UNSET if self.after is None else self.after),
            "timeout": _SILENCE,
        }

    def begun(self, response: httpx.Response) -> bool:
        """Reports whether the answer is a stream of events, which begins then."""
        kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if response.status_code != 200 or kind != "text/event-stream":
            return False
        self._answered, self._silent_since, self._wait = True, None, _FIRST_WAIT
        self._rest, self._type, self._data = b"", b"", list[bytes]()
        return True

    def take(self, part: bytes) -> Iterator[Event]:
        """Gives the events that are whole with a further part of the stream."""
        # No str.splitlines, to which more ends a line than to a stream of events: a name may hold U+0085.
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
        """Returns how many seconds to wait before asking again, or raises the failure if that is of no use."""
        status = failure.problem.status if isinstance(failure, Failed) else getattr(failure, "status_code", None)
        now = time.monotonic()
        if failure is not None:
            if not self._answered or status not in (None, *_PASSING):
                raise failure
            if self._silent_since is not None and now - self._silent_since >= self._patience:
                raise failure
        if self._silent_since is None:
            self._silent_since = now
        wait, self._wait = self._wait, min(30.0, self._wait * 2)
        return wait


def _succeeds(response: httpx.Response) -> bool:
    return response.is_success or response.status_code == 304


def _fail(operation: ModuleType, response: httpx.Response) -> NoReturn:
    """Raises what an answer says that is no success, and has been read."""
    parsed = operation._build_response(response).parsed
    if isinstance(parsed, Problem):
        raise Failed(parsed)
    raise UnexpectedStatus(response.status_code, response.content)


__all__ = ["Answer", "aevents", "astream", "events", "stream"]
