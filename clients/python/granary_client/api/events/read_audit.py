import datetime
from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.audit_page import AuditPage
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    project: str | Unset = UNSET,
    path: str | Unset = UNSET,
    user: str | Unset = UNSET,
    from_: datetime.datetime | Unset = UNSET,
    to: datetime.datetime | Unset = UNSET,
    reads: bool | Unset = False,
    after: str | Unset = UNSET,
    limit: int | Unset = 100,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["project"] = project

    params["path"] = path

    params["user"] = user

    json_from_: str | Unset = UNSET
    if not isinstance(from_, Unset):
        json_from_ = from_.isoformat()
    params["from"] = json_from_

    json_to: str | Unset = UNSET
    if not isinstance(to, Unset):
        json_to = to.isoformat()
    params["to"] = json_to

    params["reads"] = reads

    params["after"] = after

    params["limit"] = limit

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/audit",
        "params": params,
    }

    return _kwargs


def _parse_response(response: httpx.Response) -> AuditPage | Problem:
    if response.status_code == 200:
        response_200 = AuditPage.from_dict(response.json())

        return response_200

    if response.status_code == 429:
        response_429 = Problem.from_dict(errors.problem(response))

        return response_429

    response_default = Problem.from_dict(errors.problem(response))

    return response_default


def _build_response(response: httpx.Response) -> Response[AuditPage | Problem]:
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
    project: str | Unset = UNSET,
    path: str | Unset = UNSET,
    user: str | Unset = UNSET,
    from_: datetime.datetime | Unset = UNSET,
    to: datetime.datetime | Unset = UNSET,
    reads: bool | Unset = False,
    after: str | Unset = UNSET,
    limit: int | Unset = 100,
) -> Response[AuditPage | Problem]:
    """Read who did what, the newest first.

     Superusers read everything, owners of a project what happened in it if they name it, and everybody
    what they did themselves. Changes are there at once, reads and refusals within a second or two; a
    read that is repeated within a minute is recorded once, and those of files in one directory within a
    second have the time of the first. A directory that is deleted, moved or replaced is one entry, with
    its path and not those of what is in it. What was done to users and credentials, and who signed in,
    is included, with the path /; a failed sign-in is a refusal of the operation sign in.

    Args:
        project (str | Unset): Only in this project.
        path (str | Unset): Only at or below this path. Absolute: names after slashes, of which
            none is "." or ".." and none has a colon or a NUL.
        user (str | Unset): Only by this user.
        from_ (datetime.datetime | Unset): Not before this time.
        to (datetime.datetime | Unset): Before this time.
        reads (bool | Unset): Include reads and refusals. Default: False.
        after (str | Unset): The value of next from the previous page.
        limit (int | Unset): How many items to return at most. Default: 100.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        Response[AuditPage | Problem]
    """

    kwargs = _get_kwargs(
        project=project,
        path=path,
        user=user,
        from_=from_,
        to=to,
        reads=reads,
        after=after,
        limit=limit,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    project: str | Unset = UNSET,
    path: str | Unset = UNSET,
    user: str | Unset = UNSET,
    from_: datetime.datetime | Unset = UNSET,
    to: datetime.datetime | Unset = UNSET,
    reads: bool | Unset = False,
    after: str | Unset = UNSET,
    limit: int | Unset = 100,
) -> AuditPage | Problem | None:
    """Read who did what, the newest first.

     Superusers read everything, owners of a project what happened in it if they name it, and everybody
    what they did themselves. Changes are there at once, reads and refusals within a second or two; a
    read that is repeated within a minute is recorded once, and those of files in one directory within a
    second have the time of the first. A directory that is deleted, moved or replaced is one entry, with
    its path and not those of what is in it. What was done to users and credentials, and who signed in,
    is included, with the path /; a failed sign-in is a refusal of the operation sign in.

    Args:
        project (str | Unset): Only in this project.
        path (str | Unset): Only at or below this path. Absolute: names after slashes, of which
            none is "." or ".." and none has a colon or a NUL.
        user (str | Unset): Only by this user.
        from_ (datetime.datetime | Unset): Not before this time.
        to (datetime.datetime | Unset): Before this time.
        reads (bool | Unset): Include reads and refusals. Default: False.
        after (str | Unset): The value of next from the previous page.
        limit (int | Unset): How many items to return at most. Default: 100.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        AuditPage | Problem
    """

    return sync_detailed(
        client=client,
        project=project,
        path=path,
        user=user,
        from_=from_,
        to=to,
        reads=reads,
        after=after,
        limit=limit,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    project: str | Unset = UNSET,
    path: str | Unset = UNSET,
    user: str | Unset = UNSET,
    from_: datetime.datetime | Unset = UNSET,
    to: datetime.datetime | Unset = UNSET,
    reads: bool | Unset = False,
    after: str | Unset = UNSET,
    limit: int | Unset = 100,
) -> Response[AuditPage | Problem]:
    """Read who did what, the newest first.

     Superusers read everything, owners of a project what happened in it if they name it, and everybody
    what they did themselves. Changes are there at once, reads and refusals within a second or two; a
    read that is repeated within a minute is recorded once, and those of files in one directory within a
    second have the time of the first. A directory that is deleted, moved or replaced is one entry, with
    its path and not those of what is in it. What was done to users and credentials, and who signed in,
    is included, with the path /; a failed sign-in is a refusal of the operation sign in.

    Args:
        project (str | Unset): Only in this project.
        path (str | Unset): Only at or below this path. Absolute: names after slashes, of which
            none is "." or ".." and none has a colon or a NUL.
        user (str | Unset): Only by this user.
        from_ (datetime.datetime | Unset): Not before this time.
        to (datetime.datetime | Unset): Before this time.
        reads (bool | Unset): Include reads and refusals. Default: False.
        after (str | Unset): The value of next from the previous page.
        limit (int | Unset): How many items to return at most. Default: 100.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        Response[AuditPage | Problem]
    """

    kwargs = _get_kwargs(
        project=project,
        path=path,
        user=user,
        from_=from_,
        to=to,
        reads=reads,
        after=after,
        limit=limit,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    project: str | Unset = UNSET,
    path: str | Unset = UNSET,
    user: str | Unset = UNSET,
    from_: datetime.datetime | Unset = UNSET,
    to: datetime.datetime | Unset = UNSET,
    reads: bool | Unset = False,
    after: str | Unset = UNSET,
    limit: int | Unset = 100,
) -> AuditPage | Problem | None:
    """Read who did what, the newest first.

     Superusers read everything, owners of a project what happened in it if they name it, and everybody
    what they did themselves. Changes are there at once, reads and refusals within a second or two; a
    read that is repeated within a minute is recorded once, and those of files in one directory within a
    second have the time of the first. A directory that is deleted, moved or replaced is one entry, with
    its path and not those of what is in it. What was done to users and credentials, and who signed in,
    is included, with the path /; a failed sign-in is a refusal of the operation sign in.

    Args:
        project (str | Unset): Only in this project.
        path (str | Unset): Only at or below this path. Absolute: names after slashes, of which
            none is "." or ".." and none has a colon or a NUL.
        user (str | Unset): Only by this user.
        from_ (datetime.datetime | Unset): Not before this time.
        to (datetime.datetime | Unset): Before this time.
        reads (bool | Unset): Include reads and refusals. Default: False.
        after (str | Unset): The value of next from the previous page.
        limit (int | Unset): How many items to return at most. Default: 100.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        AuditPage | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            project=project,
            path=path,
            user=user,
            from_=from_,
            to=to,
            reads=reads,
            after=after,
            limit=limit,
        )
    ).parsed
