from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.job import Job
from ...models.new_job import NewJob
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    body: NewJob,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/jobs",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(response: httpx.Response) -> Job | Problem:
    if response.status_code == 202:
        response_202 = Job.from_dict(response.json())

        return response_202

    if response.status_code == 429:
        response_429 = Problem.from_dict(errors.problem(response))

        return response_429

    response_default = Problem.from_dict(errors.problem(response))

    return response_default


def _build_response(response: httpx.Response) -> Response[Job | Problem]:
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
    body: NewJob,
    idempotency_key: str | Unset = UNSET,
) -> Response[Job | Problem]:
    """Copy, zip or unzip in the background.

     The answer is the job, as it is at that time; ask for it by its id, or wait for the event of the
    target with the id as its operation. The id is that of Idempotency-Key, if there is one: a repeated
    request starts no second job. The target appears complete, at the end, or not at all; nothing of it
    is visible before. The job may do what the caller may at the time that it does it. It ends when the
    credential that it was started with is revoked or, if that can be revoked, expires. What it makes
    belongs to the caller, keeps modes, and inherits default ACLs at its place; ACLs, extended
    attributes and times are not copied, nor are the trash and what is shared with a project. An archive
    is refused as a whole if it has names that lead elsewhere, links, encrypted or damaged entries, or
    would become disproportionately long.

    Args:
        idempotency_key (str | Unset): A random UUID for this request. If it is sent again within
            a day, for the same operation on the same path, it gets the first answer and nothing is
            done twice.
        body (NewJob):

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        Response[Job | Problem]
    """

    kwargs = _get_kwargs(
        body=body,
        idempotency_key=idempotency_key,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    body: NewJob,
    idempotency_key: str | Unset = UNSET,
) -> Job | Problem | None:
    """Copy, zip or unzip in the background.

     The answer is the job, as it is at that time; ask for it by its id, or wait for the event of the
    target with the id as its operation. The id is that of Idempotency-Key, if there is one: a repeated
    request starts no second job. The target appears complete, at the end, or not at all; nothing of it
    is visible before. The job may do what the caller may at the time that it does it. It ends when the
    credential that it was started with is revoked or, if that can be revoked, expires. What it makes
    belongs to the caller, keeps modes, and inherits default ACLs at its place; ACLs, extended
    attributes and times are not copied, nor are the trash and what is shared with a project. An archive
    is refused as a whole if it has names that lead elsewhere, links, encrypted or damaged entries, or
    would become disproportionately long.

    Args:
        idempotency_key (str | Unset): A random UUID for this request. If it is sent again within
            a day, for the same operation on the same path, it gets the first answer and nothing is
            done twice.
        body (NewJob):

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        Job | Problem
    """

    return sync_detailed(
        client=client,
        body=body,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: NewJob,
    idempotency_key: str | Unset = UNSET,
) -> Response[Job | Problem]:
    """Copy, zip or unzip in the background.

     The answer is the job, as it is at that time; ask for it by its id, or wait for the event of the
    target with the id as its operation. The id is that of Idempotency-Key, if there is one: a repeated
    request starts no second job. The target appears complete, at the end, or not at all; nothing of it
    is visible before. The job may do what the caller may at the time that it does it. It ends when the
    credential that it was started with is revoked or, if that can be revoked, expires. What it makes
    belongs to the caller, keeps modes, and inherits default ACLs at its place; ACLs, extended
    attributes and times are not copied, nor are the trash and what is shared with a project. An archive
    is refused as a whole if it has names that lead elsewhere, links, encrypted or damaged entries, or
    would become disproportionately long.

    Args:
        idempotency_key (str | Unset): A random UUID for this request. If it is sent again within
            a day, for the same operation on the same path, it gets the first answer and nothing is
            done twice.
        body (NewJob):

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        Response[Job | Problem]
    """

    kwargs = _get_kwargs(
        body=body,
        idempotency_key=idempotency_key,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    body: NewJob,
    idempotency_key: str | Unset = UNSET,
) -> Job | Problem | None:
    """Copy, zip or unzip in the background.

     The answer is the job, as it is at that time; ask for it by its id, or wait for the event of the
    target with the id as its operation. The id is that of Idempotency-Key, if there is one: a repeated
    request starts no second job. The target appears complete, at the end, or not at all; nothing of it
    is visible before. The job may do what the caller may at the time that it does it. It ends when the
    credential that it was started with is revoked or, if that can be revoked, expires. What it makes
    belongs to the caller, keeps modes, and inherits default ACLs at its place; ACLs, extended
    attributes and times are not copied, nor are the trash and what is shared with a project. An archive
    is refused as a whole if it has names that lead elsewhere, links, encrypted or damaged entries, or
    would become disproportionately long.

    Args:
        idempotency_key (str | Unset): A random UUID for this request. If it is sent again within
            a day, for the same operation on the same path, it gets the first answer and nothing is
            done twice.
        body (NewJob):

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        Job | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
            idempotency_key=idempotency_key,
        )
    ).parsed
