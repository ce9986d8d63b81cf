from http import HTTPStatus
from typing import Any
from uuid import UUID

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.get_upload_if_match import GetUploadIfMatch
from ...models.get_upload_if_none_match import GetUploadIfNoneMatch
from ...models.problem import Problem
from ...models.upload import Upload
from ...types import UNSET, Response, Unset, segment


def _get_kwargs(
    upload: UUID,
    *,
    if_none_match: GetUploadIfNoneMatch | Unset = UNSET,
    if_match: GetUploadIfMatch | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(if_none_match, Unset):
        headers["If-None-Match"] = str(if_none_match)

    if not isinstance(if_match, Unset):
        headers["If-Match"] = str(if_match)

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/uploads/{upload}".format(
            upload=segment(upload),
        ),
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(response: httpx.Response) -> Problem | Upload:
    if response.status_code == 200:
        response_200 = Upload.from_dict(response.json())

        return response_200

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
    upload: UUID,
    *,
    client: AuthenticatedClient | Client,
    if_none_match: GetUploadIfNoneMatch | Unset = UNSET,
    if_match: GetUploadIfMatch | Unset = UNSET,
) -> Response[Problem | Upload]:
    """Show the progress of an upload.

     The headers Upload-Offset and Upload-Length say it, for HEAD as well. If everything has arrived and
    making the file failed, that is tried now, and answered: a client takes an upload that is as long as
    the file for done. An upload that was begun with If-None-Match: * then replaces nothing, unless If-
    Match: * says that it is to replace what exists.

    Args:
        upload (UUID): The id of an upload.
        if_none_match (GetUploadIfNoneMatch | Unset): With *: only if the file does not exist.
            Otherwise 412; what has arrived is kept.
        if_match (GetUploadIfMatch | Unset): With *: if everything has arrived, replace the
            existing file. 412 if there is none.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.
        ValueError: If upload is empty, "." or "..", which a URL path cannot contain.

    Returns:
        Response[Problem | Upload]
    """

    kwargs = _get_kwargs(
        upload=upload,
        if_none_match=if_none_match,
        if_match=if_match,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(response)


def sync(
    upload: UUID,
    *,
    client: AuthenticatedClient | Client,
    if_none_match: GetUploadIfNoneMatch | Unset = UNSET,
    if_match: GetUploadIfMatch | Unset = UNSET,
) -> Problem | Upload | None:
    """Show the progress of an upload.

     The headers Upload-Offset and Upload-Length say it, for HEAD as well. If everything has arrived and
    making the file failed, that is tried now, and answered: a client takes an upload that is as long as
    the file for done. An upload that was begun with If-None-Match: * then replaces nothing, unless If-
    Match: * says that it is to replace what exists.

    Args:
        upload (UUID): The id of an upload.
        if_none_match (GetUploadIfNoneMatch | Unset): With *: only if the file does not exist.
            Otherwise 412; what has arrived is kept.
        if_match (GetUploadIfMatch | Unset): With *: if everything has arrived, replace the
            existing file. 412 if there is none.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.
        ValueError: If upload is empty, "." or "..", which a URL path cannot contain.

    Returns:
        Problem | Upload
    """

    return sync_detailed(
        upload=upload,
        client=client,
        if_none_match=if_none_match,
        if_match=if_match,
    ).parsed


async def asyncio_detailed(
    upload: UUID,
    *,
    client: AuthenticatedClient | Client,
    if_none_match: GetUploadIfNoneMatch | Unset = UNSET,
    if_match: GetUploadIfMatch | Unset = UNSET,
) -> Response[Problem | Upload]:
    """Show the progress of an upload.

     The headers Upload-Offset and Upload-Length say it, for HEAD as well. If everything has arrived and
    making the file failed, that is tried now, and answered: a client takes an upload that is as long as
    the file for done. An upload that was begun with If-None-Match: * then replaces nothing, unless If-
    Match: * says that it is to replace what exists.

    Args:
        upload (UUID): The id of an upload.
        if_none_match (GetUploadIfNoneMatch | Unset): With *: only if the file does not exist.
            Otherwise 412; what has arrived is kept.
        if_match (GetUploadIfMatch | Unset): With *: if everything has arrived, replace the
            existing file. 412 if there is none.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.
        ValueError: If upload is empty, "." or "..", which a URL path cannot contain.

    Returns:
        Response[Problem | Upload]
    """

    kwargs = _get_kwargs(
        upload=upload,
        if_none_match=if_none_match,
        if_match=if_match,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(response)


async def asyncio(
    upload: UUID,
    *,
    client: AuthenticatedClient | Client,
    if_none_match: GetUploadIfNoneMatch | Unset = UNSET,
    if_match: GetUploadIfMatch | Unset = UNSET,
) -> Problem | Upload | None:
    """Show the progress of an upload.

     The headers Upload-Offset and Upload-Length say it, for HEAD as well. If everything has arrived and
    making the file failed, that is tried now, and answered: a client takes an upload that is as long as
    the file for done. An upload that was begun with If-None-Match: * then replaces nothing, unless If-
    Match: * says that it is to replace what exists.

    Args:
        upload (UUID): The id of an upload.
        if_none_match (GetUploadIfNoneMatch | Unset): With *: only if the file does not exist.
            Otherwise 412; what has arrived is kept.
        if_match (GetUploadIfMatch | Unset): With *: if everything has arrived, replace the
            existing file. 412 if there is none.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.
        ValueError: If upload is empty, "." or "..", which a URL path cannot contain.

    Returns:
        Problem | Upload
    """

    return (
        await asyncio_detailed(
            upload=upload,
            client=client,
            if_none_match=if_none_match,
            if_match=if_match,
        )
    ).parsed
