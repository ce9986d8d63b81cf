from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...models.project import Project
from ...types import Response, segment


def _get_kwargs(
    project: str,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/projects/{project}".format(
            project=segment(project),
        ),
    }

    return _kwargs


def _parse_response(response: httpx.Response) -> Problem | Project:
    if response.status_code == 200:
        response_200 = Project.from_dict(response.json())

        return response_200

    if response.status_code == 429:
        response_429 = Problem.from_dict(errors.problem(response))

        return response_429

    response_default = Problem.from_dict(errors.problem(response))

    return response_default


def _build_response(response: httpx.Response) -> Response[Problem | Project]:
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
) -> Response[Problem | Project]:
    """Describe a project.

     A project that the caller may not know of appears not to exist.

    Args:
        project (str): A project's name.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.
        ValueError: If project is empty, "." or "..", which a URL path cannot contain.

    Returns:
        Response[Problem | Project]
    """

    kwargs = _get_kwargs(
        project=project,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(response)


def sync(
    project: str,
    *,
    client: AuthenticatedClient | Client,
) -> Problem | Project | None:
    """Describe a project.

     A project that the caller may not know of appears not to exist.

    Args:
        project (str): A project's name.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.
        ValueError: If project is empty, "." or "..", which a URL path cannot contain.

    Returns:
        Problem | Project
    """

    return sync_detailed(
        project=project,
        client=client,
    ).parsed


async def asyncio_detailed(
    project: str,
    *,
    client: AuthenticatedClient | Client,
) -> Response[Problem | Project]:
    """Describe a project.

     A project that the caller may not know of appears not to exist.

    Args:
        project (str): A project's name.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.
        ValueError: If project is empty, "." or "..", which a URL path cannot contain.

    Returns:
        Response[Problem | Project]
    """

    kwargs = _get_kwargs(
        project=project,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(response)


async def asyncio(
    project: str,
    *,
    client: AuthenticatedClient | Client,
) -> Problem | Project | None:
    """Describe a project.

     A project that the caller may not know of appears not to exist.

    Args:
        project (str): A project's name.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.
        ValueError: If project is empty, "." or "..", which a URL path cannot contain.

    Returns:
        Problem | Project
    """

    return (
        await asyncio_detailed(
            project=project,
            client=client,
        )
    ).parsed
