from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.access_outcomes import AccessOutcomes
from ...models.access_paths import AccessPaths
from ...models.problem import Problem
from ...types import Response


def _get_kwargs(
    *,
    body: AccessPaths,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/access/states",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(response: httpx.Response) -> AccessOutcomes | Problem:
    if response.status_code == 200:
        response_200 = AccessOutcomes.from_dict(response.json())

        return response_200

    if response.status_code == 429:
        response_429 = Problem.from_dict(errors.problem(response))

        return response_429

    response_default = Problem.from_dict(errors.problem(response))

    return response_default


def _build_response(response: httpx.Response) -> Response[AccessOutcomes | Problem]:
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
    body: AccessPaths,
) -> Response[AccessOutcomes | Problem]:
    """Show the owner, group, mode and ACL of several paths.

     Owner, group, mode and ACL of each path. For callers who may reach it; an error with one path is
    reported in its place. The request counts as a batch in progress.

    Args:
        body (AccessPaths):

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        Response[AccessOutcomes | Problem]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    body: AccessPaths,
) -> AccessOutcomes | Problem | None:
    """Show the owner, group, mode and ACL of several paths.

     Owner, group, mode and ACL of each path. For callers who may reach it; an error with one path is
    reported in its place. The request counts as a batch in progress.

    Args:
        body (AccessPaths):

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        AccessOutcomes | Problem
    """

    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: AccessPaths,
) -> Response[AccessOutcomes | Problem]:
    """Show the owner, group, mode and ACL of several paths.

     Owner, group, mode and ACL of each path. For callers who may reach it; an error with one path is
    reported in its place. The request counts as a batch in progress.

    Args:
        body (AccessPaths):

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        Response[AccessOutcomes | Problem]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    body: AccessPaths,
) -> AccessOutcomes | Problem | None:
    """Show the owner, group, mode and ACL of several paths.

     Owner, group, mode and ACL of each path. For callers who may reach it; an error with one path is
    reported in its place. The request counts as a batch in progress.

    Args:
        body (AccessPaths):

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        AccessOutcomes | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
