from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.known_users import KnownUsers
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    prefix: str | Unset = UNSET,
    limit: int | Unset = 100,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["prefix"] = prefix

    params["limit"] = limit

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/users/known",
        "params": params,
    }

    return _kwargs


def _parse_response(response: httpx.Response) -> KnownUsers | Problem:
    if response.status_code == 200:
        response_200 = KnownUsers.from_dict(response.json())

        return response_200

    if response.status_code == 429:
        response_429 = Problem.from_dict(errors.problem(response))

        return response_429

    response_default = Problem.from_dict(errors.problem(response))

    return response_default


def _build_response(response: httpx.Response) -> Response[KnownUsers | Problem]:
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
    prefix: str | Unset = UNSET,
    limit: int | Unset = 100,
) -> Response[KnownUsers | Problem]:
    """List known users by the beginning of their names.

     Members of the caller's projects, and people with whom datasets of these are shared; for superusers,
    all users. Owners see no more than other members, since everybody may make a project. Names that are
    not listed can still be used by those who know them.

    Args:
        prefix (str | Unset): The beginning of the names, in upper or lower case; without it, all.
        limit (int | Unset): How many items to return at most. Default: 100.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        Response[KnownUsers | Problem]
    """

    kwargs = _get_kwargs(
        prefix=prefix,
        limit=limit,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    prefix: str | Unset = UNSET,
    limit: int | Unset = 100,
) -> KnownUsers | Problem | None:
    """List known users by the beginning of their names.

     Members of the caller's projects, and people with whom datasets of these are shared; for superusers,
    all users. Owners see no more than other members, since everybody may make a project. Names that are
    not listed can still be used by those who know them.

    Args:
        prefix (str | Unset): The beginning of the names, in upper or lower case; without it, all.
        limit (int | Unset): How many items to return at most. Default: 100.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        KnownUsers | Problem
    """

    return sync_detailed(
        client=client,
        prefix=prefix,
        limit=limit,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    prefix: str | Unset = UNSET,
    limit: int | Unset = 100,
) -> Response[KnownUsers | Problem]:
    """List known users by the beginning of their names.

     Members of the caller's projects, and people with whom datasets of these are shared; for superusers,
    all users. Owners see no more than other members, since everybody may make a project. Names that are
    not listed can still be used by those who know them.

    Args:
        prefix (str | Unset): The beginning of the names, in upper or lower case; without it, all.
        limit (int | Unset): How many items to return at most. Default: 100.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        Response[KnownUsers | Problem]
    """

    kwargs = _get_kwargs(
        prefix=prefix,
        limit=limit,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    prefix: str | Unset = UNSET,
    limit: int | Unset = 100,
) -> KnownUsers | Problem | None:
    """List known users by the beginning of their names.

     Members of the caller's projects, and people with whom datasets of these are shared; for superusers,
    all users. Owners see no more than other members, since everybody may make a project. Names that are
    not listed can still be used by those who know them.

    Args:
        prefix (str | Unset): The beginning of the names, in upper or lower case; without it, all.
        limit (int | Unset): How many items to return at most. Default: 100.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        KnownUsers | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            prefix=prefix,
            limit=limit,
        )
    ).parsed
