from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...models.run_list import RunList
from ...types import UNSET, Response


def _get_kwargs(
    *,
    path: str,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["path"] = path

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/runs",
        "params": params,
    }

    return _kwargs


def _parse_response(response: httpx.Response) -> Problem | RunList:
    if response.status_code == 200:
        response_200 = RunList.from_dict(response.json())

        return response_200

    if response.status_code == 429:
        response_429 = Problem.from_dict(errors.problem(response))

        return response_429

    response_default = Problem.from_dict(errors.problem(response))

    return response_default


def _build_response(response: httpx.Response) -> Response[Problem | RunList]:
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
) -> Response[Problem | RunList]:
    """List the runs at and below a directory.

     A run is a directory with event files, which have tfevents in their names, as in TensorBoard. The
    server reads them once, and later only what was appended; rights are checked with each request. It
    counts as a search. The trash is left out, unless the path is in it. What the caller may not list or
    read is left out and reported. To follow a training run, ask every few seconds, and request the
    series of those runs whose state has changed.

    Args:
        path (str): Absolute path. Absolute: names after slashes, of which none is "." or ".." and
            none has a colon or a NUL.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        Response[Problem | RunList]
    """

    kwargs = _get_kwargs(
        path=path,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    path: str,
) -> Problem | RunList | None:
    """List the runs at and below a directory.

     A run is a directory with event files, which have tfevents in their names, as in TensorBoard. The
    server reads them once, and later only what was appended; rights are checked with each request. It
    counts as a search. The trash is left out, unless the path is in it. What the caller may not list or
    read is left out and reported. To follow a training run, ask every few seconds, and request the
    series of those runs whose state has changed.

    Args:
        path (str): Absolute path. Absolute: names after slashes, of which none is "." or ".." and
            none has a colon or a NUL.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        Problem | RunList
    """

    return sync_detailed(
        client=client,
        path=path,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    path: str,
) -> Response[Problem | RunList]:
    """List the runs at and below a directory.

     A run is a directory with event files, which have tfevents in their names, as in TensorBoard. The
    server reads them once, and later only what was appended; rights are checked with each request. It
    counts as a search. The trash is left out, unless the path is in it. What the caller may not list or
    read is left out and reported. To follow a training run, ask every few seconds, and request the
    series of those runs whose state has changed.

    Args:
        path (str): Absolute path. Absolute: names after slashes, of which none is "." or ".." and
            none has a colon or a NUL.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        Response[Problem | RunList]
    """

    kwargs = _get_kwargs(
        path=path,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    path: str,
) -> Problem | RunList | None:
    """List the runs at and below a directory.

     A run is a directory with event files, which have tfevents in their names, as in TensorBoard. The
    server reads them once, and later only what was appended; rights are checked with each request. It
    counts as a search. The trash is left out, unless the path is in it. What the caller may not list or
    read is left out and reported. To follow a training run, ask every few seconds, and request the
    series of those runs whose state has changed.

    Args:
        path (str): Absolute path. Absolute: names after slashes, of which none is "." or ".." and
            none has a colon or a NUL.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        Problem | RunList
    """

    return (
        await asyncio_detailed(
            client=client,
            path=path,
        )
    ).parsed
