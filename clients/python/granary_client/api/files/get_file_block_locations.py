from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.get_file_block_locations_response_200 import GetFileBlockLocationsResponse200
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    path: str,
    offset: int | Unset = UNSET,
    length: int | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["path"] = path

    params["offset"] = offset

    params["length"] = length

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/fs/get-file-block-locations",
        "params": params,
    }

    return _kwargs


def _parse_response(response: httpx.Response) -> GetFileBlockLocationsResponse200 | Problem:
    if response.status_code == 200:
        response_200 = GetFileBlockLocationsResponse200.from_dict(response.json())

        return response_200

    if response.status_code == 429:
        response_429 = Problem.from_dict(errors.problem(response))

        return response_429

    response_default = Problem.from_dict(errors.problem(response))

    return response_default


def _build_response(response: httpx.Response) -> Response[GetFileBlockLocationsResponse200 | Problem]:
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
) -> Response[GetFileBlockLocationsResponse200 | Problem]:
    """List the HDFS blocks of a file, or those that hold a range of it.

     Granary's own storage has other boundaries; these are where HDFS's clients split their work.

    Args:
        path (str): Absolute path. Absolute: names after slashes, of which none is "." or ".." and
            none has a colon or a NUL.
        offset (int | Unset): First byte to read.
        length (int | Unset): How many bytes to read; without it, to the end.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        Response[GetFileBlockLocationsResponse200 | Problem]
    """

    kwargs = _get_kwargs(
        path=path,
        offset=offset,
        length=length,
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
) -> GetFileBlockLocationsResponse200 | Problem | None:
    """List the HDFS blocks of a file, or those that hold a range of it.

     Granary's own storage has other boundaries; these are where HDFS's clients split their work.

    Args:
        path (str): Absolute path. Absolute: names after slashes, of which none is "." or ".." and
            none has a colon or a NUL.
        offset (int | Unset): First byte to read.
        length (int | Unset): How many bytes to read; without it, to the end.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        GetFileBlockLocationsResponse200 | Problem
    """

    return sync_detailed(
        client=client,
        path=path,
        offset=offset,
        length=length,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    path: str,
    offset: int | Unset = UNSET,
    length: int | Unset = UNSET,
) -> Response[GetFileBlockLocationsResponse200 | Problem]:
    """List the HDFS blocks of a file, or those that hold a range of it.

     Granary's own storage has other boundaries; these are where HDFS's clients split their work.

    Args:
        path (str): Absolute path. Absolute: names after slashes, of which none is "." or ".." and
            none has a colon or a NUL.
        offset (int | Unset): First byte to read.
        length (int | Unset): How many bytes to read; without it, to the end.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        Response[GetFileBlockLocationsResponse200 | Problem]
    """

    kwargs = _get_kwargs(
        path=path,
        offset=offset,
        length=length,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    path: str,
    offset: int | Unset = UNSET,
    length: int | Unset = UNSET,
) -> GetFileBlockLocationsResponse200 | Problem | None:
    """List the HDFS blocks of a file, or those that hold a range of it.

     Granary's own storage has other boundaries; these are where HDFS's clients split their work.

    Args:
        path (str): Absolute path. Absolute: names after slashes, of which none is "." or ".." and
            none has a colon or a NUL.
        offset (int | Unset): First byte to read.
        length (int | Unset): How many bytes to read; without it, to the end.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        GetFileBlockLocationsResponse200 | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            path=path,
            offset=offset,
            length=length,
        )
    ).parsed
