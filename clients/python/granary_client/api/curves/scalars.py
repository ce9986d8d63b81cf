from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...models.series_list import SeriesList
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    path: str,
    tag: str,
    run: list[str] | Unset = UNSET,
    points: int | Unset = 1000,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["path"] = path

    params["tag"] = tag

    json_run: list[str] | Unset = UNSET
    if not isinstance(run, Unset):
        json_run = run

    params["run"] = json_run

    params["points"] = points

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/scalars",
        "params": params,
    }

    return _kwargs


def _parse_response(response: httpx.Response) -> Problem | SeriesList:
    if response.status_code == 200:
        response_200 = SeriesList.from_dict(response.json())

        return response_200

    if response.status_code == 429:
        response_429 = Problem.from_dict(errors.problem(response))

        return response_429

    response_default = Problem.from_dict(errors.problem(response))

    return response_default


def _build_response(response: httpx.Response) -> Response[Problem | SeriesList]:
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
    tag: str,
    run: list[str] | Unset = UNSET,
    points: int | Unset = 1000,
) -> Response[Problem | SeriesList]:
    """Show the curves of a tag.

     Each series is shortened to what a chart needs, by Largest-Triangle-Three-Buckets; all series of an
    answer have some 300,000 points at most. Without a run it counts as a search does. What a restart
    took back (SessionLog.START, which purge_step writes) is left out. Values whose steps go back
    without one are kept.

    Args:
        path (str): Absolute path. Absolute: names after slashes, of which none is "." or ".." and
            none has a colon or a NUL.
        tag (str): The tag.
        run (list[str] | Unset): Only this run, as listRuns names it. May be given up to 100
            times; without it, all runs.
        points (int | Unset): How many points a series has at most. Default: 1000.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        Response[Problem | SeriesList]
    """

    kwargs = _get_kwargs(
        path=path,
        tag=tag,
        run=run,
        points=points,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    path: str,
    tag: str,
    run: list[str] | Unset = UNSET,
    points: int | Unset = 1000,
) -> Problem | SeriesList | None:
    """Show the curves of a tag.

     Each series is shortened to what a chart needs, by Largest-Triangle-Three-Buckets; all series of an
    answer have some 300,000 points at most. Without a run it counts as a search does. What a restart
    took back (SessionLog.START, which purge_step writes) is left out. Values whose steps go back
    without one are kept.

    Args:
        path (str): Absolute path. Absolute: names after slashes, of which none is "." or ".." and
            none has a colon or a NUL.
        tag (str): The tag.
        run (list[str] | Unset): Only this run, as listRuns names it. May be given up to 100
            times; without it, all runs.
        points (int | Unset): How many points a series has at most. Default: 1000.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        Problem | SeriesList
    """

    return sync_detailed(
        client=client,
        path=path,
        tag=tag,
        run=run,
        points=points,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    path: str,
    tag: str,
    run: list[str] | Unset = UNSET,
    points: int | Unset = 1000,
) -> Response[Problem | SeriesList]:
    """Show the curves of a tag.

     Each series is shortened to what a chart needs, by Largest-Triangle-Three-Buckets; all series of an
    answer have some 300,000 points at most. Without a run it counts as a search does. What a restart
    took back (SessionLog.START, which purge_step writes) is left out. Values whose steps go back
    without one are kept.

    Args:
        path (str): Absolute path. Absolute: names after slashes, of which none is "." or ".." and
            none has a colon or a NUL.
        tag (str): The tag.
        run (list[str] | Unset): Only this run, as listRuns names it. May be given up to 100
            times; without it, all runs.
        points (int | Unset): How many points a series has at most. Default: 1000.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        Response[Problem | SeriesList]
    """

    kwargs = _get_kwargs(
        path=path,
        tag=tag,
        run=run,
        points=points,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    path: str,
    tag: str,
    run: list[str] | Unset = UNSET,
    points: int | Unset = 1000,
) -> Problem | SeriesList | None:
    """Show the curves of a tag.

     Each series is shortened to what a chart needs, by Largest-Triangle-Three-Buckets; all series of an
    answer have some 300,000 points at most. Without a run it counts as a search does. What a restart
    took back (SessionLog.START, which purge_step writes) is left out. Values whose steps go back
    without one are kept.

    Args:
        path (str): Absolute path. Absolute: names after slashes, of which none is "." or ".." and
            none has a colon or a NUL.
        tag (str): The tag.
        run (list[str] | Unset): Only this run, as listRuns names it. May be given up to 100
            times; without it, all runs.
        points (int | Unset): How many points a series has at most. Default: 1000.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        Problem | SeriesList
    """

    return (
        await asyncio_detailed(
            client=client,
            path=path,
            tag=tag,
            run=run,
            points=points,
        )
    ).parsed
