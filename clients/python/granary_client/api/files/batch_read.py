from http import HTTPStatus
from io import BytesIO
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.batch_read import BatchRead
from ...models.problem import Problem
from ...types import File, Response


def _get_kwargs(
    *,
    body: BatchRead,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/fs/batch-read",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
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
    body: BatchRead,
) -> Response[File | Problem]:
    """Read many files as a tar stream.

     For data loaders: thousands of small files in the time that a few dozen single requests take. The
    members come in the order of `paths`, or of the directory, or shuffled by a seed; with `samples`,
    files that WebDataset takes for one sample stay together. Each has its path without the first slash
    as its name. Each file is consistent in itself, as of some moment during the request.

    An error with one file does not affect others. In its place comes a member
    `__granary__/errors/000017.json`, with its number in the stream, counted from 0: it holds the
    problem that `open` would have answered with, such as `{"type":"about:blank","title":"Not
    found","status":404,"detail":"File does not exist:
    /a/b","instance":"/a/b","exception":"FileNotFoundException","requestId":"…"}`, and with the status
    in the PAX record `GRANARY.status`, too. The last member is `__granary__/end.json`, such as
    `{"read":9999,"failed":1}`; a stream without it was cut off. WebDataset readers skip these members,
    `tar --exclude=__granary__` leaves them out, and in Python `tarfile.open(mode="r|", fileobj=…)`
    shows them like any other.

    Files of more than 8 MiB are read with `open`; here they fail, with 409. A batch has at most 10,000
    paths, in 16 MiB of JSON, or 100,000 files of a directory, and 16 GiB. Ten files count as one read,
    and so do a hundred entries of directories that are searched. One user has at most 16 batches in
    progress, or gets 429, and the server 64, or answers 503. A directory that may not be listed, or one
    with more files, fails as a whole, before anything is sent.

    This reads the complete answer into memory. granary_client.streaming.stream reads it as it arrives.

    Args:
        body (BatchRead):

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        Response[File | Problem]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    body: BatchRead,
) -> File | Problem | None:
    """Read many files as a tar stream.

     For data loaders: thousands of small files in the time that a few dozen single requests take. The
    members come in the order of `paths`, or of the directory, or shuffled by a seed; with `samples`,
    files that WebDataset takes for one sample stay together. Each has its path without the first slash
    as its name. Each file is consistent in itself, as of some moment during the request.

    An error with one file does not affect others. In its place comes a member
    `__granary__/errors/000017.json`, with its number in the stream, counted from 0: it holds the
    problem that `open` would have answered with, such as `{"type":"about:blank","title":"Not
    found","status":404,"detail":"File does not exist:
    /a/b","instance":"/a/b","exception":"FileNotFoundException","requestId":"…"}`, and with the status
    in the PAX record `GRANARY.status`, too. The last member is `__granary__/end.json`, such as
    `{"read":9999,"failed":1}`; a stream without it was cut off. WebDataset readers skip these members,
    `tar --exclude=__granary__` leaves them out, and in Python `tarfile.open(mode="r|", fileobj=…)`
    shows them like any other.

    Files of more than 8 MiB are read with `open`; here they fail, with 409. A batch has at most 10,000
    paths, in 16 MiB of JSON, or 100,000 files of a directory, and 16 GiB. Ten files count as one read,
    and so do a hundred entries of directories that are searched. One user has at most 16 batches in
    progress, or gets 429, and the server 64, or answers 503. A directory that may not be listed, or one
    with more files, fails as a whole, before anything is sent.

    This reads the complete answer into memory. granary_client.streaming.stream reads it as it arrives.

    Args:
        body (BatchRead):

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        File | Problem
    """

    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: BatchRead,
) -> Response[File | Problem]:
    """Read many files as a tar stream.

     For data loaders: thousands of small files in the time that a few dozen single requests take. The
    members come in the order of `paths`, or of the directory, or shuffled by a seed; with `samples`,
    files that WebDataset takes for one sample stay together. Each has its path without the first slash
    as its name. Each file is consistent in itself, as of some moment during the request.

    An error with one file does not affect others. In its place comes a member
    `__granary__/errors/000017.json`, with its number in the stream, counted from 0: it holds the
    problem that `open` would have answered with, such as `{"type":"about:blank","title":"Not
    found","status":404,"detail":"File does not exist:
    /a/b","instance":"/a/b","exception":"FileNotFoundException","requestId":"…"}`, and with the status
    in the PAX record `GRANARY.status`, too. The last member is `__granary__/end.json`, such as
    `{"read":9999,"failed":1}`; a stream without it was cut off. WebDataset readers skip these members,
    `tar --exclude=__granary__` leaves them out, and in Python `tarfile.open(mode="r|", fileobj=…)`
    shows them like any other.

    Files of more than 8 MiB are read with `open`; here they fail, with 409. A batch has at most 10,000
    paths, in 16 MiB of JSON, or 100,000 files of a directory, and 16 GiB. Ten files count as one read,
    and so do a hundred entries of directories that are searched. One user has at most 16 batches in
    progress, or gets 429, and the server 64, or answers 503. A directory that may not be listed, or one
    with more files, fails as a whole, before anything is sent.

    This reads the complete answer into memory. granary_client.streaming.stream reads it as it arrives.

    Args:
        body (BatchRead):

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        Response[File | Problem]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    body: BatchRead,
) -> File | Problem | None:
    """Read many files as a tar stream.

     For data loaders: thousands of small files in the time that a few dozen single requests take. The
    members come in the order of `paths`, or of the directory, or shuffled by a seed; with `samples`,
    files that WebDataset takes for one sample stay together. Each has its path without the first slash
    as its name. Each file is consistent in itself, as of some moment during the request.

    An error with one file does not affect others. In its place comes a member
    `__granary__/errors/000017.json`, with its number in the stream, counted from 0: it holds the
    problem that `open` would have answered with, such as `{"type":"about:blank","title":"Not
    found","status":404,"detail":"File does not exist:
    /a/b","instance":"/a/b","exception":"FileNotFoundException","requestId":"…"}`, and with the status
    in the PAX record `GRANARY.status`, too. The last member is `__granary__/end.json`, such as
    `{"read":9999,"failed":1}`; a stream without it was cut off. WebDataset readers skip these members,
    `tar --exclude=__granary__` leaves them out, and in Python `tarfile.open(mode="r|", fileobj=…)`
    shows them like any other.

    Files of more than 8 MiB are read with `open`; here they fail, with 409. A batch has at most 10,000
    paths, in 16 MiB of JSON, or 100,000 files of a directory, and 16 GiB. Ten files count as one read,
    and so do a hundred entries of directories that are searched. One user has at most 16 batches in
    progress, or gets 429, and the server 64, or answers 503. A directory that may not be listed, or one
    with more files, fails as a whole, before anything is sent.

    This reads the complete answer into memory. granary_client.streaming.stream reads it as it arrives.

    Args:
        body (BatchRead):

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        File | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
