from http import HTTPStatus
from io import BytesIO
from typing import Any

import httpx

from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...types import UNSET, File, Response, Unset


def _get_kwargs(
    *,
    path: str,
    offset: int | Unset = UNSET,
    length: int | Unset = UNSET,
    buffersize: int | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["path"] = path

    params["offset"] = offset

    params["length"] = length

    params["buffersize"] = buffersize

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/fs/open",
        "params": params,
    }

    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> File | Problem:
    if response.status_code == 200:
        response_200 = File(payload=BytesIO(response.content))

        return response_200

    response_default = Problem.from_dict(response.json())

    return response_default


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[File | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    path: str,
    offset: int | Unset = UNSET,
    length: int | Unset = UNSET,
    buffersize: int | Unset = UNSET,
) -> Response[File | Problem]:
    """Read a file, or a range of it.

    Args:
        path (str): Absolute: names after slashes, of which none is "." or ".." and none has a
            colon or a NUL.
        offset (int | Unset):
        length (int | Unset):
        buffersize (int | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[File | Problem]
    """

    kwargs = _get_kwargs(
        path=path,
        offset=offset,
        length=length,
        buffersize=buffersize,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    path: str,
    offset: int | Unset = UNSET,
    length: int | Unset = UNSET,
    buffersize: int | Unset = UNSET,
) -> File | Problem | None:
    """Read a file, or a range of it.

    Args:
        path (str): Absolute: names after slashes, of which none is "." or ".." and none has a
            colon or a NUL.
        offset (int | Unset):
        length (int | Unset):
        buffersize (int | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        File | Problem
    """

    return sync_detailed(
        client=client,
        path=path,
        offset=offset,
        length=length,
        buffersize=buffersize,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    path: str,
    offset: int | Unset = UNSET,
    length: int | Unset = UNSET,
    buffersize: int | Unset = UNSET,
) -> Response[File | Problem]:
    """Read a file, or a range of it.

    Args:
        path (str): Absolute: names after slashes, of which none is "." or ".." and none has a
            colon or a NUL.
        offset (int | Unset):
        length (int | Unset):
        buffersize (int | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[File | Problem]
    """

    kwargs = _get_kwargs(
        path=path,
        offset=offset,
        length=length,
        buffersize=buffersize,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    path: str,
    offset: int | Unset = UNSET,
    length: int | Unset = UNSET,
    buffersize: int | Unset = UNSET,
) -> File | Problem | None:
    """Read a file, or a range of it.

    Args:
        path (str): Absolute: names after slashes, of which none is "." or ".." and none has a
            colon or a NUL.
        offset (int | Unset):
        length (int | Unset):
        buffersize (int | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        File | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            path=path,
            offset=offset,
            length=length,
            buffersize=buffersize,
        )
    ).parsed
