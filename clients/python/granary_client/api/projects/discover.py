from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.found_page import FoundPage
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    query: str | Unset = UNSET,
    after: str | Unset = UNSET,
    limit: int | Unset = 100,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["query"] = query

    params["after"] = after

    params["limit"] = limit

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/discover",
        "params": params,
    }

    return _kwargs


def _parse_response(response: httpx.Response) -> FoundPage | Problem:
    if response.status_code == 200:
        response_200 = FoundPage.from_dict(response.json())

        return response_200

    if response.status_code == 429:
        response_429 = Problem.from_dict(errors.problem(response))

        return response_429

    response_default = Problem.from_dict(errors.problem(response))

    return response_default


def _build_response(response: httpx.Response) -> Response[FoundPage | Problem]:
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
    query: str | Unset = UNSET,
    after: str | Unset = UNSET,
    limit: int | Unset = 100,
) -> Response[FoundPage | Problem]:
    """Find listed projects, and datasets that are listed or published.

    Args:
        query (str | Unset): Words that the name or the description must contain, all of them, of
            at most 255 characters together; without it, everything is listed.
        after (str | Unset): The value of next from the previous page.
        limit (int | Unset): How many items to return at most. Default: 100.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        Response[FoundPage | Problem]
    """

    kwargs = _get_kwargs(
        query=query,
        after=after,
        limit=limit,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    query: str | Unset = UNSET,
    after: str | Unset = UNSET,
    limit: int | Unset = 100,
) -> FoundPage | Problem | None:
    """Find listed projects, and datasets that are listed or published.

    Args:
        query (str | Unset): Words that the name or the description must contain, all of them, of
            at most 255 characters together; without it, everything is listed.
        after (str | Unset): The value of next from the previous page.
        limit (int | Unset): How many items to return at most. Default: 100.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        FoundPage | Problem
    """

    return sync_detailed(
        client=client,
        query=query,
        after=after,
        limit=limit,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    query: str | Unset = UNSET,
    after: str | Unset = UNSET,
    limit: int | Unset = 100,
) -> Response[FoundPage | Problem]:
    """Find listed projects, and datasets that are listed or published.

    Args:
        query (str | Unset): Words that the name or the description must contain, all of them, of
            at most 255 characters together; without it, everything is listed.
        after (str | Unset): The value of next from the previous page.
        limit (int | Unset): How many items to return at most. Default: 100.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        Response[FoundPage | Problem]
    """

    kwargs = _get_kwargs(
        query=query,
        after=after,
        limit=limit,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    query: str | Unset = UNSET,
    after: str | Unset = UNSET,
    limit: int | Unset = 100,
) -> FoundPage | Problem | None:
    """Find listed projects, and datasets that are listed or published.

    Args:
        query (str | Unset): Words that the name or the description must contain, all of them, of
            at most 255 characters together; without it, everything is listed.
        after (str | Unset): The value of next from the previous page.
        limit (int | Unset): How many items to return at most. Default: 100.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        FoundPage | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            query=query,
            after=after,
            limit=limit,
        )
    ).parsed
