from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.explain_access_action import ExplainAccessAction
from ...models.explanation import Explanation
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    path: str,
    action: ExplainAccessAction | Unset = ExplainAccessAction.READ,
    user: str | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["path"] = path

    json_action: str | Unset = UNSET
    if not isinstance(action, Unset):
        json_action = action.value

    params["action"] = json_action

    params["user"] = user

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/access/explain",
        "params": params,
    }

    return _kwargs


def _parse_response(response: httpx.Response) -> Explanation | Problem:
    if response.status_code == 200:
        response_200 = Explanation.from_dict(response.json())

        return response_200

    if response.status_code == 429:
        response_429 = Problem.from_dict(errors.problem(response))

        return response_429

    response_default = Problem.from_dict(errors.problem(response))

    return response_default


def _build_response(response: httpx.Response) -> Response[Explanation | Problem]:
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
    path: str,
    action: ExplainAccessAction | Unset = ExplainAccessAction.READ,
    user: str | Unset = UNSET,
) -> Response[Explanation | Problem]:
    """Show whether a user may do something, and what decides that.

     Everybody may ask about themselves; owners of the path's project may ask about others.

    Args:
        path (str): Absolute path. Absolute: names after slashes, of which none is "." or ".." and
            none has a colon or a NUL.
        action (ExplainAccessAction | Unset): What to do with the path. Default:
            ExplainAccessAction.READ.
        user (str | Unset): About whom; without it, about the caller.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        Response[Explanation | Problem]
    """

    kwargs = _get_kwargs(
        path=path,
        action=action,
        user=user,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    path: str,
    action: ExplainAccessAction | Unset = ExplainAccessAction.READ,
    user: str | Unset = UNSET,
) -> Explanation | Problem | None:
    """Show whether a user may do something, and what decides that.

     Everybody may ask about themselves; owners of the path's project may ask about others.

    Args:
        path (str): Absolute path. Absolute: names after slashes, of which none is "." or ".." and
            none has a colon or a NUL.
        action (ExplainAccessAction | Unset): What to do with the path. Default:
            ExplainAccessAction.READ.
        user (str | Unset): About whom; without it, about the caller.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        Explanation | Problem
    """

    return sync_detailed(
        client=client,
        path=path,
        action=action,
        user=user,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    path: str,
    action: ExplainAccessAction | Unset = ExplainAccessAction.READ,
    user: str | Unset = UNSET,
) -> Response[Explanation | Problem]:
    """Show whether a user may do something, and what decides that.

     Everybody may ask about themselves; owners of the path's project may ask about others.

    Args:
        path (str): Absolute path. Absolute: names after slashes, of which none is "." or ".." and
            none has a colon or a NUL.
        action (ExplainAccessAction | Unset): What to do with the path. Default:
            ExplainAccessAction.READ.
        user (str | Unset): About whom; without it, about the caller.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        Response[Explanation | Problem]
    """

    kwargs = _get_kwargs(
        path=path,
        action=action,
        user=user,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    path: str,
    action: ExplainAccessAction | Unset = ExplainAccessAction.READ,
    user: str | Unset = UNSET,
) -> Explanation | Problem | None:
    """Show whether a user may do something, and what decides that.

     Everybody may ask about themselves; owners of the path's project may ask about others.

    Args:
        path (str): Absolute path. Absolute: names after slashes, of which none is "." or ".." and
            none has a colon or a NUL.
        action (ExplainAccessAction | Unset): What to do with the path. Default:
            ExplainAccessAction.READ.
        user (str | Unset): About whom; without it, about the caller.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        Explanation | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            path=path,
            action=action,
            user=user,
        )
    ).parsed
