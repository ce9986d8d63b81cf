from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.access_changes import AccessChanges
from ...models.access_outcomes import AccessOutcomes
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    body: AccessChanges,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/access/change",
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
    body: AccessChanges,
    idempotency_key: str | Unset = UNSET,
) -> Response[AccessOutcomes | Problem]:
    """Change the permissions of several paths.

     Each path is changed atomically, as an event of its own. An error with one does not affect others
    and is reported in its place: if the path has another tag by now, the problem has the status 412 and
    the path is not changed. Each path counts as one change, and all of them as a batch in progress.

    Args:
        idempotency_key (str | Unset): A random UUID for this request. If it is sent again within
            a day, for the same operation on the same path, it gets the first answer and nothing is
            done twice.
        body (AccessChanges):

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        Response[AccessOutcomes | Problem]
    """

    kwargs = _get_kwargs(
        body=body,
        idempotency_key=idempotency_key,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    body: AccessChanges,
    idempotency_key: str | Unset = UNSET,
) -> AccessOutcomes | Problem | None:
    """Change the permissions of several paths.

     Each path is changed atomically, as an event of its own. An error with one does not affect others
    and is reported in its place: if the path has another tag by now, the problem has the status 412 and
    the path is not changed. Each path counts as one change, and all of them as a batch in progress.

    Args:
        idempotency_key (str | Unset): A random UUID for this request. If it is sent again within
            a day, for the same operation on the same path, it gets the first answer and nothing is
            done twice.
        body (AccessChanges):

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        AccessOutcomes | Problem
    """

    return sync_detailed(
        client=client,
        body=body,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: AccessChanges,
    idempotency_key: str | Unset = UNSET,
) -> Response[AccessOutcomes | Problem]:
    """Change the permissions of several paths.

     Each path is changed atomically, as an event of its own. An error with one does not affect others
    and is reported in its place: if the path has another tag by now, the problem has the status 412 and
    the path is not changed. Each path counts as one change, and all of them as a batch in progress.

    Args:
        idempotency_key (str | Unset): A random UUID for this request. If it is sent again within
            a day, for the same operation on the same path, it gets the first answer and nothing is
            done twice.
        body (AccessChanges):

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        Response[AccessOutcomes | Problem]
    """

    kwargs = _get_kwargs(
        body=body,
        idempotency_key=idempotency_key,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    body: AccessChanges,
    idempotency_key: str | Unset = UNSET,
) -> AccessOutcomes | Problem | None:
    """Change the permissions of several paths.

     Each path is changed atomically, as an event of its own. An error with one does not affect others
    and is reported in its place: if the path has another tag by now, the problem has the status 412 and
    the path is not changed. Each path counts as one change, and all of them as a batch in progress.

    Args:
        idempotency_key (str | Unset): A random UUID for this request. If it is sent again within
            a day, for the same operation on the same path, it gets the first answer and nothing is
            done twice.
        body (AccessChanges):

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
            idempotency_key=idempotency_key,
        )
    ).parsed
