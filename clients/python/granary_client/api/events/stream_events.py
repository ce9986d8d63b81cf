from http import HTTPStatus
from typing import Any, cast

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...types import UNSET, Response, Unset, segment


def _get_kwargs(
    project: str,
    *,
    after: int | Unset = UNSET,
    limit: int | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["after"] = after

    params["limit"] = limit

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/projects/{project}/events/stream".format(
            project=segment(project),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(response: httpx.Response) -> Any | Problem:
    if response.status_code == 200:
        response_200 = cast(Any, response.text)
        return response_200

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
    *,
    client: AuthenticatedClient | Client,
    after: int | Unset = UNSET,
    limit: int | Unset = UNSET,
) -> Response[Any | Problem]:
    """Follow the events of a project as server-sent events.

     Each message has the event's seq as its id, `change` as its type, and as its data the event as
    listEvents shows it. A client that reconnects with the header Last-Event-ID continues after that
    event. The stream ends when the token ends or the server stops and, after a message of the type
    `end` with the problem as its data, when the caller may no longer follow the project.

    This returns all of the stream as text, once it has ended: give a limit. granary_client.streaming.events yields
    each event as it arrives.

    Args:
        project (str): A project's name.
        after (int | Unset): The seq after which to begin, for a client without Last-Event-ID;
            without it, with events from now on.
        limit (int | Unset): At most how many events to send; then the stream ends. Without it,
            any number.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.
        ValueError: If project is empty, "." or "..", which a URL path cannot contain.

    Returns:
        Response[Any | Problem]
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
    after: int | Unset = UNSET,
    limit: int | Unset = UNSET,
) -> Any | Problem | None:
    """Follow the events of a project as server-sent events.

     Each message has the event's seq as its id, `change` as its type, and as its data the event as
    listEvents shows it. A client that reconnects with the header Last-Event-ID continues after that
    event. The stream ends when the token ends or the server stops and, after a message of the type
    `end` with the problem as its data, when the caller may no longer follow the project.

    This returns all of the stream as text, once it has ended: give a limit. granary_client.streaming.events yields
    each event as it arrives.

    Args:
        project (str): A project's name.
        after (int | Unset): The seq after which to begin, for a client without Last-Event-ID;
            without it, with events from now on.
        limit (int | Unset): At most how many events to send; then the stream ends. Without it,
            any number.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.
        ValueError: If project is empty, "." or "..", which a URL path cannot contain.

    Returns:
        Any | Problem
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
    after: int | Unset = UNSET,
    limit: int | Unset = UNSET,
) -> Response[Any | Problem]:
    """Follow the events of a project as server-sent events.

     Each message has the event's seq as its id, `change` as its type, and as its data the event as
    listEvents shows it. A client that reconnects with the header Last-Event-ID continues after that
    event. The stream ends when the token ends or the server stops and, after a message of the type
    `end` with the problem as its data, when the caller may no longer follow the project.

    This returns all of the stream as text, once it has ended: give a limit. granary_client.streaming.events yields
    each event as it arrives.

    Args:
        project (str): A project's name.
        after (int | Unset): The seq after which to begin, for a client without Last-Event-ID;
            without it, with events from now on.
        limit (int | Unset): At most how many events to send; then the stream ends. Without it,
            any number.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.
        ValueError: If project is empty, "." or "..", which a URL path cannot contain.

    Returns:
        Response[Any | Problem]
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
    after: int | Unset = UNSET,
    limit: int | Unset = UNSET,
) -> Any | Problem | None:
    """Follow the events of a project as server-sent events.

     Each message has the event's seq as its id, `change` as its type, and as its data the event as
    listEvents shows it. A client that reconnects with the header Last-Event-ID continues after that
    event. The stream ends when the token ends or the server stops and, after a message of the type
    `end` with the problem as its data, when the caller may no longer follow the project.

    This returns all of the stream as text, once it has ended: give a limit. granary_client.streaming.events yields
    each event as it arrives.

    Args:
        project (str): A project's name.
        after (int | Unset): The seq after which to begin, for a client without Last-Event-ID;
            without it, with events from now on.
        limit (int | Unset): At most how many events to send; then the stream ends. Without it,
            any number.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.
        ValueError: If project is empty, "." or "..", which a URL path cannot contain.

    Returns:
        Any | Problem
    """

    return (
        await asyncio_detailed(
            project=project,
            client=client,
            after=after,
            limit=limit,
        )
    ).parsed
