from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.new_service_account import NewServiceAccount
from ...models.problem import Problem
from ...models.service_account import ServiceAccount
from ...types import Response, segment


def _get_kwargs(
    project: str,
    *,
    body: NewServiceAccount,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/projects/{project}/service-accounts".format(
            project=segment(project),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(response: httpx.Response) -> Problem | ServiceAccount:
    if response.status_code == 201:
        response_201 = ServiceAccount.from_dict(response.json())

        return response_201

    if response.status_code == 429:
        response_429 = Problem.from_dict(errors.problem(response))

        return response_429

    response_default = Problem.from_dict(errors.problem(response))

    return response_default


def _build_response(response: httpx.Response) -> Response[Problem | ServiceAccount]:
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
    body: NewServiceAccount,
) -> Response[Problem | ServiceAccount]:
    """Add a service account to a project.

     A user for programs, the project's own: it has no password, all its tokens are limited to the
    project, and it ends with the project. What it may do there is decided like for any member.

    Args:
        project (str): A project's name.
        body (NewServiceAccount):

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.
        ValueError: If project is empty, "." or "..", which a URL path cannot contain.

    Returns:
        Response[Problem | ServiceAccount]
    """

    kwargs = _get_kwargs(
        project=project,
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(response)


def sync(
    project: str,
    *,
    client: AuthenticatedClient | Client,
    body: NewServiceAccount,
) -> Problem | ServiceAccount | None:
    """Add a service account to a project.

     A user for programs, the project's own: it has no password, all its tokens are limited to the
    project, and it ends with the project. What it may do there is decided like for any member.

    Args:
        project (str): A project's name.
        body (NewServiceAccount):

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.
        ValueError: If project is empty, "." or "..", which a URL path cannot contain.

    Returns:
        Problem | ServiceAccount
    """

    return sync_detailed(
        project=project,
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    project: str,
    *,
    client: AuthenticatedClient | Client,
    body: NewServiceAccount,
) -> Response[Problem | ServiceAccount]:
    """Add a service account to a project.

     A user for programs, the project's own: it has no password, all its tokens are limited to the
    project, and it ends with the project. What it may do there is decided like for any member.

    Args:
        project (str): A project's name.
        body (NewServiceAccount):

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.
        ValueError: If project is empty, "." or "..", which a URL path cannot contain.

    Returns:
        Response[Problem | ServiceAccount]
    """

    kwargs = _get_kwargs(
        project=project,
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(response)


async def asyncio(
    project: str,
    *,
    client: AuthenticatedClient | Client,
    body: NewServiceAccount,
) -> Problem | ServiceAccount | None:
    """Add a service account to a project.

     A user for programs, the project's own: it has no password, all its tokens are limited to the
    project, and it ends with the project. What it may do there is decided like for any member.

    Args:
        project (str): A project's name.
        body (NewServiceAccount):

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.
        ValueError: If project is empty, "." or "..", which a URL path cannot contain.

    Returns:
        Problem | ServiceAccount
    """

    return (
        await asyncio_detailed(
            project=project,
            client=client,
            body=body,
        )
    ).parsed
