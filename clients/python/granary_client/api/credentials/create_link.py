from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.made_link import MadeLink
from ...models.new_link import NewLink
from ...models.problem import Problem
from ...types import Response


def _get_kwargs(
    *,
    body: NewLink,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/links",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(response: httpx.Response) -> MadeLink | Problem:
    if response.status_code == 201:
        response_201 = MadeLink.from_dict(response.json())

        return response_201

    if response.status_code == 429:
        response_429 = Problem.from_dict(errors.problem(response))

        return response_429

    response_default = Problem.from_dict(errors.problem(response))

    return response_default


def _build_response(response: httpx.Response) -> Response[MadeLink | Problem]:
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
    body: NewLink,
) -> Response[MadeLink | Problem]:
    """Create a link with which anybody can download a file.

     The link reads that one file and nothing else, as long as the caller may read it. It leads nowhere
    while the file is in the trash. Range works, and its ETag works with If-Range, If-Match and If-None-
    Match. It can be revoked like a token, by its id.

    Args:
        body (NewLink):

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        Response[MadeLink | Problem]
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
    body: NewLink,
) -> MadeLink | Problem | None:
    """Create a link with which anybody can download a file.

     The link reads that one file and nothing else, as long as the caller may read it. It leads nowhere
    while the file is in the trash. Range works, and its ETag works with If-Range, If-Match and If-None-
    Match. It can be revoked like a token, by its id.

    Args:
        body (NewLink):

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        MadeLink | Problem
    """

    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: NewLink,
) -> Response[MadeLink | Problem]:
    """Create a link with which anybody can download a file.

     The link reads that one file and nothing else, as long as the caller may read it. It leads nowhere
    while the file is in the trash. Range works, and its ETag works with If-Range, If-Match and If-None-
    Match. It can be revoked like a token, by its id.

    Args:
        body (NewLink):

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        Response[MadeLink | Problem]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    body: NewLink,
) -> MadeLink | Problem | None:
    """Create a link with which anybody can download a file.

     The link reads that one file and nothing else, as long as the caller may read it. It leads nowhere
    while the file is in the trash. Range works, and its ETag works with If-Range, If-Match and If-None-
    Match. It can be revoked like a token, by its id.

    Args:
        body (NewLink):

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        MadeLink | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
