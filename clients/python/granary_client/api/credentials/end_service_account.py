from http import HTTPStatus
from typing import Any, cast

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...types import UNSET, Response, Unset, segment


def _get_kwargs(
    project: str,
    user: str,
    *,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "delete",
        "url": "/api/v1/projects/{project}/service-accounts/{user}".format(
            project=segment(project),
            user=segment(user),
        ),
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(response: httpx.Response) -> Any | Problem:
    if response.status_code == 204:
        response_204 = cast(Any, None)
        return response_204

    if response.status_code == 429:
        response_429 = Problem.from_dict(errors.problem(response))

        return response_429

    response_default = Problem.from_dict(errors.problem(response))

    return response_default


def _build_response(response: httpx.Response) -> Response[Any | Problem]:
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
    user: str,
    *,
    client: AuthenticatedClient | Client,
    idempotency_key: str | Unset = UNSET,
) -> Response[Any | Problem]:
    """End a service account and its tokens.

     Its name is not given out again.

    Args:
        project (str): A project's name.
        user (str): A user's name.
        idempotency_key (str | Unset): A random UUID for this request. If it is sent again within
            a day, for the same operation on the same path, it gets the first answer and nothing is
            done twice.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.
        ValueError: If project or user is empty, "." or "..", which a URL path cannot contain.

    Returns:
        Response[Any | Problem]
    """

    kwargs = _get_kwargs(
        project=project,
        user=user,
        idempotency_key=idempotency_key,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(response)


def sync(
    project: str,
    user: str,
    *,
    client: AuthenticatedClient | Client,
    idempotency_key: str | Unset = UNSET,
) -> Any | Problem | None:
    """End a service account and its tokens.

     Its name is not given out again.

    Args:
        project (str): A project's name.
        user (str): A user's name.
        idempotency_key (str | Unset): A random UUID for this request. If it is sent again within
            a day, for the same operation on the same path, it gets the first answer and nothing is
            done twice.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.
        ValueError: If project or user is empty, "." or "..", which a URL path cannot contain.

    Returns:
        Any | Problem
    """

    return sync_detailed(
        project=project,
        user=user,
        client=client,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    project: str,
    user: str,
    *,
    client: AuthenticatedClient | Client,
    idempotency_key: str | Unset = UNSET,
) -> Response[Any | Problem]:
    """End a service account and its tokens.

     Its name is not given out again.

    Args:
        project (str): A project's name.
        user (str): A user's name.
        idempotency_key (str | Unset): A random UUID for this request. If it is sent again within
            a day, for the same operation on the same path, it gets the first answer and nothing is
            done twice.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.
        ValueError: If project or user is empty, "." or "..", which a URL path cannot contain.

    Returns:
        Response[Any | Problem]
    """

    kwargs = _get_kwargs(
        project=project,
        user=user,
        idempotency_key=idempotency_key,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(response)


async def asyncio(
    project: str,
    user: str,
    *,
    client: AuthenticatedClient | Client,
    idempotency_key: str | Unset = UNSET,
) -> Any | Problem | None:
    """End a service account and its tokens.

     Its name is not given out again.

    Args:
        project (str): A project's name.
        user (str): A user's name.
        idempotency_key (str | Unset): A random UUID for this request. If it is sent again within
            a day, for the same operation on the same path, it gets the first answer and nothing is
            done twice.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.
        ValueError: If project or user is empty, "." or "..", which a URL path cannot contain.

    Returns:
        Any | Problem
    """

    return (
        await asyncio_detailed(
            project=project,
            user=user,
            client=client,
            idempotency_key=idempotency_key,
        )
    ).parsed
