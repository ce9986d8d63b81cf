import datetime
from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.hit_page import HitPage
from ...models.problem import Problem
from ...models.search_kind import SearchKind
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    query: str | Unset = UNSET,
    tag: str | Unset = UNSET,
    project: str | Unset = UNSET,
    path: str | Unset = UNSET,
    kind: SearchKind | Unset = UNSET,
    owner: str | Unset = UNSET,
    from_: datetime.datetime | Unset = UNSET,
    to: datetime.datetime | Unset = UNSET,
    after: str | Unset = UNSET,
    limit: int | Unset = 100,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["query"] = query

    params["tag"] = tag

    params["project"] = project

    params["path"] = path

    json_kind: str | Unset = UNSET
    if not isinstance(kind, Unset):
        json_kind = kind.value

    params["kind"] = json_kind

    params["owner"] = owner

    json_from_: str | Unset = UNSET
    if not isinstance(from_, Unset):
        json_from_ = from_.isoformat()
    params["from"] = json_from_

    json_to: str | Unset = UNSET
    if not isinstance(to, Unset):
        json_to = to.isoformat()
    params["to"] = json_to

    params["after"] = after

    params["limit"] = limit

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/search",
        "params": params,
    }

    return _kwargs


def _parse_response(response: httpx.Response) -> HitPage | Problem:
    if response.status_code == 200:
        response_200 = HitPage.from_dict(response.json())

        return response_200

    if response.status_code == 429:
        response_429 = Problem.from_dict(errors.problem(response))

        return response_429

    response_default = Problem.from_dict(errors.problem(response))

    return response_default


def _build_response(response: httpx.Response) -> Response[HitPage | Problem]:
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
    query: str | Unset = UNSET,
    tag: str | Unset = UNSET,
    project: str | Unset = UNSET,
    path: str | Unset = UNSET,
    kind: SearchKind | Unset = UNSET,
    owner: str | Unset = UNSET,
    from_: datetime.datetime | Unset = UNSET,
    to: datetime.datetime | Unset = UNSET,
    after: str | Unset = UNSET,
    limit: int | Unset = 100,
) -> Response[HitPage | Problem]:
    """Find files, directories and datasets by their names, tags and descriptions.

     It finds what the caller may list, and what is shared with them or published. The trash is left out,
    unless the path is in it. A query is a part of a name, of a tag (key=value) or of a description,
    without regard to capitals; wildcards have no special meaning. It has 3 characters or more: a
    shorter one is the beginning of a name, and needs a project, a path or a tag. Without a query, a tag
    is needed.

    Args:
        query (str | Unset): A part of a name, a tag or the description, of at most 255
            characters.
        tag (str | Unset): Only what has this tag: a key, or a key, an equals sign and the value.
        project (str | Unset): Only in this project.
        path (str | Unset): Only at or below this directory, which may be one that shows a share.
            Not together with project. Absolute: names after slashes, of which none is "." or ".." and
            none has a colon or a NUL.
        kind (SearchKind | Unset): Only these; datasets are directories, too.
        owner (str | Unset): Only what belongs to this user.
        from_ (datetime.datetime | Unset): Only what was last changed at this time or later.
        to (datetime.datetime | Unset): Only what was last changed before this time.
        after (str | Unset): The value of next from the previous page.
        limit (int | Unset): How many items to return at most. Default: 100.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        Response[HitPage | Problem]
    """

    kwargs = _get_kwargs(
        query=query,
        tag=tag,
        project=project,
        path=path,
        kind=kind,
        owner=owner,
        from_=from_,
        to=to,
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
    query: str | Unset = UNSET,
    tag: str | Unset = UNSET,
    project: str | Unset = UNSET,
    path: str | Unset = UNSET,
    kind: SearchKind | Unset = UNSET,
    owner: str | Unset = UNSET,
    from_: datetime.datetime | Unset = UNSET,
    to: datetime.datetime | Unset = UNSET,
    after: str | Unset = UNSET,
    limit: int | Unset = 100,
) -> HitPage | Problem | None:
    """Find files, directories and datasets by their names, tags and descriptions.

     It finds what the caller may list, and what is shared with them or published. The trash is left out,
    unless the path is in it. A query is a part of a name, of a tag (key=value) or of a description,
    without regard to capitals; wildcards have no special meaning. It has 3 characters or more: a
    shorter one is the beginning of a name, and needs a project, a path or a tag. Without a query, a tag
    is needed.

    Args:
        query (str | Unset): A part of a name, a tag or the description, of at most 255
            characters.
        tag (str | Unset): Only what has this tag: a key, or a key, an equals sign and the value.
        project (str | Unset): Only in this project.
        path (str | Unset): Only at or below this directory, which may be one that shows a share.
            Not together with project. Absolute: names after slashes, of which none is "." or ".." and
            none has a colon or a NUL.
        kind (SearchKind | Unset): Only these; datasets are directories, too.
        owner (str | Unset): Only what belongs to this user.
        from_ (datetime.datetime | Unset): Only what was last changed at this time or later.
        to (datetime.datetime | Unset): Only what was last changed before this time.
        after (str | Unset): The value of next from the previous page.
        limit (int | Unset): How many items to return at most. Default: 100.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        HitPage | Problem
    """

    return sync_detailed(
        client=client,
        query=query,
        tag=tag,
        project=project,
        path=path,
        kind=kind,
        owner=owner,
        from_=from_,
        to=to,
        after=after,
        limit=limit,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    query: str | Unset = UNSET,
    tag: str | Unset = UNSET,
    project: str | Unset = UNSET,
    path: str | Unset = UNSET,
    kind: SearchKind | Unset = UNSET,
    owner: str | Unset = UNSET,
    from_: datetime.datetime | Unset = UNSET,
    to: datetime.datetime | Unset = UNSET,
    after: str | Unset = UNSET,
    limit: int | Unset = 100,
) -> Response[HitPage | Problem]:
    """Find files, directories and datasets by their names, tags and descriptions.

     It finds what the caller may list, and what is shared with them or published. The trash is left out,
    unless the path is in it. A query is a part of a name, of a tag (key=value) or of a description,
    without regard to capitals; wildcards have no special meaning. It has 3 characters or more: a
    shorter one is the beginning of a name, and needs a project, a path or a tag. Without a query, a tag
    is needed.

    Args:
        query (str | Unset): A part of a name, a tag or the description, of at most 255
            characters.
        tag (str | Unset): Only what has this tag: a key, or a key, an equals sign and the value.
        project (str | Unset): Only in this project.
        path (str | Unset): Only at or below this directory, which may be one that shows a share.
            Not together with project. Absolute: names after slashes, of which none is "." or ".." and
            none has a colon or a NUL.
        kind (SearchKind | Unset): Only these; datasets are directories, too.
        owner (str | Unset): Only what belongs to this user.
        from_ (datetime.datetime | Unset): Only what was last changed at this time or later.
        to (datetime.datetime | Unset): Only what was last changed before this time.
        after (str | Unset): The value of next from the previous page.
        limit (int | Unset): How many items to return at most. Default: 100.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        Response[HitPage | Problem]
    """

    kwargs = _get_kwargs(
        query=query,
        tag=tag,
        project=project,
        path=path,
        kind=kind,
        owner=owner,
        from_=from_,
        to=to,
        after=after,
        limit=limit,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    query: str | Unset = UNSET,
    tag: str | Unset = UNSET,
    project: str | Unset = UNSET,
    path: str | Unset = UNSET,
    kind: SearchKind | Unset = UNSET,
    owner: str | Unset = UNSET,
    from_: datetime.datetime | Unset = UNSET,
    to: datetime.datetime | Unset = UNSET,
    after: str | Unset = UNSET,
    limit: int | Unset = 100,
) -> HitPage | Problem | None:
    """Find files, directories and datasets by their names, tags and descriptions.

     It finds what the caller may list, and what is shared with them or published. The trash is left out,
    unless the path is in it. A query is a part of a name, of a tag (key=value) or of a description,
    without regard to capitals; wildcards have no special meaning. It has 3 characters or more: a
    shorter one is the beginning of a name, and needs a project, a path or a tag. Without a query, a tag
    is needed.

    Args:
        query (str | Unset): A part of a name, a tag or the description, of at most 255
            characters.
        tag (str | Unset): Only what has this tag: a key, or a key, an equals sign and the value.
        project (str | Unset): Only in this project.
        path (str | Unset): Only at or below this directory, which may be one that shows a share.
            Not together with project. Absolute: names after slashes, of which none is "." or ".." and
            none has a colon or a NUL.
        kind (SearchKind | Unset): Only these; datasets are directories, too.
        owner (str | Unset): Only what belongs to this user.
        from_ (datetime.datetime | Unset): Only what was last changed at this time or later.
        to (datetime.datetime | Unset): Only what was last changed before this time.
        after (str | Unset): The value of next from the previous page.
        limit (int | Unset): How many items to return at most. Default: 100.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        HitPage | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            query=query,
            tag=tag,
            project=project,
            path=path,
            kind=kind,
            owner=owner,
            from_=from_,
            to=to,
            after=after,
            limit=limit,
        )
    ).parsed
