from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...models.sizes import Sizes
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    path: str,
    limit: int | Unset = 100,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["path"] = path

    params["limit"] = limit

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/sizes",
        "params": params,
    }

    return _kwargs


def _parse_response(response: httpx.Response) -> Problem | Sizes:
    if response.status_code == 200:
        response_200 = Sizes.from_dict(response.json())

        return response_200

    if response.status_code == 429:
        response_429 = Problem.from_dict(errors.problem(response))

        return response_429

    response_default = Problem.from_dict(errors.problem(response))

    return response_default


def _build_response(response: httpx.Response) -> Response[Problem | Sizes]:
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
    limit: int | Unset = 100,
) -> Response[Problem | Sizes]:
    """Show what takes up space in a directory.

     Each entry with everything below it, from one snapshot, the largest first. For callers who may list
    the directory; what is in directories that the caller may not list is not counted, and `partial`
    says so. The trash counts, and what was shared counts where it is stored. At most a million entries
    are looked at, level by level, within ten seconds; what is deeper is not counted then, and `partial`
    says that as well.

    Args:
        path (str): Absolute path. Absolute: names after slashes, of which none is "." or ".." and
            none has a colon or a NUL.
        limit (int | Unset): How many items to return at most. Default: 100.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        Response[Problem | Sizes]
    """

    kwargs = _get_kwargs(
        path=path,
        limit=limit,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    path: str,
    limit: int | Unset = 100,
) -> Problem | Sizes | None:
    """Show what takes up space in a directory.

     Each entry with everything below it, from one snapshot, the largest first. For callers who may list
    the directory; what is in directories that the caller may not list is not counted, and `partial`
    says so. The trash counts, and what was shared counts where it is stored. At most a million entries
    are looked at, level by level, within ten seconds; what is deeper is not counted then, and `partial`
    says that as well.

    Args:
        path (str): Absolute path. Absolute: names after slashes, of which none is "." or ".." and
            none has a colon or a NUL.
        limit (int | Unset): How many items to return at most. Default: 100.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        Problem | Sizes
    """

    return sync_detailed(
        client=client,
        path=path,
        limit=limit,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    path: str,
    limit: int | Unset = 100,
) -> Response[Problem | Sizes]:
    """Show what takes up space in a directory.

     Each entry with everything below it, from one snapshot, the largest first. For callers who may list
    the directory; what is in directories that the caller may not list is not counted, and `partial`
    says so. The trash counts, and what was shared counts where it is stored. At most a million entries
    are looked at, level by level, within ten seconds; what is deeper is not counted then, and `partial`
    says that as well.

    Args:
        path (str): Absolute path. Absolute: names after slashes, of which none is "." or ".." and
            none has a colon or a NUL.
        limit (int | Unset): How many items to return at most. Default: 100.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        Response[Problem | Sizes]
    """

    kwargs = _get_kwargs(
        path=path,
        limit=limit,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    path: str,
    limit: int | Unset = 100,
) -> Problem | Sizes | None:
    """Show what takes up space in a directory.

     Each entry with everything below it, from one snapshot, the largest first. For callers who may list
    the directory; what is in directories that the caller may not list is not counted, and `partial`
    says so. The trash counts, and what was shared counts where it is stored. At most a million entries
    are looked at, level by level, within ten seconds; what is deeper is not counted then, and `partial`
    says that as well.

    Args:
        path (str): Absolute path. Absolute: names after slashes, of which none is "." or ".." and
            none has a colon or a NUL.
        limit (int | Unset): How many items to return at most. Default: 100.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        Problem | Sizes
    """

    return (
        await asyncio_detailed(
            client=client,
            path=path,
            limit=limit,
        )
    ).parsed
