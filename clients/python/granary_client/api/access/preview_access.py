from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.access_preview import AccessPreview
from ...models.access_trial import AccessTrial
from ...models.problem import Problem
from ...types import Response


def _get_kwargs(
    *,
    body: AccessTrial,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/access/preview",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(response: httpx.Response) -> AccessPreview | Problem:
    if response.status_code == 200:
        response_200 = AccessPreview.from_dict(response.json())

        return response_200

    if response.status_code == 429:
        response_429 = Problem.from_dict(errors.problem(response))

        return response_429

    response_default = Problem.from_dict(errors.problem(response))

    return response_default


def _build_response(response: httpx.Response) -> Response[AccessPreview | Problem]:
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
    body: AccessTrial,
) -> Response[AccessPreview | Problem]:
    """Show who could do what with a path after a change, without making it.

     The answer is what would be decided after the change, including roles, shares and the way to the
    path. For callers who may make the change; what others could do is shown to owners of the path's
    project only.

    Args:
        body (AccessTrial):

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        Response[AccessPreview | Problem]
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
    body: AccessTrial,
) -> AccessPreview | Problem | None:
    """Show who could do what with a path after a change, without making it.

     The answer is what would be decided after the change, including roles, shares and the way to the
    path. For callers who may make the change; what others could do is shown to owners of the path's
    project only.

    Args:
        body (AccessTrial):

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        AccessPreview | Problem
    """

    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: AccessTrial,
) -> Response[AccessPreview | Problem]:
    """Show who could do what with a path after a change, without making it.

     The answer is what would be decided after the change, including roles, shares and the way to the
    path. For callers who may make the change; what others could do is shown to owners of the path's
    project only.

    Args:
        body (AccessTrial):

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        Response[AccessPreview | Problem]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    body: AccessTrial,
) -> AccessPreview | Problem | None:
    """Show who could do what with a path after a change, without making it.

     The answer is what would be decided after the change, including roles, shares and the way to the
    path. For callers who may make the change; what others could do is shown to owners of the path's
    project only.

    Args:
        body (AccessTrial):

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        AccessPreview | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
