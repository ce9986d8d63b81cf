from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.events import Events
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    after: int | Unset = UNSET,
    before: int | Unset = UNSET,
    limit: int | Unset = 100,
    wait: int | Unset = 0,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["after"] = after

    params["before"] = before

    params["limit"] = limit

    params["wait"] = wait

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/events",
        "params": params,
    }

    return _kwargs


def _parse_response(response: httpx.Response) -> Events | Problem:
    if response.status_code == 200:
        response_200 = Events.from_dict(response.json())

        return response_200

    if response.status_code == 429:
        response_429 = Problem.from_dict(errors.problem(response))

        return response_429

    response_default = Problem.from_dict(errors.problem(response))

    return response_default


def _build_response(response: httpx.Response) -> Response[Events | Problem]:
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
    after: int | Unset = UNSET,
    before: int | Unset = UNSET,
    limit: int | Unset = 100,
    wait: int | Unset = 0,
) -> Response[Events | Problem]:
    """Read the events outside of projects, or wait for one.

     For superusers: creation and removal of projects, and every change in home directories and elsewhere
    outside projects, in one feed with numbers of its own. Otherwise like listEvents.

    Args:
        after (int | Unset): The seq after which to continue; without it, or 0, from the first
            event.
        before (int | Unset): Read backwards, newest first: the events before this seq, or with 0
            the newest ones. Not together with after or wait.
        limit (int | Unset): How many items to return at most. Default: 100.
        wait (int | Unset): How many seconds to wait for an event if there is none yet. Default:
            0.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        Response[Events | Problem]
    """

    kwargs = _get_kwargs(
        after=after,
        before=before,
        limit=limit,
        wait=wait,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    after: int | Unset = UNSET,
    before: int | Unset = UNSET,
    limit: int | Unset = 100,
    wait: int | Unset = 0,
) -> Events | Problem | None:
    """Read the events outside of projects, or wait for one.

     For superusers: creation and removal of projects, and every change in home directories and elsewhere
    outside projects, in one feed with numbers of its own. Otherwise like listEvents.

    Args:
        after (int | Unset): The seq after which to continue; without it, or 0, from the first
            event.
        before (int | Unset): Read backwards, newest first: the events before this seq, or with 0
            the newest ones. Not together with after or wait.
        limit (int | Unset): How many items to return at most. Default: 100.
        wait (int | Unset): How many seconds to wait for an event if there is none yet. Default:
            0.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        Events | Problem
    """

    return sync_detailed(
        client=client,
        after=after,
        before=before,
        limit=limit,
        wait=wait,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    after: int | Unset = UNSET,
    before: int | Unset = UNSET,
    limit: int | Unset = 100,
    wait: int | Unset = 0,
) -> Response[Events | Problem]:
    """Read the events outside of projects, or wait for one.

     For superusers: creation and removal of projects, and every change in home directories and elsewhere
    outside projects, in one feed with numbers of its own. Otherwise like listEvents.

    Args:
        after (int | Unset): The seq after which to continue; without it, or 0, from the first
            event.
        before (int | Unset): Read backwards, newest first: the events before this seq, or with 0
            the newest ones. Not together with after or wait.
        limit (int | Unset): How many items to return at most. Default: 100.
        wait (int | Unset): How many seconds to wait for an event if there is none yet. Default:
            0.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        Response[Events | Problem]
    """

    kwargs = _get_kwargs(
        after=after,
        before=before,
        limit=limit,
        wait=wait,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    after: int | Unset = UNSET,
    before: int | Unset = UNSET,
    limit: int | Unset = 100,
    wait: int | Unset = 0,
) -> Events | Problem | None:
    """Read the events outside of projects, or wait for one.

     For superusers: creation and removal of projects, and every change in home directories and elsewhere
    outside projects, in one feed with numbers of its own. Otherwise like listEvents.

    Args:
        after (int | Unset): The seq after which to continue; without it, or 0, from the first
            event.
        before (int | Unset): Read backwards, newest first: the events before this seq, or with 0
            the newest ones. Not together with after or wait.
        limit (int | Unset): How many items to return at most. Default: 100.
        wait (int | Unset): How many seconds to wait for an event if there is none yet. Default:
            0.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        Events | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            after=after,
            before=before,
            limit=limit,
            wait=wait,
        )
    ).parsed
