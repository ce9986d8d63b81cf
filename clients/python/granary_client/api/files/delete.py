from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.boolean import Boolean
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    path: str,
    recursive: bool | Unset = False,
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

    params["recursive"] = recursive

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "delete",
        "url": "/api/v1/fs/delete",
        "params": params,
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(response: httpx.Response) -> Boolean | Problem:
    if response.status_code == 200:
        response_200 = Boolean.from_dict(response.json())

        return response_200

    if response.status_code == 429:
        response_429 = Problem.from_dict(errors.problem(response))

        return response_429

    response_default = Problem.from_dict(errors.problem(response))

    return response_default


def _build_response(response: httpx.Response) -> Response[Boolean | Problem]:
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
    recursive: bool | Unset = False,
    idempotency_key: str | Unset = UNSET,
    if_match: str | Unset = UNSET,
    if_none_match: str | Unset = UNSET,
) -> Response[Boolean | Problem]:
    """Delete a file or directory.

    Args:
        path (str): Absolute path. Absolute: names after slashes, of which none is "." or ".." and
            none has a colon or a NUL.
        recursive (bool | Unset): Delete a directory with all that is in it. Default: False.
        idempotency_key (str | Unset): A random UUID for this request. If it is sent again within
            a day, for the same operation on the same path, it gets the first answer and nothing is
            done twice.
        if_match (str | Unset): Only if the file's ETag is one of these; * for any. Otherwise 412.
        if_none_match (str | Unset): Only if the file's ETag is none of these; *: only if the file
            does not exist. Otherwise 412, or 304 for a read.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        Response[Boolean | Problem]
    """

    kwargs = _get_kwargs(
        path=path,
        recursive=recursive,
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
    path: str,
    recursive: bool | Unset = False,
    idempotency_key: str | Unset = UNSET,
    if_match: str | Unset = UNSET,
    if_none_match: str | Unset = UNSET,
) -> Boolean | Problem | None:
    """Delete a file or directory.

    Args:
        path (str): Absolute path. Absolute: names after slashes, of which none is "." or ".." and
            none has a colon or a NUL.
        recursive (bool | Unset): Delete a directory with all that is in it. Default: False.
        idempotency_key (str | Unset): A random UUID for this request. If it is sent again within
            a day, for the same operation on the same path, it gets the first answer and nothing is
            done twice.
        if_match (str | Unset): Only if the file's ETag is one of these; * for any. Otherwise 412.
        if_none_match (str | Unset): Only if the file's ETag is none of these; *: only if the file
            does not exist. Otherwise 412, or 304 for a read.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        Boolean | Problem
    """

    return sync_detailed(
        client=client,
        path=path,
        recursive=recursive,
        idempotency_key=idempotency_key,
        if_match=if_match,
        if_none_match=if_none_match,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    path: str,
    recursive: bool | Unset = False,
    idempotency_key: str | Unset = UNSET,
    if_match: str | Unset = UNSET,
    if_none_match: str | Unset = UNSET,
) -> Response[Boolean | Problem]:
    """Delete a file or directory.

    Args:
        path (str): Absolute path. Absolute: names after slashes, of which none is "." or ".." and
            none has a colon or a NUL.
        recursive (bool | Unset): Delete a directory with all that is in it. Default: False.
        idempotency_key (str | Unset): A random UUID for this request. If it is sent again within
            a day, for the same operation on the same path, it gets the first answer and nothing is
            done twice.
        if_match (str | Unset): Only if the file's ETag is one of these; * for any. Otherwise 412.
        if_none_match (str | Unset): Only if the file's ETag is none of these; *: only if the file
            does not exist. Otherwise 412, or 304 for a read.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        Response[Boolean | Problem]
    """

    kwargs = _get_kwargs(
        path=path,
        recursive=recursive,
        idempotency_key=idempotency_key,
        if_match=if_match,
        if_none_match=if_none_match,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    path: str,
    recursive: bool | Unset = False,
    idempotency_key: str | Unset = UNSET,
    if_match: str | Unset = UNSET,
    if_none_match: str | Unset = UNSET,
) -> Boolean | Problem | None:
    """Delete a file or directory.

    Args:
        path (str): Absolute path. Absolute: names after slashes, of which none is "." or ".." and
            none has a colon or a NUL.
        recursive (bool | Unset): Delete a directory with all that is in it. Default: False.
        idempotency_key (str | Unset): A random UUID for this request. If it is sent again within
            a day, for the same operation on the same path, it gets the first answer and nothing is
            done twice.
        if_match (str | Unset): Only if the file's ETag is one of these; * for any. Otherwise 412.
        if_none_match (str | Unset): Only if the file's ETag is none of these; *: only if the file
            does not exist. Otherwise 412, or 304 for a read.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        Boolean | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            path=path,
            recursive=recursive,
            idempotency_key=idempotency_key,
            if_match=if_match,
            if_none_match=if_none_match,
        )
    ).parsed
