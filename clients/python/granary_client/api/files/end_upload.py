from http import HTTPStatus
from typing import Any, cast
from uuid import UUID

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...types import Response, segment


def _get_kwargs(
    upload: UUID,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "delete",
        "url": "/api/v1/uploads/{upload}".format(
            upload=segment(upload),
        ),
    }

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
) -> Response[Any | Problem]:
    """Cancel an upload; no file is created.

    Args:
        upload (UUID): The id of an upload.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.
        ValueError: If upload is empty, "." or "..", which a URL path cannot contain.

    Returns:
        Response[Any | Problem]
    """

    kwargs = _get_kwargs(
        upload=upload,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(response)


def sync(
    upload: UUID,
    *,
    client: AuthenticatedClient | Client,
) -> Any | Problem | None:
    """Cancel an upload; no file is created.

    Args:
        upload (UUID): The id of an upload.

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
    ).parsed


async def asyncio_detailed(
    upload: UUID,
    *,
    client: AuthenticatedClient | Client,
) -> Response[Any | Problem]:
    """Cancel an upload; no file is created.

    Args:
        upload (UUID): The id of an upload.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.
        ValueError: If upload is empty, "." or "..", which a URL path cannot contain.

    Returns:
        Response[Any | Problem]
    """

    kwargs = _get_kwargs(
        upload=upload,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(response)


async def asyncio(
    upload: UUID,
    *,
    client: AuthenticatedClient | Client,
) -> Any | Problem | None:
    """Cancel an upload; no file is created.

    Args:
        upload (UUID): The id of an upload.

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
        )
    ).parsed
