from http import HTTPStatus
from typing import Any, cast

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...types import UNSET, Response, Unset, segment


def _get_kwargs(
    project: str,
    *,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "delete",
        "url": "/api/v1/projects/{project}".format(
            project=segment(project),
        ),
    }

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
    project: str,
    *,
    client: AuthenticatedClient | Client,
    idempotency_key: str | Unset = UNSET,
) -> Response[Any | Problem]:
    """Put a project into the trash.

     The project can no longer be found. As long as the trash keeps it, it can be restored and its name
    stays taken. Then its files are purged, and with the last of them its key. Copies of the database
    made before still hold the key: the files are beyond recovery only when such copies are gone, too.

    Args:
        project (str): A project's name.
        idempotency_key (str | Unset): A random UUID for this request. If it is sent again within
            a day, for the same operation on the same path, it gets the first answer and nothing is
            done twice.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.
        ValueError: If project is empty, "." or "..", which a URL path cannot contain.

    Returns:
        Response[Any | Problem]
    """

    kwargs = _get_kwargs(
        project=project,
        idempotency_key=idempotency_key,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(response)


def sync(
    project: str,
    *,
    client: AuthenticatedClient | Client,
    idempotency_key: str | Unset = UNSET,
) -> Any | Problem | None:
    """Put a project into the trash.

     The project can no longer be found. As long as the trash keeps it, it can be restored and its name
    stays taken. Then its files are purged, and with the last of them its key. Copies of the database
    made before still hold the key: the files are beyond recovery only when such copies are gone, too.

    Args:
        project (str): A project's name.
        idempotency_key (str | Unset): A random UUID for this request. If it is sent again within
            a day, for the same operation on the same path, it gets the first answer and nothing is
            done twice.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.
        ValueError: If project is empty, "." or "..", which a URL path cannot contain.

    Returns:
        Any | Problem
    """

    return sync_detailed(
        project=project,
        client=client,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    project: str,
    *,
    client: AuthenticatedClient | Client,
    idempotency_key: str | Unset = UNSET,
) -> Response[Any | Problem]:
    """Put a project into the trash.

     The project can no longer be found. As long as the trash keeps it, it can be restored and its name
    stays taken. Then its files are purged, and with the last of them its key. Copies of the database
    made before still hold the key: the files are beyond recovery only when such copies are gone, too.

    Args:
        project (str): A project's name.
        idempotency_key (str | Unset): A random UUID for this request. If it is sent again within
            a day, for the same operation on the same path, it gets the first answer and nothing is
            done twice.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.
        ValueError: If project is empty, "." or "..", which a URL path cannot contain.

    Returns:
        Response[Any | Problem]
    """

    kwargs = _get_kwargs(
        project=project,
        idempotency_key=idempotency_key,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(response)


async def asyncio(
    project: str,
    *,
    client: AuthenticatedClient | Client,
    idempotency_key: str | Unset = UNSET,
) -> Any | Problem | None:
    """Put a project into the trash.

     The project can no longer be found. As long as the trash keeps it, it can be restored and its name
    stays taken. Then its files are purged, and with the last of them its key. Copies of the database
    made before still hold the key: the files are beyond recovery only when such copies are gone, too.

    Args:
        project (str): A project's name.
        idempotency_key (str | Unset): A random UUID for this request. If it is sent again within
            a day, for the same operation on the same path, it gets the first answer and nothing is
            done twice.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.
        ValueError: If project is empty, "." or "..", which a URL path cannot contain.

    Returns:
        Any | Problem
    """

    return (
        await asyncio_detailed(
            project=project,
            client=client,
            idempotency_key=idempotency_key,
        )
    ).parsed
