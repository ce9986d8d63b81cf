from http import HTTPStatus
from io import BytesIO
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.archive_format import ArchiveFormat
from ...models.archive_unreadable import ArchiveUnreadable
from ...models.problem import Problem
from ...types import UNSET, File, Response, Unset


def _get_kwargs(
    *,
    path: str,
    name: list[str] | Unset = UNSET,
    format_: ArchiveFormat | Unset = ArchiveFormat.ZIP,
    unreadable: ArchiveUnreadable | Unset = ArchiveUnreadable.REFUSE,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["path"] = path

    json_name: list[str] | Unset = UNSET
    if not isinstance(name, Unset):
        json_name = name

    params["name"] = json_name

    json_format_: str | Unset = UNSET
    if not isinstance(format_, Unset):
        json_format_ = format_.value

    params["format"] = json_format_

    json_unreadable: str | Unset = UNSET
    if not isinstance(unreadable, Unset):
        json_unreadable = unreadable.value

    params["unreadable"] = json_unreadable

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/archive",
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
    name: list[str] | Unset = UNSET,
    format_: ArchiveFormat | Unset = ArchiveFormat.ZIP,
    unreadable: ArchiveUnreadable | Unset = ArchiveUnreadable.REFUSE,
) -> Response[File | Problem]:
    """Read directories and files as one zip or tar stream.

     For a link that a browser downloads: the archive is made while it is sent, and is never stored. With
    `name`, it contains these entries of the directory `path`; without, `path` itself. The names of
    members begin with the requested entry, as in `train/7/a.jpg`, and are in UTF-8. Modes and times are
    kept, in a tar also owners. The trash and what is shared with a project are left out, as in jobs.

    Everything is checked before the first byte is sent: entries that the caller may not read, too many
    members (more than 100,000 in a zip, or a million in a tar), or a name with a backslash, which is
    not safe in a zip, are answered with an error. With `unreadable=list`, entries that may not be read
    are left out, and the member `__granary__/left-out.txt` lists them. HEAD only checks. Files that are
    deleted or moved while the archive is sent are left out. An archive never looks complete if it is
    not: if something fails on the way, or a right ends, the stream breaks off, and no program takes the
    result for an archive.

    Ten files count as one read. One user has at most 16 archives, exports and batches in progress, or
    gets 429, and the server 64, or answers 503. The central directory of a zip is kept in memory until
    its end. Of those that are longer than 1 MiB, one user has at most 128 MiB in total, or gets 429,
    and the server 256 MiB, or answers 503. A tar has no such directory.

    This reads the complete answer into memory. granary_client.streaming.stream reads it as it arrives.

    Args:
        path (str): Absolute path. Absolute: names after slashes, of which none is "." or ".." and
            none has a colon or a NUL.
        name (list[str] | Unset): Entries of the directory path, each with a name of its own.
            Without it, path itself.
        format_ (ArchiveFormat | Unset): Of the archive. Default: ArchiveFormat.ZIP.
        unreadable (ArchiveUnreadable | Unset): What to do about entries that the caller may not
            read: refuse the archive, or leave them out and list them in a member. Default:
            ArchiveUnreadable.REFUSE.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        Response[File | Problem]
    """

    kwargs = _get_kwargs(
        path=path,
        name=name,
        format_=format_,
        unreadable=unreadable,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    path: str,
    name: list[str] | Unset = UNSET,
    format_: ArchiveFormat | Unset = ArchiveFormat.ZIP,
    unreadable: ArchiveUnreadable | Unset = ArchiveUnreadable.REFUSE,
) -> File | Problem | None:
    """Read directories and files as one zip or tar stream.

     For a link that a browser downloads: the archive is made while it is sent, and is never stored. With
    `name`, it contains these entries of the directory `path`; without, `path` itself. The names of
    members begin with the requested entry, as in `train/7/a.jpg`, and are in UTF-8. Modes and times are
    kept, in a tar also owners. The trash and what is shared with a project are left out, as in jobs.

    Everything is checked before the first byte is sent: entries that the caller may not read, too many
    members (more than 100,000 in a zip, or a million in a tar), or a name with a backslash, which is
    not safe in a zip, are answered with an error. With `unreadable=list`, entries that may not be read
    are left out, and the member `__granary__/left-out.txt` lists them. HEAD only checks. Files that are
    deleted or moved while the archive is sent are left out. An archive never looks complete if it is
    not: if something fails on the way, or a right ends, the stream breaks off, and no program takes the
    result for an archive.

    Ten files count as one read. One user has at most 16 archives, exports and batches in progress, or
    gets 429, and the server 64, or answers 503. The central directory of a zip is kept in memory until
    its end. Of those that are longer than 1 MiB, one user has at most 128 MiB in total, or gets 429,
    and the server 256 MiB, or answers 503. A tar has no such directory.

    This reads the complete answer into memory. granary_client.streaming.stream reads it as it arrives.

    Args:
        path (str): Absolute path. Absolute: names after slashes, of which none is "." or ".." and
            none has a colon or a NUL.
        name (list[str] | Unset): Entries of the directory path, each with a name of its own.
            Without it, path itself.
        format_ (ArchiveFormat | Unset): Of the archive. Default: ArchiveFormat.ZIP.
        unreadable (ArchiveUnreadable | Unset): What to do about entries that the caller may not
            read: refuse the archive, or leave them out and list them in a member. Default:
            ArchiveUnreadable.REFUSE.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        File | Problem
    """

    return sync_detailed(
        client=client,
        path=path,
        name=name,
        format_=format_,
        unreadable=unreadable,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    path: str,
    name: list[str] | Unset = UNSET,
    format_: ArchiveFormat | Unset = ArchiveFormat.ZIP,
    unreadable: ArchiveUnreadable | Unset = ArchiveUnreadable.REFUSE,
) -> Response[File | Problem]:
    """Read directories and files as one zip or tar stream.

     For a link that a browser downloads: the archive is made while it is sent, and is never stored. With
    `name`, it contains these entries of the directory `path`; without, `path` itself. The names of
    members begin with the requested entry, as in `train/7/a.jpg`, and are in UTF-8. Modes and times are
    kept, in a tar also owners. The trash and what is shared with a project are left out, as in jobs.

    Everything is checked before the first byte is sent: entries that the caller may not read, too many
    members (more than 100,000 in a zip, or a million in a tar), or a name with a backslash, which is
    not safe in a zip, are answered with an error. With `unreadable=list`, entries that may not be read
    are left out, and the member `__granary__/left-out.txt` lists them. HEAD only checks. Files that are
    deleted or moved while the archive is sent are left out. An archive never looks complete if it is
    not: if something fails on the way, or a right ends, the stream breaks off, and no program takes the
    result for an archive.

    Ten files count as one read. One user has at most 16 archives, exports and batches in progress, or
    gets 429, and the server 64, or answers 503. The central directory of a zip is kept in memory until
    its end. Of those that are longer than 1 MiB, one user has at most 128 MiB in total, or gets 429,
    and the server 256 MiB, or answers 503. A tar has no such directory.

    This reads the complete answer into memory. granary_client.streaming.stream reads it as it arrives.

    Args:
        path (str): Absolute path. Absolute: names after slashes, of which none is "." or ".." and
            none has a colon or a NUL.
        name (list[str] | Unset): Entries of the directory path, each with a name of its own.
            Without it, path itself.
        format_ (ArchiveFormat | Unset): Of the archive. Default: ArchiveFormat.ZIP.
        unreadable (ArchiveUnreadable | Unset): What to do about entries that the caller may not
            read: refuse the archive, or leave them out and list them in a member. Default:
            ArchiveUnreadable.REFUSE.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        Response[File | Problem]
    """

    kwargs = _get_kwargs(
        path=path,
        name=name,
        format_=format_,
        unreadable=unreadable,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    path: str,
    name: list[str] | Unset = UNSET,
    format_: ArchiveFormat | Unset = ArchiveFormat.ZIP,
    unreadable: ArchiveUnreadable | Unset = ArchiveUnreadable.REFUSE,
) -> File | Problem | None:
    """Read directories and files as one zip or tar stream.

     For a link that a browser downloads: the archive is made while it is sent, and is never stored. With
    `name`, it contains these entries of the directory `path`; without, `path` itself. The names of
    members begin with the requested entry, as in `train/7/a.jpg`, and are in UTF-8. Modes and times are
    kept, in a tar also owners. The trash and what is shared with a project are left out, as in jobs.

    Everything is checked before the first byte is sent: entries that the caller may not read, too many
    members (more than 100,000 in a zip, or a million in a tar), or a name with a backslash, which is
    not safe in a zip, are answered with an error. With `unreadable=list`, entries that may not be read
    are left out, and the member `__granary__/left-out.txt` lists them. HEAD only checks. Files that are
    deleted or moved while the archive is sent are left out. An archive never looks complete if it is
    not: if something fails on the way, or a right ends, the stream breaks off, and no program takes the
    result for an archive.

    Ten files count as one read. One user has at most 16 archives, exports and batches in progress, or
    gets 429, and the server 64, or answers 503. The central directory of a zip is kept in memory until
    its end. Of those that are longer than 1 MiB, one user has at most 128 MiB in total, or gets 429,
    and the server 256 MiB, or answers 503. A tar has no such directory.

    This reads the complete answer into memory. granary_client.streaming.stream reads it as it arrives.

    Args:
        path (str): Absolute path. Absolute: names after slashes, of which none is "." or ".." and
            none has a colon or a NUL.
        name (list[str] | Unset): Entries of the directory path, each with a name of its own.
            Without it, path itself.
        format_ (ArchiveFormat | Unset): Of the archive. Default: ArchiveFormat.ZIP.
        unreadable (ArchiveUnreadable | Unset): What to do about entries that the caller may not
            read: refuse the archive, or leave them out and list them in a member. Default:
            ArchiveUnreadable.REFUSE.

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
            name=name,
            format_=format_,
            unreadable=unreadable,
        )
    ).parsed
