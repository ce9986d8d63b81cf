from http import HTTPStatus
from typing import Any
from uuid import UUID

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.job import Job
from ...models.problem import Problem
from ...types import Response, segment


def _get_kwargs(
    job: UUID,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/jobs/{job}".format(
            job=segment(job),
        ),
    }

    return _kwargs


def _parse_response(response: httpx.Response) -> Job | Problem:
    if response.status_code == 200:
        response_200 = Job.from_dict(response.json())

        return response_200

    if response.status_code == 429:
        response_429 = Problem.from_dict(errors.problem(response))

        return response_429

    response_default = Problem.from_dict(errors.problem(response))

    return response_default


def _build_response(response: httpx.Response) -> Response[Job | Problem]:
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
    job: UUID,
    *,
    client: AuthenticatedClient | Client,
) -> Response[Job | Problem]:
    """Show the progress of a job.

    Args:
        job (UUID): The id of a job.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.
        ValueError: If job is empty, "." or "..", which a URL path cannot contain.

    Returns:
        Response[Job | Problem]
    """

    kwargs = _get_kwargs(
        job=job,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(response)


def sync(
    job: UUID,
    *,
    client: AuthenticatedClient | Client,
) -> Job | Problem | None:
    """Show the progress of a job.

    Args:
        job (UUID): The id of a job.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.
        ValueError: If job is empty, "." or "..", which a URL path cannot contain.

    Returns:
        Job | Problem
    """

    return sync_detailed(
        job=job,
        client=client,
    ).parsed


async def asyncio_detailed(
    job: UUID,
    *,
    client: AuthenticatedClient | Client,
) -> Response[Job | Problem]:
    """Show the progress of a job.

    Args:
        job (UUID): The id of a job.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.
        ValueError: If job is empty, "." or "..", which a URL path cannot contain.

    Returns:
        Response[Job | Problem]
    """

    kwargs = _get_kwargs(
        job=job,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(response)


async def asyncio(
    job: UUID,
    *,
    client: AuthenticatedClient | Client,
) -> Job | Problem | None:
    """Show the progress of a job.

    Args:
        job (UUID): The id of a job.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.
        ValueError: If job is empty, "." or "..", which a URL path cannot contain.

    Returns:
        Job | Problem
    """

    return (
        await asyncio_detailed(
            job=job,
            client=client,
        )
    ).parsed
