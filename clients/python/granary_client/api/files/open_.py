from http import HTTPStatus
from io import BytesIO
from typing import Any, cast

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.open_mediatype import OpenMediatype
from ...models.problem import Problem
from ...types import UNSET, File, Response, Unset


def _get_kwargs(
    *,
    path: str,
    offset: int | Unset = UNSET,
    length: int | Unset = UNSET,
    buffersize: int | Unset = UNSET,
    mediatype: OpenMediatype | Unset = UNSET,
    if_match: str | Unset = UNSET,
    if_none_match: str | Unset = UNSET,
    range_: str | Unset = UNSET,
    if_range: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(if_match, Unset):
        headers["If-Match"] = if_match

    if not isinstance(if_none_match, Unset):
        headers["If-None-Match"] = if_none_match

    if not isinstance(range_, Unset):
        headers["Range"] = range_

    if not isinstance(if_range, Unset):
        headers["If-Range"] = if_range

    params: dict[str, Any] = {}

    params["path"] = path

    params["offset"] = offset

    params["length"] = length

    params["buffersize"] = buffersize

    json_mediatype: str | Unset = UNSET
    if not isinstance(mediatype, Unset):
        json_mediatype = mediatype.value

    params["mediatype"] = json_mediatype

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/fs/open",
        "params": params,
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(response: httpx.Response) -> Any | File | Problem:
    if response.status_code == 200:
        response_200 = File(payload=BytesIO(response.content))

        return response_200

    if response.status_code == 206:
        response_206 = File(payload=BytesIO(response.content))

        return response_206

    if response.status_code == 304:
        response_304 = cast(Any, None)
        return response_304

    if response.status_code == 429:
        response_429 = Problem.from_dict(errors.problem(response))

        return response_429

    response_default = Problem.from_dict(errors.problem(response))

    return response_default


def _build_response(response: httpx.Response) -> Response[Any | File | Problem]:
    if errors.is_page(response):
        raise errors.UnexpectedStatus(response.status_code, response.content)
    try:
        return Response(
            status_code=HTTPStatus(response.status_code),
            content=response.content,
            headers=response.headers,
            parsed=_parse_response(response),
        )
    except (AttributeError, KeyError, TypeError, ValueError) as other:  # not JSON, or not as the document defines it
        raise errors.UnexpectedStatus(response.status_code, response.content) from other


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    path: str,
    offset: int | Unset = UNSET,
    length: int | Unset = UNSET,
    buffersize: int | Unset = UNSET,
    mediatype: OpenMediatype | Unset = UNSET,
    if_match: str | Unset = UNSET,
    if_none_match: str | Unset = UNSET,
    range_: str | Unset = UNSET,
    if_range: str | Unset = UNSET,
) -> Response[Any | File | Problem]:
    """Read a file, or a range of it.

    This reads the complete answer into memory. granary_client.streaming.stream reads it as it arrives.

    Args:
        path (str): Absolute path. Absolute: names after slashes, of which none is "." or ".." and
            none has a colon or a NUL.
        offset (int | Unset): First byte to read.
        length (int | Unset): How many bytes to read; without it, to the end.
        buffersize (int | Unset): Accepted and ignored: the server chooses the sizes of its
            buffers.
        mediatype (OpenMediatype | Unset): The Content-Type of the answer, for browsers that play
            or show only content of a known type; under /api/v1.
        if_match (str | Unset): Only if the file's ETag is one of these; * for any. Otherwise 412.
        if_none_match (str | Unset): Only if the file's ETag is none of these; *: only if the file
            does not exist. Otherwise 412, or 304 for a read.
        range_ (str | Unset): A range of bytes, if no parameter asks for one. For several ranges
            the whole file is sent.
        if_range (str | Unset): The ETag that Range is for; if the file has another one, the whole
            file is sent.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        Response[Any | File | Problem]
    """

    kwargs = _get_kwargs(
        path=path,
        offset=offset,
        length=length,
        buffersize=buffersize,
        mediatype=mediatype,
        if_match=if_match,
        if_none_match=if_none_match,
        range_=range_,
        if_range=if_range,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    path: str,
    offset: int | Unset = UNSET,
    length: int | Unset = UNSET,
    buffersize: int | Unset = UNSET,
    mediatype: OpenMediatype | Unset = UNSET,
    if_match: str | Unset = UNSET,
    if_none_match: str | Unset = UNSET,
    range_: str | Unset = UNSET,
    if_range: str | Unset = UNSET,
) -> Any | File | Problem | None:
    """Read a file, or a range of it.

    This reads the complete answer into memory. granary_client.streaming.stream reads it as it arrives.

    Args:
        path (str): Absolute path. Absolute: names after slashes, of which none is "." or ".." and
            none has a colon or a NUL.
        offset (int | Unset): First byte to read.
        length (int | Unset): How many bytes to read; without it, to the end.
        buffersize (int | Unset): Accepted and ignored: the server chooses the sizes of its
            buffers.
        mediatype (OpenMediatype | Unset): The Content-Type of the answer, for browsers that play
            or show only content of a known type; under /api/v1.
        if_match (str | Unset): Only if the file's ETag is one of these; * for any. Otherwise 412.
        if_none_match (str | Unset): Only if the file's ETag is none of these; *: only if the file
            does not exist. Otherwise 412, or 304 for a read.
        range_ (str | Unset): A range of bytes, if no parameter asks for one. For several ranges
            the whole file is sent.
        if_range (str | Unset): The ETag that Range is for; if the file has another one, the whole
            file is sent.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        Any | File | Problem
    """

    return sync_detailed(
        client=client,
        path=path,
        offset=offset,
        length=length,
        buffersize=buffersize,
        mediatype=mediatype,
        if_match=if_match,
        if_none_match=if_none_match,
        range_=range_,
        if_range=if_range,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    path: str,
    offset: int | Unset = UNSET,
    length: int | Unset = UNSET,
    buffersize: int | Unset = UNSET,
    mediatype: OpenMediatype | Unset = UNSET,
    if_match: str | Unset = UNSET,
    if_none_match: str | Unset = UNSET,
    range_: str | Unset = UNSET,
    if_range: str | Unset = UNSET,
) -> Response[Any | File | Problem]:
    """Read a file, or a range of it.

    This reads the complete answer into memory. granary_client.streaming.stream reads it as it arrives.

    Args:
        path (str): Absolute path. Absolute: names after slashes, of which none is "." or ".." and
            none has a colon or a NUL.
        offset (int | Unset): First byte to read.
        length (int | Unset): How many bytes to read; without it, to the end.
        buffersize (int | Unset): Accepted and ignored: the server chooses the sizes of its
            buffers.
        mediatype (OpenMediatype | Unset): The Content-Type of the answer, for browsers that play
            or show only content of a known type; under /api/v1.
        if_match (str | Unset): Only if the file's ETag is one of these; * for any. Otherwise 412.
        if_none_match (str | Unset): Only if the file's ETag is none of these; *: only if the file
            does not exist. Otherwise 412, or 304 for a read.
        range_ (str | Unset): A range of bytes, if no parameter asks for one. For several ranges
            the whole file is sent.
        if_range (str | Unset): The ETag that Range is for; if the file has another one, the whole
            file is sent.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        Response[Any | File | Problem]
    """

    kwargs = _get_kwargs(
        path=path,
        offset=offset,
        length=length,
        buffersize=buffersize,
        mediatype=mediatype,
        if_match=if_match,
        if_none_match=if_none_match,
        range_=range_,
        if_range=if_range,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    path: str,
    offset: int | Unset = UNSET,
    length: int | Unset = UNSET,
    buffersize: int | Unset = UNSET,
    mediatype: OpenMediatype | Unset = UNSET,
    if_match: str | Unset = UNSET,
    if_none_match: str | Unset = UNSET,
    range_: str | Unset = UNSET,
    if_range: str | Unset = UNSET,
) -> Any | File | Problem | None:
    """Read a file, or a range of it.

    This reads the complete answer into memory. granary_client.streaming.stream reads it as it arrives.

    Args:
        path (str): Absolute path. Absolute: names after slashes, of which none is "." or ".." and
            none has a colon or a NUL.
        offset (int | Unset): First byte to read.
        length (int | Unset): How many bytes to read; without it, to the end.
        buffersize (int | Unset): Accepted and ignored: the server chooses the sizes of its
            buffers.
        mediatype (OpenMediatype | Unset): The Content-Type of the answer, for browsers that play
            or show only content of a known type; under /api/v1.
        if_match (str | Unset): Only if the file's ETag is one of these; * for any. Otherwise 412.
        if_none_match (str | Unset): Only if the file's ETag is none of these; *: only if the file
            does not exist. Otherwise 412, or 304 for a read.
        range_ (str | Unset): A range of bytes, if no parameter asks for one. For several ranges
            the whole file is sent.
        if_range (str | Unset): The ETag that Range is for; if the file has another one, the whole
            file is sent.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        Any | File | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            path=path,
            offset=offset,
            length=length,
            buffersize=buffersize,
            mediatype=mediatype,
            if_match=if_match,
            if_none_match=if_none_match,
            range_=range_,
            if_range=if_range,
        )
    ).parsed
