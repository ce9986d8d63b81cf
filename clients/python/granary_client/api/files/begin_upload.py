from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.begin_upload_if_none_match import BeginUploadIfNoneMatch
from ...models.problem import Problem
from ...models.upload import Upload
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    path: str,
    permission: str | Unset = "644",
    upload_length: int,
    if_none_match: BeginUploadIfNoneMatch | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    headers["Upload-Length"] = str(upload_length)

    if not isinstance(if_none_match, Unset):
        headers["If-None-Match"] = str(if_none_match)

    params: dict[str, Any] = {}

    params["path"] = path

    params["permission"] = permission

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/uploads",
        "params": params,
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(response: httpx.Response) -> Problem | Upload:
    if response.status_code == 201:
        response_201 = Upload.from_dict(response.json())

        return response_201

    if response.status_code == 429:
        response_429 = Problem.from_dict(errors.problem(response))

        return response_429

    response_default = Problem.from_dict(errors.problem(response))

    return response_default


def _build_response(response: httpx.Response) -> Response[Problem | Upload]:
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
    permission: str | Unset = "644",
    upload_length: int,
    if_none_match: BeginUploadIfNoneMatch | Unset = UNSET,
) -> Response[Problem | Upload]:
    """Begin to upload a file in parts.

     This and the operations on one upload are tus 1.0.0 with Creation, Expiration and Termination: any
    tus client works, with the path in the address of the first request. Location is where the parts go.
    Nothing of the file is visible until everything has arrived; then it appears complete, with the
    rights, quotas and conditions of a create. Missing directories are made. An upload belongs to its
    user alone, can be continued through any server, and is dropped a day after something last arrived.
    An empty file has no parts: it is made at once, the upload is done, and nothing is known of it
    afterwards. Clients that can send neither PATCH nor DELETE send POST with X-HTTP-Method-Override.
    One user has at most 256 uploads at a time; what has arrived takes room in the quotas above the file
    from other uploads, and from everything once it is a file.

    Args:
        path (str): Absolute path. Absolute: names after slashes, of which none is "." or ".." and
            none has a colon or a NUL.
        permission (str | Unset): Octal mode of the new file, 0 to 1777. Default: '644'.
        upload_length (int): Bytes of the whole file.
        if_none_match (BeginUploadIfNoneMatch | Unset): With *: only if the file does not exist.
            Otherwise 412; what has arrived is kept.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        Response[Problem | Upload]
    """

    kwargs = _get_kwargs(
        path=path,
        permission=permission,
        upload_length=upload_length,
        if_none_match=if_none_match,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    path: str,
    permission: str | Unset = "644",
    upload_length: int,
    if_none_match: BeginUploadIfNoneMatch | Unset = UNSET,
) -> Problem | Upload | None:
    """Begin to upload a file in parts.

     This and the operations on one upload are tus 1.0.0 with Creation, Expiration and Termination: any
    tus client works, with the path in the address of the first request. Location is where the parts go.
    Nothing of the file is visible until everything has arrived; then it appears complete, with the
    rights, quotas and conditions of a create. Missing directories are made. An upload belongs to its
    user alone, can be continued through any server, and is dropped a day after something last arrived.
    An empty file has no parts: it is made at once, the upload is done, and nothing is known of it
    afterwards. Clients that can send neither PATCH nor DELETE send POST with X-HTTP-Method-Override.
    One user has at most 256 uploads at a time; what has arrived takes room in the quotas above the file
    from other uploads, and from everything once it is a file.

    Args:
        path (str): Absolute path. Absolute: names after slashes, of which none is "." or ".." and
            none has a colon or a NUL.
        permission (str | Unset): Octal mode of the new file, 0 to 1777. Default: '644'.
        upload_length (int): Bytes of the whole file.
        if_none_match (BeginUploadIfNoneMatch | Unset): With *: only if the file does not exist.
            Otherwise 412; what has arrived is kept.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        Problem | Upload
    """

    return sync_detailed(
        client=client,
        path=path,
        permission=permission,
        upload_length=upload_length,
        if_none_match=if_none_match,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    path: str,
    permission: str | Unset = "644",
    upload_length: int,
    if_none_match: BeginUploadIfNoneMatch | Unset = UNSET,
) -> Response[Problem | Upload]:
    """Begin to upload a file in parts.

     This and the operations on one upload are tus 1.0.0 with Creation, Expiration and Termination: any
    tus client works, with the path in the address of the first request. Location is where the parts go.
    Nothing of the file is visible until everything has arrived; then it appears complete, with the
    rights, quotas and conditions of a create. Missing directories are made. An upload belongs to its
    user alone, can be continued through any server, and is dropped a day after something last arrived.
    An empty file has no parts: it is made at once, the upload is done, and nothing is known of it
    afterwards. Clients that can send neither PATCH nor DELETE send POST with X-HTTP-Method-Override.
    One user has at most 256 uploads at a time; what has arrived takes room in the quotas above the file
    from other uploads, and from everything once it is a file.

    Args:
        path (str): Absolute path. Absolute: names after slashes, of which none is "." or ".." and
            none has a colon or a NUL.
        permission (str | Unset): Octal mode of the new file, 0 to 1777. Default: '644'.
        upload_length (int): Bytes of the whole file.
        if_none_match (BeginUploadIfNoneMatch | Unset): With *: only if the file does not exist.
            Otherwise 412; what has arrived is kept.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        Response[Problem | Upload]
    """

    kwargs = _get_kwargs(
        path=path,
        permission=permission,
        upload_length=upload_length,
        if_none_match=if_none_match,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    path: str,
    permission: str | Unset = "644",
    upload_length: int,
    if_none_match: BeginUploadIfNoneMatch | Unset = UNSET,
) -> Problem | Upload | None:
    """Begin to upload a file in parts.

     This and the operations on one upload are tus 1.0.0 with Creation, Expiration and Termination: any
    tus client works, with the path in the address of the first request. Location is where the parts go.
    Nothing of the file is visible until everything has arrived; then it appears complete, with the
    rights, quotas and conditions of a create. Missing directories are made. An upload belongs to its
    user alone, can be continued through any server, and is dropped a day after something last arrived.
    An empty file has no parts: it is made at once, the upload is done, and nothing is known of it
    afterwards. Clients that can send neither PATCH nor DELETE send POST with X-HTTP-Method-Override.
    One user has at most 256 uploads at a time; what has arrived takes room in the quotas above the file
    from other uploads, and from everything once it is a file.

    Args:
        path (str): Absolute path. Absolute: names after slashes, of which none is "." or ".." and
            none has a colon or a NUL.
        permission (str | Unset): Octal mode of the new file, 0 to 1777. Default: '644'.
        upload_length (int): Bytes of the whole file.
        if_none_match (BeginUploadIfNoneMatch | Unset): With *: only if the file does not exist.
            Otherwise 412; what has arrived is kept.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        Problem | Upload
    """

    return (
        await asyncio_detailed(
            client=client,
            path=path,
            permission=permission,
            upload_length=upload_length,
            if_none_match=if_none_match,
        )
    ).parsed
