from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...models.user import User
from ...models.user_change import UserChange
from ...types import UNSET, Response, Unset, segment


def _get_kwargs(
    user: str,
    *,
    body: UserChange,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "patch",
        "url": "/api/v1/admin/users/{user}".format(
            user=segment(user),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(response: httpx.Response) -> Problem | User:
    if response.status_code == 200:
        response_200 = User.from_dict(response.json())

        return response_200

    if response.status_code == 429:
        response_429 = Problem.from_dict(errors.problem(response))

        return response_429

    response_default = Problem.from_dict(errors.problem(response))

    return response_default


def _build_response(response: httpx.Response) -> Response[Problem | User]:
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
    user: str,
    *,
    client: AuthenticatedClient | Client,
    body: UserChange,
    idempotency_key: str | Unset = UNSET,
) -> Response[Problem | User]:
    """Change a user's groups, make them a superuser or not, or disable or enable them.

     It takes effect with the user's next request, on every server. Superusers cannot disable themselves
    or end being superusers themselves.

    Args:
        user (str): A user's name.
        idempotency_key (str | Unset): A random UUID for this request. If it is sent again within
            a day, for the same operation on the same path, it gets the first answer and nothing is
            done twice.
        body (UserChange):

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.
        ValueError: If user is empty, "." or "..", which a URL path cannot contain.

    Returns:
        Response[Problem | User]
    """

    kwargs = _get_kwargs(
        user=user,
        body=body,
        idempotency_key=idempotency_key,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(response)


def sync(
    user: str,
    *,
    client: AuthenticatedClient | Client,
    body: UserChange,
    idempotency_key: str | Unset = UNSET,
) -> Problem | User | None:
    """Change a user's groups, make them a superuser or not, or disable or enable them.

     It takes effect with the user's next request, on every server. Superusers cannot disable themselves
    or end being superusers themselves.

    Args:
        user (str): A user's name.
        idempotency_key (str | Unset): A random UUID for this request. If it is sent again within
            a day, for the same operation on the same path, it gets the first answer and nothing is
            done twice.
        body (UserChange):

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.
        ValueError: If user is empty, "." or "..", which a URL path cannot contain.

    Returns:
        Problem | User
    """

    return sync_detailed(
        user=user,
        client=client,
        body=body,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    user: str,
    *,
    client: AuthenticatedClient | Client,
    body: UserChange,
    idempotency_key: str | Unset = UNSET,
) -> Response[Problem | User]:
    """Change a user's groups, make them a superuser or not, or disable or enable them.

     It takes effect with the user's next request, on every server. Superusers cannot disable themselves
    or end being superusers themselves.

    Args:
        user (str): A user's name.
        idempotency_key (str | Unset): A random UUID for this request. If it is sent again within
            a day, for the same operation on the same path, it gets the first answer and nothing is
            done twice.
        body (UserChange):

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.
        ValueError: If user is empty, "." or "..", which a URL path cannot contain.

    Returns:
        Response[Problem | User]
    """

    kwargs = _get_kwargs(
        user=user,
        body=body,
        idempotency_key=idempotency_key,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(response)


async def asyncio(
    user: str,
    *,
    client: AuthenticatedClient | Client,
    body: UserChange,
    idempotency_key: str | Unset = UNSET,
) -> Problem | User | None:
    """Change a user's groups, make them a superuser or not, or disable or enable them.

     It takes effect with the user's next request, on every server. Superusers cannot disable themselves
    or end being superusers themselves.

    Args:
        user (str): A user's name.
        idempotency_key (str | Unset): A random UUID for this request. If it is sent again within
            a day, for the same operation on the same path, it gets the first answer and nothing is
            done twice.
        body (UserChange):

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.
        ValueError: If user is empty, "." or "..", which a URL path cannot contain.

    Returns:
        Problem | User
    """

    return (
        await asyncio_detailed(
            user=user,
            client=client,
            body=body,
            idempotency_key=idempotency_key,
        )
    ).parsed
