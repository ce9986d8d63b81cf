from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...models.request_page import RequestPage
from ...types import UNSET, Response, Unset, segment


def _get_kwargs(
    project: str,
    *,
    after: str | Unset = UNSET,
    limit: int | Unset = 100,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["after"] = after

    params["limit"] = limit

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/projects/{project}/requests".format(
            project=segment(project),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(response: httpx.Response) -> Problem | RequestPage:
    if response.status_code == 200:
        response_200 = RequestPage.from_dict(response.json())

        return response_200

    if response.status_code == 429:
        response_429 = Problem.from_dict(errors.problem(response))

        return response_429

    response_default = Problem.from_dict(errors.problem(response))

    return response_default


def _build_response(response: httpx.Response) -> Response[Problem | RequestPage]:
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
    project: str,
    *,
    client: AuthenticatedClient | Client,
    after: str | Unset = UNSET,
    limit: int | Unset = 100,
) -> Response[Problem | RequestPage]:
    """List the access requests to a project, the oldest first.

    Args:
        project (str): A project's name.
        after (str | Unset): Where to continue: the value of next from the previous page.
        limit (int | Unset): How many items to return at most. Default: 100.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.
        ValueError: If project is empty, "." or "..", which a URL path cannot contain.

    Returns:
        Response[Problem | RequestPage]
    """

    kwargs = _get_kwargs(
        project=project,
        after=after,
        limit=limit,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(response)


def sync(
    project: str,
    *,
    client: AuthenticatedClient | Client,
    after: str | Unset = UNSET,
    limit: int | Unset = 100,
) -> Problem | RequestPage | None:
    """List the access requests to a project, the oldest first.

    Args:
        project (str): A project's name.
        after (str | Unset): Where to continue: the value of next from the previous page.
        limit (int | Unset): How many items to return at most. Default: 100.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.
        ValueError: If project is empty, "." or "..", which a URL path cannot contain.

    Returns:
        Problem | RequestPage
    """

    return sync_detailed(
        project=project,
        client=client,
        after=after,
        limit=limit,
    ).parsed


async def asyncio_detailed(
    project: str,
    *,
    client: AuthenticatedClient | Client,
    after: str | Unset = UNSET,
    limit: int | Unset = 100,
) -> Response[Problem | RequestPage]:
    """List the access requests to a project, the oldest first.

    Args:
        project (str): A project's name.
        after (str | Unset): Where to continue: the value of next from the previous page.
        limit (int | Unset): How many items to return at most. Default: 100.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.
        ValueError: If project is empty, "." or "..", which a URL path cannot contain.

    Returns:
        Response[Problem | RequestPage]
    """

    kwargs = _get_kwargs(
        project=project,
        after=after,
        limit=limit,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(response)


async def asyncio(
    project: str,
    *,
    client: AuthenticatedClient | Client,
    after: str | Unset = UNSET,
    limit: int | Unset = 100,
) -> Problem | RequestPage | None:
    """List the access requests to a project, the oldest first.

    Args:
        project (str): A project's name.
        after (str | Unset): Where to continue: the value of next from the previous page.
        limit (int | Unset): How many items to return at most. Default: 100.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.
        ValueError: If project is empty, "." or "..", which a URL path cannot contain.

    Returns:
        Problem | RequestPage
    """

    return (
        await asyncio_detailed(
            project=project,
            client=client,
            after=after,
            limit=limit,
        )
    ).parsed
