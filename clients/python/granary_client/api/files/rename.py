from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.boolean import Boolean
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    path: str,
    destination: str,
    renameoptions: str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    params: dict[str, Any] = {}

    params["path"] = path

    params["destination"] = destination

    params["renameoptions"] = renameoptions

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "put",
        "url": "/api/v1/fs/rename",
        "params": params,
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(response: httpx.Response) -> Boolean | Problem:
    if response.status_code == 200:
        response_200 = Boolean.from_dict(response.json())

        return response_200

    if response.status_code == 429:
        response_429 = Problem.from_dict(errors.problem(response))

        return response_429

    response_default = Problem.from_dict(errors.problem(response))

    return response_default


def _build_response(response: httpx.Response) -> Response[Boolean | Problem]:
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
    destination: str,
    renameoptions: str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> Response[Boolean | Problem]:
    """Move a file or directory to a new path.

     If the destination is a directory, the path is moved into it. Without renameoptions the answer is
    false for what cannot be moved; with any, such failures are errors, nothing is moved into a
    directory, and under /webhdfs/v1 the reply is empty.

    Args:
        path (str): Absolute path. Absolute: names after slashes, of which none is "." or ".." and
            none has a colon or a NUL.
        destination (str): Absolute path to move to. Absolute: names after slashes, of which none
            is "." or ".." and none has a colon or a NUL.
        renameoptions (str | Unset): OVERWRITE replaces a file or an empty directory. Any value
            turns failures into errors. A comma list of NONE, OVERWRITE, TO_TRASH.
        idempotency_key (str | Unset): A random UUID for this request. If it is sent again within
            a day, for the same operation on the same path, it gets the first answer and nothing is
            done twice.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        Response[Boolean | Problem]
    """

    kwargs = _get_kwargs(
        path=path,
        destination=destination,
        renameoptions=renameoptions,
        idempotency_key=idempotency_key,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    path: str,
    destination: str,
    renameoptions: str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> Boolean | Problem | None:
    """Move a file or directory to a new path.

     If the destination is a directory, the path is moved into it. Without renameoptions the answer is
    false for what cannot be moved; with any, such failures are errors, nothing is moved into a
    directory, and under /webhdfs/v1 the reply is empty.

    Args:
        path (str): Absolute path. Absolute: names after slashes, of which none is "." or ".." and
            none has a colon or a NUL.
        destination (str): Absolute path to move to. Absolute: names after slashes, of which none
            is "." or ".." and none has a colon or a NUL.
        renameoptions (str | Unset): OVERWRITE replaces a file or an empty directory. Any value
            turns failures into errors. A comma list of NONE, OVERWRITE, TO_TRASH.
        idempotency_key (str | Unset): A random UUID for this request. If it is sent again within
            a day, for the same operation on the same path, it gets the first answer and nothing is
            done twice.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        Boolean | Problem
    """

    return sync_detailed(
        client=client,
        path=path,
        destination=destination,
        renameoptions=renameoptions,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    path: str,
    destination: str,
    renameoptions: str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> Response[Boolean | Problem]:
    """Move a file or directory to a new path.

     If the destination is a directory, the path is moved into it. Without renameoptions the answer is
    false for what cannot be moved; with any, such failures are errors, nothing is moved into a
    directory, and under /webhdfs/v1 the reply is empty.

    Args:
        path (str): Absolute path. Absolute: names after slashes, of which none is "." or ".." and
            none has a colon or a NUL.
        destination (str): Absolute path to move to. Absolute: names after slashes, of which none
            is "." or ".." and none has a colon or a NUL.
        renameoptions (str | Unset): OVERWRITE replaces a file or an empty directory. Any value
            turns failures into errors. A comma list of NONE, OVERWRITE, TO_TRASH.
        idempotency_key (str | Unset): A random UUID for this request. If it is sent again within
            a day, for the same operation on the same path, it gets the first answer and nothing is
            done twice.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        Response[Boolean | Problem]
    """

    kwargs = _get_kwargs(
        path=path,
        destination=destination,
        renameoptions=renameoptions,
        idempotency_key=idempotency_key,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    path: str,
    destination: str,
    renameoptions: str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> Boolean | Problem | None:
    """Move a file or directory to a new path.

     If the destination is a directory, the path is moved into it. Without renameoptions the answer is
    false for what cannot be moved; with any, such failures are errors, nothing is moved into a
    directory, and under /webhdfs/v1 the reply is empty.

    Args:
        path (str): Absolute path. Absolute: names after slashes, of which none is "." or ".." and
            none has a colon or a NUL.
        destination (str): Absolute path to move to. Absolute: names after slashes, of which none
            is "." or ".." and none has a colon or a NUL.
        renameoptions (str | Unset): OVERWRITE replaces a file or an empty directory. Any value
            turns failures into errors. A comma list of NONE, OVERWRITE, TO_TRASH.
        idempotency_key (str | Unset): A random UUID for this request. If it is sent again within
            a day, for the same operation on the same path, it gets the first answer and nothing is
            done twice.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        Boolean | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            path=path,
            destination=destination,
            renameoptions=renameoptions,
            idempotency_key=idempotency_key,
        )
    ).parsed
