"""Contains some shared types for properties"""

import io
import os
from collections.abc import AsyncIterator, Iterator, Mapping, MutableMapping
from enum import StrEnum
from http import HTTPStatus
from typing import IO, Any, BinaryIO, Generic, Literal, Self, TypeVar
from urllib.parse import quote

import httpx
from anyio import to_thread
from attrs import define, field


class Unset:
    def __bool__(self) -> Literal[False]:
        return False

    def __reduce__(self) -> str:
        return "UNSET"  # there is only one, also in a copy and in another process


UNSET: Unset = Unset()


class Words(StrEnum):
    """The words that this client knows for something. A newer server may answer with others, and understand others: these are
    accepted, too. Such a word equals its text, but is not an attribute of its class.
    """

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        word = str.__new__(cls, value)
        word._name_ = word._value_ = value
        return word


# The types that `httpx.Client(files=)` can accept, copied from that library.
FileContent = IO[bytes] | bytes | str
FileTypes = (
    # (filename, file (or bytes), content_type)
    tuple[str | None, FileContent, str | None]
    # (filename, file (or bytes), content_type, headers)
    | tuple[str | None, FileContent, str | None, Mapping[str, str]]
)
RequestFiles = list[tuple[str, FileTypes]]


@define
class File:
    """A file that is sent, or an answer that is a file.

    Attributes:
        payload: Where its content is read from. That of an answer is completely in memory.
    """

    payload: BinaryIO
    file_name: str | None = None
    mime_type: str | None = None

    def to_tuple(self) -> FileTypes:
        """Return a tuple representation that httpx will accept for multipart/form-data"""
        return self.file_name, self.payload, self.mime_type


Content = File | BinaryIO | bytes
"""What can be sent as a file: one open for reading bytes, from its current position to its end, or the bytes themselves."""

PART = 1 << 18
"""How many bytes of a file are read at a time."""


class Parts:
    """A file open for reading bytes, from its current position to its current end, in parts of at most PART bytes.

    A seekable file is read from that position each time, since a redirected request sends it again. Others, such as pipes, can
    be read only once: the second time, this raises httpx.StreamConsumed.
    """

    def __init__(self, payload: BinaryIO):
        if not hasattr(payload, "read") or isinstance(payload, io.TextIOBase):
            raise TypeError(f"a body is bytes, or a file that is open for reading bytes, and no {type(payload).__name__}")
        self._payload = payload
        try:
            seekable = payload.seekable()
        except AttributeError:  # a member of a tar stream asks the stream, which lacks the method
            seekable = False
        self._start = payload.tell() if seekable else None
        self._length: int | None = None
        if self._start is not None:
            self._length = max(0, payload.seek(0, os.SEEK_END) - self._start)
            payload.seek(self._start)
        self._left = self._length
        self._begun = False

    def length(self) -> int | None:
        """Returns how many bytes there are; None for a pipe, for which this is unknown."""
        return self._length

    def begin(self) -> None:
        """Goes back to the position at which the file was."""
        if self._start is not None:
            self._payload.seek(self._start)
            self._left = self._length
        elif self._begun:
            raise httpx.StreamConsumed()
        self._begun = True

    def part(self) -> bytes:
        """Returns the next part; b"" at the end. If the file has grown, what is beyond the announced length is left out."""
        part = self._payload.read(PART if self._left is None else min(PART, self._left))
        if self._left is not None:
            self._left -= len(part)
        return part

    def __iter__(self) -> Iterator[bytes]:
        self.begin()
        while part := self.part():
            yield part


class AsyncParts:
    """The same for an event loop, which is not blocked, since a thread reads."""

    def __init__(self, parts: Parts):
        self._parts = parts

    async def __aiter__(self) -> AsyncIterator[bytes]:
        self._parts.begin()
        while part := await to_thread.run_sync(self._parts.part):
            yield part


def content_of(body: Content) -> tuple[Parts | bytes, dict[str, str]]:
    """Returns a body in the form that httpx.Client takes, and the header with its length, if that is known."""
    payload = body.payload if isinstance(body, File) else body
    if isinstance(payload, (bytes, bytearray, memoryview)):
        content = bytes(payload)  # whose len is in bytes, unlike that of some memoryviews
        return content, {"Content-Length": str(len(content))}
    parts = Parts(payload)
    length = parts.length()
    return parts, {} if length is None else {"Content-Length": str(length)}


def segment(name: Any) -> str:
    """Returns a name encoded as one segment of a URL path.

    Raises:
        ValueError: If it is empty, "." or "..". In a URL these are not names: remove_member of ".." would be sent as
            delete_project.
    """
    text = str(name)
    if text in ("", ".", ".."):
        raise ValueError(f"{text!r} is no name that an address can hold")
    return quote(text, safe="")


T = TypeVar("T")


@define
class Response(Generic[T]):
    """A response from an endpoint. When printed, it leaves out the content and the headers, which may contain secrets."""

    status_code: HTTPStatus
    content: bytes = field(repr=False)
    headers: MutableMapping[str, str] = field(repr=False)
    parsed: T | None


__all__ = [
    "PART",
    "UNSET",
    "AsyncParts",
    "Content",
    "File",
    "FileTypes",
    "Parts",
    "RequestFiles",
    "Response",
    "Unset",
    "Words",
    "content_of",
    "segment",
]
