from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.batch_written import BatchWritten
from ...models.problem import Problem
from ...types import UNSET, AsyncParts, Content, Parts, Response, Unset, content_of


def _get_kwargs(
    *,
    body: Content,
    path: str,
    overwrite: bool | Unset = False,
    permission: str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    params: dict[str, Any] = {}

    params["path"] = path

    params["overwrite"] = overwrite

    params["permission"] = permission

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/fs/batch-write",
        "params": params,
    }

    _kwargs["content"], length = content_of(body)
    headers.update(length)
    headers["Content-Type"] = "application/x-tar"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(response: httpx.Response) -> BatchWritten | Problem:
    if response.status_code == 200:
        response_200 = BatchWritten.from_dict(response.json())

        return response_200

    if response.status_code == 207:
        response_207 = BatchWritten.from_dict(response.json())

        return response_207

    if response.status_code == 429:
        response_429 = Problem.from_dict(errors.problem(response))

        return response_429

    response_default = Problem.from_dict(errors.problem(response))

    return response_default


def _build_response(response: httpx.Response) -> Response[BatchWritten | Problem]:
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
    body: Content,
    path: str,
    overwrite: bool | Unset = False,
    permission: str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> Response[BatchWritten | Problem]:
    """Write many files from a tar stream.

     Each file is a CREATE of its own: it appears completely or not at all, as an event of its own, with
    the rights and quotas of one. Missing directories are made, and so are members that are directories.
    An error with one member does not affect others and is reported in the answer, in the order of the
    archive. Files become visible in no particular order, but of several with one path the last one
    stays. Owners and times of the archive are ignored; modes are used, unless `permission` is given.

    If an archive breaks off, the files that were complete are kept, and the answer lists them:
    `problem` says why there are no more. If it is sent again without an Idempotency-Key, files that
    exist are refused with 409 or, with `overwrite=true`, replaced. With the same key, files that were
    written get the first answer and the others are tried again. The operation ids of the files' events
    are derived from the key and the path.

    An archive has at most 10,000 members and 16 GiB; use another one for more. Each file counts as one
    change. One user has at most 16 batches in progress, or gets 429, and the server 64, or answers 503.
    A compressed archive, or a body that is not a tar archive, is refused with 400.

    Args:
        path (str): Absolute path. Absolute: names after slashes, of which none is "." or ".." and
            none has a colon or a NUL.
        overwrite (bool | Unset): Replace a file that exists. Default: False.
        permission (str | Unset): Octal mode of all files; without it, the modes that the archive
            has.
        idempotency_key (str | Unset): A random UUID for this request. If it is sent again within
            a day, for the same operation on the same path, it gets the first answer and nothing is
            done twice.
        body (Content): A file open for reading bytes, or the bytes.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        Response[BatchWritten | Problem]
    """

    kwargs = _get_kwargs(
        body=body,
        path=path,
        overwrite=overwrite,
        permission=permission,
        idempotency_key=idempotency_key,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    body: Content,
    path: str,
    overwrite: bool | Unset = False,
    permission: str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> BatchWritten | Problem | None:
    """Write many files from a tar stream.

     Each file is a CREATE of its own: it appears completely or not at all, as an event of its own, with
    the rights and quotas of one. Missing directories are made, and so are members that are directories.
    An error with one member does not affect others and is reported in the answer, in the order of the
    archive. Files become visible in no particular order, but of several with one path the last one
    stays. Owners and times of the archive are ignored; modes are used, unless `permission` is given.

    If an archive breaks off, the files that were complete are kept, and the answer lists them:
    `problem` says why there are no more. If it is sent again without an Idempotency-Key, files that
    exist are refused with 409 or, with `overwrite=true`, replaced. With the same key, files that were
    written get the first answer and the others are tried again. The operation ids of the files' events
    are derived from the key and the path.

    An archive has at most 10,000 members and 16 GiB; use another one for more. Each file counts as one
    change. One user has at most 16 batches in progress, or gets 429, and the server 64, or answers 503.
    A compressed archive, or a body that is not a tar archive, is refused with 400.

    Args:
        path (str): Absolute path. Absolute: names after slashes, of which none is "." or ".." and
            none has a colon or a NUL.
        overwrite (bool | Unset): Replace a file that exists. Default: False.
        permission (str | Unset): Octal mode of all files; without it, the modes that the archive
            has.
        idempotency_key (str | Unset): A random UUID for this request. If it is sent again within
            a day, for the same operation on the same path, it gets the first answer and nothing is
            done twice.
        body (Content): A file open for reading bytes, or the bytes.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        BatchWritten | Problem
    """

    return sync_detailed(
        client=client,
        body=body,
        path=path,
        overwrite=overwrite,
        permission=permission,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: Content,
    path: str,
    overwrite: bool | Unset = False,
    permission: str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> Response[BatchWritten | Problem]:
    """Write many files from a tar stream.

     Each file is a CREATE of its own: it appears completely or not at all, as an event of its own, with
    the rights and quotas of one. Missing directories are made, and so are members that are directories.
    An error with one member does not affect others and is reported in the answer, in the order of the
    archive. Files become visible in no particular order, but of several with one path the last one
    stays. Owners and times of the archive are ignored; modes are used, unless `permission` is given.

    If an archive breaks off, the files that were complete are kept, and the answer lists them:
    `problem` says why there are no more. If it is sent again without an Idempotency-Key, files that
    exist are refused with 409 or, with `overwrite=true`, replaced. With the same key, files that were
    written get the first answer and the others are tried again. The operation ids of the files' events
    are derived from the key and the path.

    An archive has at most 10,000 members and 16 GiB; use another one for more. Each file counts as one
    change. One user has at most 16 batches in progress, or gets 429, and the server 64, or answers 503.
    A compressed archive, or a body that is not a tar archive, is refused with 400.

    Args:
        path (str): Absolute path. Absolute: names after slashes, of which none is "." or ".." and
            none has a colon or a NUL.
        overwrite (bool | Unset): Replace a file that exists. Default: False.
        permission (str | Unset): Octal mode of all files; without it, the modes that the archive
            has.
        idempotency_key (str | Unset): A random UUID for this request. If it is sent again within
            a day, for the same operation on the same path, it gets the first answer and nothing is
            done twice.
        body (Content): A file open for reading bytes, or the bytes.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        Response[BatchWritten | Problem]
    """

    kwargs = _get_kwargs(
        body=body,
        path=path,
        overwrite=overwrite,
        permission=permission,
        idempotency_key=idempotency_key,
    )

    if isinstance(kwargs.get("content"), Parts):
        kwargs["content"] = AsyncParts(kwargs["content"])
    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    body: Content,
    path: str,
    overwrite: bool | Unset = False,
    permission: str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> BatchWritten | Problem | None:
    """Write many files from a tar stream.

     Each file is a CREATE of its own: it appears completely or not at all, as an event of its own, with
    the rights and quotas of one. Missing directories are made, and so are members that are directories.
    An error with one member does not affect others and is reported in the answer, in the order of the
    archive. Files become visible in no particular order, but of several with one path the last one
    stays. Owners and times of the archive are ignored; modes are used, unless `permission` is given.

    If an archive breaks off, the files that were complete are kept, and the answer lists them:
    `problem` says why there are no more. If it is sent again without an Idempotency-Key, files that
    exist are refused with 409 or, with `overwrite=true`, replaced. With the same key, files that were
    written get the first answer and the others are tried again. The operation ids of the files' events
    are derived from the key and the path.

    An archive has at most 10,000 members and 16 GiB; use another one for more. Each file counts as one
    change. One user has at most 16 batches in progress, or gets 429, and the server 64, or answers 503.
    A compressed archive, or a body that is not a tar archive, is refused with 400.

    Args:
        path (str): Absolute path. Absolute: names after slashes, of which none is "." or ".." and
            none has a colon or a NUL.
        overwrite (bool | Unset): Replace a file that exists. Default: False.
        permission (str | Unset): Octal mode of all files; without it, the modes that the archive
            has.
        idempotency_key (str | Unset): A random UUID for this request. If it is sent again within
            a day, for the same operation on the same path, it gets the first answer and nothing is
            done twice.
        body (Content): A file open for reading bytes, or the bytes.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        BatchWritten | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
            path=path,
            overwrite=overwrite,
            permission=permission,
            idempotency_key=idempotency_key,
        )
    ).parsed
