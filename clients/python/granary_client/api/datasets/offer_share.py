from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.new_share import NewShare
from ...models.problem import Problem
from ...models.share import Share
from ...types import UNSET, Response, Unset, segment


def _get_kwargs(
    id: int,
    *,
    body: NewShare,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/datasets/{id}/shares".format(
            id=segment(id),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(response: httpx.Response) -> Problem | Share:
    if response.status_code == 201:
        response_201 = Share.from_dict(response.json())

        return response_201

    if response.status_code == 429:
        response_429 = Problem.from_dict(errors.problem(response))

        return response_429

    response_default = Problem.from_dict(errors.problem(response))

    return response_default


def _build_response(response: httpx.Response) -> Response[Problem | Share]:
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
    id: int,
    *,
    client: AuthenticatedClient | Client,
    body: NewShare,
    idempotency_key: str | Unset = UNSET,
) -> Response[Problem | Share]:
    """Offer a dataset to a project or a person.

     A share takes effect only when the other side accepts it. A second offer to the same recipient
    changes the level and the end time of the existing share.

    Args:
        id (int): An id, as a listing gives it.
        idempotency_key (str | Unset): A random UUID for this request. If it is sent again within
            a day, for the same operation on the same path, it gets the first answer and nothing is
            done twice.
        body (NewShare):

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.
        ValueError: If id is empty, "." or "..", which a URL path cannot contain.

    Returns:
        Response[Problem | Share]
    """

    kwargs = _get_kwargs(
        id=id,
        body=body,
        idempotency_key=idempotency_key,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(response)


def sync(
    id: int,
    *,
    client: AuthenticatedClient | Client,
    body: NewShare,
    idempotency_key: str | Unset = UNSET,
) -> Problem | Share | None:
    """Offer a dataset to a project or a person.

     A share takes effect only when the other side accepts it. A second offer to the same recipient
    changes the level and the end time of the existing share.

    Args:
        id (int): An id, as a listing gives it.
        idempotency_key (str | Unset): A random UUID for this request. If it is sent again within
            a day, for the same operation on the same path, it gets the first answer and nothing is
            done twice.
        body (NewShare):

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.
        ValueError: If id is empty, "." or "..", which a URL path cannot contain.

    Returns:
        Problem | Share
    """

    return sync_detailed(
        id=id,
        client=client,
        body=body,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    id: int,
    *,
    client: AuthenticatedClient | Client,
    body: NewShare,
    idempotency_key: str | Unset = UNSET,
) -> Response[Problem | Share]:
    """Offer a dataset to a project or a person.

     A share takes effect only when the other side accepts it. A second offer to the same recipient
    changes the level and the end time of the existing share.

    Args:
        id (int): An id, as a listing gives it.
        idempotency_key (str | Unset): A random UUID for this request. If it is sent again within
            a day, for the same operation on the same path, it gets the first answer and nothing is
            done twice.
        body (NewShare):

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.
        ValueError: If id is empty, "." or "..", which a URL path cannot contain.

    Returns:
        Response[Problem | Share]
    """

    kwargs = _get_kwargs(
        id=id,
        body=body,
        idempotency_key=idempotency_key,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(response)


async def asyncio(
    id: int,
    *,
    client: AuthenticatedClient | Client,
    body: NewShare,
    idempotency_key: str | Unset = UNSET,
) -> Problem | Share | None:
    """Offer a dataset to a project or a person.

     A share takes effect only when the other side accepts it. A second offer to the same recipient
    changes the level and the end time of the existing share.

    Args:
        id (int): An id, as a listing gives it.
        idempotency_key (str | Unset): A random UUID for this request. If it is sent again within
            a day, for the same operation on the same path, it gets the first answer and nothing is
            done twice.
        body (NewShare):

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.
        ValueError: If id is empty, "." or "..", which a URL path cannot contain.

    Returns:
        Problem | Share
    """

    return (
        await asyncio_detailed(
            id=id,
            client=client,
            body=body,
            idempotency_key=idempotency_key,
        )
    ).parsed
