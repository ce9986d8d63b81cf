from http import HTTPStatus
from typing import Any, cast

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...types import UNSET, AsyncParts, Content, Parts, Response, Unset, content_of


def _get_kwargs(
    *,
    body: Content | Unset = UNSET,
    path: str,
    buffersize: int | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
    if_match: str | Unset = UNSET,
    if_none_match: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    if not isinstance(if_match, Unset):
        headers["If-Match"] = if_match

    if not isinstance(if_none_match, Unset):
        headers["If-None-Match"] = if_none_match

    params: dict[str, Any] = {}

    params["path"] = path

    params["buffersize"] = buffersize

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/fs/append",
        "params": params,
    }

    if not isinstance(body, Unset):
        _kwargs["content"], length = content_of(body)
        headers.update(length)
    headers["Content-Type"] = "application/octet-stream"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(response: httpx.Response) -> Any | Problem:
    if response.status_code == 200:
        response_200 = cast(Any, None)
        return response_200

    if response.status_code == 429:
        response_429 = Problem.from_dict(errors.problem(response))

        return response_429

    response_default = Problem.from_dict(errors.problem(response))

    return response_default


def _build_response(response: httpx.Response) -> Response[Any | Problem]:
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
    body: Content | Unset = UNSET,
    path: str,
    buffersize: int | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
    if_match: str | Unset = UNSET,
    if_none_match: str | Unset = UNSET,
) -> Response[Any | Problem]:
    """Add to the end of a file.

     Either the whole body is appended or nothing. Under /webhdfs/v1 a request without a body is
    redirected to itself, to an address that can be used again and again.

    Args:
        path (str): Absolute path. Absolute: names after slashes, of which none is "." or ".." and
            none has a colon or a NUL.
        buffersize (int | Unset): Accepted and ignored: the server chooses the sizes of its
            buffers.
        idempotency_key (str | Unset): A random UUID for this request. If it is sent again within
            a day, for the same operation on the same path, it gets the first answer and nothing is
            done twice.
        if_match (str | Unset): Only if the file's ETag is one of these; * for any. Otherwise 412.
        if_none_match (str | Unset): Only if the file's ETag is none of these; *: only if the file
            does not exist. Otherwise 412, or 304 for a read.
        body (Content | Unset): A file open for reading bytes, or the bytes.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        Response[Any | Problem]
    """

    kwargs = _get_kwargs(
        body=body,
        path=path,
        buffersize=buffersize,
        idempotency_key=idempotency_key,
        if_match=if_match,
        if_none_match=if_none_match,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    body: Content | Unset = UNSET,
    path: str,
    buffersize: int | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
    if_match: str | Unset = UNSET,
    if_none_match: str | Unset = UNSET,
) -> Any | Problem | None:
    """Add to the end of a file.

     Either the whole body is appended or nothing. Under /webhdfs/v1 a request without a body is
    redirected to itself, to an address that can be used again and again.

    Args:
        path (str): Absolute path. Absolute: names after slashes, of which none is "." or ".." and
            none has a colon or a NUL.
        buffersize (int | Unset): Accepted and ignored: the server chooses the sizes of its
            buffers.
        idempotency_key (str | Unset): A random UUID for this request. If it is sent again within
            a day, for the same operation on the same path, it gets the first answer and nothing is
            done twice.
        if_match (str | Unset): Only if the file's ETag is one of these; * for any. Otherwise 412.
        if_none_match (str | Unset): Only if the file's ETag is none of these; *: only if the file
            does not exist. Otherwise 412, or 304 for a read.
        body (Content | Unset): A file open for reading bytes, or the bytes.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        Any | Problem
    """

    return sync_detailed(
        client=client,
        body=body,
        path=path,
        buffersize=buffersize,
        idempotency_key=idempotency_key,
        if_match=if_match,
        if_none_match=if_none_match,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: Content | Unset = UNSET,
    path: str,
    buffersize: int | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
    if_match: str | Unset = UNSET,
    if_none_match: str | Unset = UNSET,
) -> Response[Any | Problem]:
    """Add to the end of a file.

     Either the whole body is appended or nothing. Under /webhdfs/v1 a request without a body is
    redirected to itself, to an address that can be used again and again.

    Args:
        path (str): Absolute path. Absolute: names after slashes, of which none is "." or ".." and
            none has a colon or a NUL.
        buffersize (int | Unset): Accepted and ignored: the server chooses the sizes of its
            buffers.
        idempotency_key (str | Unset): A random UUID for this request. If it is sent again within
            a day, for the same operation on the same path, it gets the first answer and nothing is
            done twice.
        if_match (str | Unset): Only if the file's ETag is one of these; * for any. Otherwise 412.
        if_none_match (str | Unset): Only if the file's ETag is none of these; *: only if the file
            does not exist. Otherwise 412, or 304 for a read.
        body (Content | Unset): A file open for reading bytes, or the bytes.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        Response[Any | Problem]
    """

    kwargs = _get_kwargs(
        body=body,
        path=path,
        buffersize=buffersize,
        idempotency_key=idempotency_key,
        if_match=if_match,
        if_none_match=if_none_match,
    )

    if isinstance(kwargs.get("content"), Parts):
        kwargs["content"] = AsyncParts(kwargs["content"])
    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    body: Content | Unset = UNSET,
    path: str,
    buffersize: int | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
    if_match: str | Unset = UNSET,
    if_none_match: str | Unset = UNSET,
) -> Any | Problem | None:
    """Add to the end of a file.

     Either the whole body is appended or nothing. Under /webhdfs/v1 a request without a body is
    redirected to itself, to an address that can be used again and again.

    Args:
        path (str): Absolute path. Absolute: names after slashes, of which none is "." or ".." and
            none has a colon or a NUL.
        buffersize (int | Unset): Accepted and ignored: the server chooses the sizes of its
            buffers.
        idempotency_key (str | Unset): A random UUID for this request. If it is sent again within
            a day, for the same operation on the same path, it gets the first answer and nothing is
            done twice.
        if_match (str | Unset): Only if the file's ETag is one of these; * for any. Otherwise 412.
        if_none_match (str | Unset): Only if the file's ETag is none of these; *: only if the file
            does not exist. Otherwise 412, or 304 for a read.
        body (Content | Unset): A file open for reading bytes, or the bytes.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        Any | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
            path=path,
            buffersize=buffersize,
            idempotency_key=idempotency_key,
            if_match=if_match,
            if_none_match=if_none_match,
        )
    ).parsed
