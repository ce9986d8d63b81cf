from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    path: str,
    tag: str,
    run: list[str] | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["path"] = path

    params["tag"] = tag

    json_run: list[str] | Unset = UNSET
    if not isinstance(run, Unset):
        json_run = run

    params["run"] = json_run

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/scalars/csv",
        "params": params,
    }

    return _kwargs


def _parse_response(response: httpx.Response) -> Problem | str:
    if response.status_code == 200:
        response_200 = response.text
        return response_200

    if response.status_code == 429:
        response_429 = Problem.from_dict(errors.problem(response))

        return response_429

    response_default = Problem.from_dict(errors.problem(response))

    return response_default


def _build_response(response: httpx.Response) -> Response[Problem | str]:
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
) -> Response[Problem | str]:
    """Download all points of a tag as CSV.

     The columns are run, step, wall_time (seconds since 1970) and value, which may be NaN, Infinity or
    -Infinity. Nothing is left out except what a restart took back, and values that are not numbers. If
    anything else would be missing, the answer is 409 or 403 and says why: a file is damaged or may not
    be read, a directory may not be listed, or there is more than the server looks at; then name runs
    that are not affected. A later failure breaks the connection off. It reads whole files, and counts
    as a search and as a batch: one user has at most 16 archives, exports and batches in progress, or
    gets 429, and the server 64, or answers 503.

    Args:
        path (str): Absolute path. Absolute: names after slashes, of which none is "." or ".." and
            none has a colon or a NUL.
        tag (str): The tag.
        run (list[str] | Unset): Only this run, as listRuns names it. May be given up to 100
            times; without it, all runs.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        Response[Problem | str]
    """

    kwargs = _get_kwargs(
        path=path,
        tag=tag,
        run=run,
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
) -> Problem | str | None:
    """Download all points of a tag as CSV.

     The columns are run, step, wall_time (seconds since 1970) and value, which may be NaN, Infinity or
    -Infinity. Nothing is left out except what a restart took back, and values that are not numbers. If
    anything else would be missing, the answer is 409 or 403 and says why: a file is damaged or may not
    be read, a directory may not be listed, or there is more than the server looks at; then name runs
    that are not affected. A later failure breaks the connection off. It reads whole files, and counts
    as a search and as a batch: one user has at most 16 archives, exports and batches in progress, or
    gets 429, and the server 64, or answers 503.

    Args:
        path (str): Absolute path. Absolute: names after slashes, of which none is "." or ".." and
            none has a colon or a NUL.
        tag (str): The tag.
        run (list[str] | Unset): Only this run, as listRuns names it. May be given up to 100
            times; without it, all runs.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        Problem | str
    """

    return sync_detailed(
        client=client,
        path=path,
        tag=tag,
        run=run,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    path: str,
    tag: str,
    run: list[str] | Unset = UNSET,
) -> Response[Problem | str]:
    """Download all points of a tag as CSV.

     The columns are run, step, wall_time (seconds since 1970) and value, which may be NaN, Infinity or
    -Infinity. Nothing is left out except what a restart took back, and values that are not numbers. If
    anything else would be missing, the answer is 409 or 403 and says why: a file is damaged or may not
    be read, a directory may not be listed, or there is more than the server looks at; then name runs
    that are not affected. A later failure breaks the connection off. It reads whole files, and counts
    as a search and as a batch: one user has at most 16 archives, exports and batches in progress, or
    gets 429, and the server 64, or answers 503.

    Args:
        path (str): Absolute path. Absolute: names after slashes, of which none is "." or ".." and
            none has a colon or a NUL.
        tag (str): The tag.
        run (list[str] | Unset): Only this run, as listRuns names it. May be given up to 100
            times; without it, all runs.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        Response[Problem | str]
    """

    kwargs = _get_kwargs(
        path=path,
        tag=tag,
        run=run,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    path: str,
    tag: str,
    run: list[str] | Unset = UNSET,
) -> Problem | str | None:
    """Download all points of a tag as CSV.

     The columns are run, step, wall_time (seconds since 1970) and value, which may be NaN, Infinity or
    -Infinity. Nothing is left out except what a restart took back, and values that are not numbers. If
    anything else would be missing, the answer is 409 or 403 and says why: a file is damaged or may not
    be read, a directory may not be listed, or there is more than the server looks at; then name runs
    that are not affected. A later failure breaks the connection off. It reads whole files, and counts
    as a search and as a batch: one user has at most 16 archives, exports and batches in progress, or
    gets 429, and the server 64, or answers 503.

    Args:
        path (str): Absolute path. Absolute: names after slashes, of which none is "." or ".." and
            none has a colon or a NUL.
        tag (str): The tag.
        run (list[str] | Unset): Only this run, as listRuns names it. May be given up to 100
            times; without it, all runs.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        Problem | str
    """

    return (
        await asyncio_detailed(
            client=client,
            path=path,
            tag=tag,
            run=run,
        )
    ).parsed
