from http import HTTPStatus
from typing import Any, cast
from uuid import UUID

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.continue_upload_if_none_match import ContinueUploadIfNoneMatch
from ...models.problem import Problem
from ...types import UNSET, AsyncParts, Content, Parts, Response, Unset, content_of, segment


def _get_kwargs(
    upload: UUID,
    *,
    body: Content,
    upload_offset: int,
    if_none_match: ContinueUploadIfNoneMatch | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    headers["Upload-Offset"] = str(upload_offset)

    if not isinstance(if_none_match, Unset):
        headers["If-None-Match"] = str(if_none_match)

    _kwargs: dict[str, Any] = {
        "method": "patch",
        "url": "/api/v1/uploads/{upload}".format(
            upload=segment(upload),
        ),
    }

    _kwargs["content"], length = content_of(body)
    headers.update(length)
    headers["Content-Type"] = "application/offset+octet-stream"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(response: httpx.Response) -> Any | Problem:
    if response.status_code == 204:
        response_204 = cast(Any, None)
        return response_204

    if response.status_code == 429:
        response_429 = Problem.from_dict(errors.problem(response))

        return response_429

    response_default = Problem.from_dict(errors.problem(response))

    return response_default


def _build_response(response: httpx.Response) -> Response[Any | Problem]:
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
    body: Content,
    upload_offset: int,
    if_none_match: ContinueUploadIfNoneMatch | Unset = UNSET,
) -> Response[Any | Problem]:
    """Send the next part of a file.

     Upload-Offset of the answer says where the next part begins. The last part makes the file, and its
    answer has the ETag. 409: the part does not begin at the upload's offset; only the last part may be
    sent again, if its answer was lost. A part may be as long as the rest of the file: what has arrived
    becomes durable while the rest is in progress, and of a part that is cut off, every complete 64 MiB
    are kept, so ask for the offset and continue from there. With parts of some megabytes, no more than
    one is lost; at most 10,000 may be shorter than 1 MiB, apart from the last. If making the file was
    refused, as with 412, a part without content tries it again, and so does asking for the offset.

    Args:
        upload (UUID): The id of an upload.
        upload_offset (int): Where the part begins.
        if_none_match (ContinueUploadIfNoneMatch | Unset): With *: only if the file does not
            exist. Otherwise 412; what has arrived is kept.
        body (Content): A file open for reading bytes, or the bytes.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.
        ValueError: If upload is empty, "." or "..", which a URL path cannot contain.

    Returns:
        Response[Any | Problem]
    """

    kwargs = _get_kwargs(
        upload=upload,
        body=body,
        upload_offset=upload_offset,
        if_none_match=if_none_match,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(response)


def sync(
    upload: UUID,
    *,
    client: AuthenticatedClient | Client,
    body: Content,
    upload_offset: int,
    if_none_match: ContinueUploadIfNoneMatch | Unset = UNSET,
) -> Any | Problem | None:
    """Send the next part of a file.

     Upload-Offset of the answer says where the next part begins. The last part makes the file, and its
    answer has the ETag. 409: the part does not begin at the upload's offset; only the last part may be
    sent again, if its answer was lost. A part may be as long as the rest of the file: what has arrived
    becomes durable while the rest is in progress, and of a part that is cut off, every complete 64 MiB
    are kept, so ask for the offset and continue from there. With parts of some megabytes, no more than
    one is lost; at most 10,000 may be shorter than 1 MiB, apart from the last. If making the file was
    refused, as with 412, a part without content tries it again, and so does asking for the offset.

    Args:
        upload (UUID): The id of an upload.
        upload_offset (int): Where the part begins.
        if_none_match (ContinueUploadIfNoneMatch | Unset): With *: only if the file does not
            exist. Otherwise 412; what has arrived is kept.
        body (Content): A file open for reading bytes, or the bytes.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.
        ValueError: If upload is empty, "." or "..", which a URL path cannot contain.

    Returns:
        Any | Problem
    """

    return sync_detailed(
        upload=upload,
        client=client,
        body=body,
        upload_offset=upload_offset,
        if_none_match=if_none_match,
    ).parsed


async def asyncio_detailed(
    upload: UUID,
    *,
    client: AuthenticatedClient | Client,
    body: Content,
    upload_offset: int,
    if_none_match: ContinueUploadIfNoneMatch | Unset = UNSET,
) -> Response[Any | Problem]:
    """Send the next part of a file.

     Upload-Offset of the answer says where the next part begins. The last part makes the file, and its
    answer has the ETag. 409: the part does not begin at the upload's offset; only the last part may be
    sent again, if its answer was lost. A part may be as long as the rest of the file: what has arrived
    becomes durable while the rest is in progress, and of a part that is cut off, every complete 64 MiB
    are kept, so ask for the offset and continue from there. With parts of some megabytes, no more than
    one is lost; at most 10,000 may be shorter than 1 MiB, apart from the last. If making the file was
    refused, as with 412, a part without content tries it again, and so does asking for the offset.

    Args:
        upload (UUID): The id of an upload.
        upload_offset (int): Where the part begins.
        if_none_match (ContinueUploadIfNoneMatch | Unset): With *: only if the file does not
            exist. Otherwise 412; what has arrived is kept.
        body (Content): A file open for reading bytes, or the bytes.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.
        ValueError: If upload is empty, "." or "..", which a URL path cannot contain.

    Returns:
        Response[Any | Problem]
    """

    kwargs = _get_kwargs(
        upload=upload,
        body=body,
        upload_offset=upload_offset,
        if_none_match=if_none_match,
    )

    if isinstance(kwargs.get("content"), Parts):
        kwargs["content"] = AsyncParts(kwargs["content"])
    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(response)


async def asyncio(
    upload: UUID,
    *,
    client: AuthenticatedClient | Client,
    body: Content,
    upload_offset: int,
    if_none_match: ContinueUploadIfNoneMatch | Unset = UNSET,
) -> Any | Problem | None:
    """Send the next part of a file.

     Upload-Offset of the answer says where the next part begins. The last part makes the file, and its
    answer has the ETag. 409: the part does not begin at the upload's offset; only the last part may be
    sent again, if its answer was lost. A part may be as long as the rest of the file: what has arrived
    becomes durable while the rest is in progress, and of a part that is cut off, every complete 64 MiB
    are kept, so ask for the offset and continue from there. With parts of some megabytes, no more than
    one is lost; at most 10,000 may be shorter than 1 MiB, apart from the last. If making the file was
    refused, as with 412, a part without content tries it again, and so does asking for the offset.

    Args:
        upload (UUID): The id of an upload.
        upload_offset (int): Where the part begins.
        if_none_match (ContinueUploadIfNoneMatch | Unset): With *: only if the file does not
            exist. Otherwise 412; what has arrived is kept.
        body (Content): A file open for reading bytes, or the bytes.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.
        ValueError: If upload is empty, "." or "..", which a URL path cannot contain.

    Returns:
        Any | Problem
    """

    return (
        await asyncio_detailed(
            upload=upload,
            client=client,
            body=body,
            upload_offset=upload_offset,
            if_none_match=if_none_match,
        )
    ).parsed
