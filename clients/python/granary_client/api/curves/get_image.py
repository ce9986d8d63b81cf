from http import HTTPStatus
from io import BytesIO
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...types import UNSET, File, Response, Unset


def _get_kwargs(
    *,
    path: str,
    run: str,
    tag: str,
    step: int,
    sample: int | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["path"] = path

    params["run"] = run

    params["tag"] = tag

    params["step"] = step

    params["sample"] = sample

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/images/content",
        "params": params,
    }

    return _kwargs


def _parse_response(response: httpx.Response) -> File | Problem:
    if response.status_code == 200:
        response_200 = File(payload=BytesIO(response.content))

        return response_200

    if response.status_code == 429:
        response_429 = Problem.from_dict(errors.problem(response))

        return response_429

    response_default = Problem.from_dict(errors.problem(response))

    return response_default


def _build_response(response: httpx.Response) -> Response[File | Problem]:
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
    run: str,
    tag: str,
    step: int,
    sample: int | Unset = UNSET,
) -> Response[File | Problem]:
    """Show an image from a training run.

     PNG, JPEG or GIF of up to 16 MiB, by its first bytes; whatever else a file holds as an image is
    refused with 409. Of several with one step the last counts.

    This reads the complete answer into memory. granary_client.streaming.stream reads it as it arrives.

    Args:
        path (str): Absolute path. Absolute: names after slashes, of which none is "." or ".." and
            none has a colon or a NUL.
        run (str): The run, as listRuns names it.
        tag (str): The tag.
        step (int): The step, as listImages has it.
        sample (int | Unset): Which one of those that were written together.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        Response[File | Problem]
    """

    kwargs = _get_kwargs(
        path=path,
        run=run,
        tag=tag,
        step=step,
        sample=sample,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    path: str,
    run: str,
    tag: str,
    step: int,
    sample: int | Unset = UNSET,
) -> File | Problem | None:
    """Show an image from a training run.

     PNG, JPEG or GIF of up to 16 MiB, by its first bytes; whatever else a file holds as an image is
    refused with 409. Of several with one step the last counts.

    This reads the complete answer into memory. granary_client.streaming.stream reads it as it arrives.

    Args:
        path (str): Absolute path. Absolute: names after slashes, of which none is "." or ".." and
            none has a colon or a NUL.
        run (str): The run, as listRuns names it.
        tag (str): The tag.
        step (int): The step, as listImages has it.
        sample (int | Unset): Which one of those that were written together.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        File | Problem
    """

    return sync_detailed(
        client=client,
        path=path,
        run=run,
        tag=tag,
        step=step,
        sample=sample,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    path: str,
    run: str,
    tag: str,
    step: int,
    sample: int | Unset = UNSET,
) -> Response[File | Problem]:
    """Show an image from a training run.

     PNG, JPEG or GIF of up to 16 MiB, by its first bytes; whatever else a file holds as an image is
    refused with 409. Of several with one step the last counts.

    This reads the complete answer into memory. granary_client.streaming.stream reads it as it arrives.

    Args:
        path (str): Absolute path. Absolute: names after slashes, of which none is "." or ".." and
            none has a colon or a NUL.
        run (str): The run, as listRuns names it.
        tag (str): The tag.
        step (int): The step, as listImages has it.
        sample (int | Unset): Which one of those that were written together.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        Response[File | Problem]
    """

    kwargs = _get_kwargs(
        path=path,
        run=run,
        tag=tag,
        step=step,
        sample=sample,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    path: str,
    run: str,
    tag: str,
    step: int,
    sample: int | Unset = UNSET,
) -> File | Problem | None:
    """Show an image from a training run.

     PNG, JPEG or GIF of up to 16 MiB, by its first bytes; whatever else a file holds as an image is
    refused with 409. Of several with one step the last counts.

    This reads the complete answer into memory. granary_client.streaming.stream reads it as it arrives.

    Args:
        path (str): Absolute path. Absolute: names after slashes, of which none is "." or ".." and
            none has a colon or a NUL.
        run (str): The run, as listRuns names it.
        tag (str): The tag.
        step (int): The step, as listImages has it.
        sample (int | Unset): Which one of those that were written together.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        File | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            path=path,
            run=run,
            tag=tag,
            step=step,
            sample=sample,
        )
    ).parsed
