from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.get_x_attrs_encoding import GetXAttrsEncoding
from ...models.get_x_attrs_response_200 import GetXAttrsResponse200
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    path: str,
    xattr_name: list[str] | Unset = UNSET,
    encoding: GetXAttrsEncoding | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["path"] = path

    json_xattr_name: list[str] | Unset = UNSET
    if not isinstance(xattr_name, Unset):
        json_xattr_name = xattr_name

    params["xattr.name"] = json_xattr_name

    json_encoding: str | Unset = UNSET
    if not isinstance(encoding, Unset):
        json_encoding = encoding.value

    params["encoding"] = json_encoding

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/fs/get-x-attrs",
        "params": params,
    }

    return _kwargs


def _parse_response(response: httpx.Response) -> GetXAttrsResponse200 | Problem:
    if response.status_code == 200:
        response_200 = GetXAttrsResponse200.from_dict(response.json())

        return response_200

    if response.status_code == 429:
        response_429 = Problem.from_dict(errors.problem(response))

        return response_429

    response_default = Problem.from_dict(errors.problem(response))

    return response_default


def _build_response(response: httpx.Response) -> Response[GetXAttrsResponse200 | Problem]:
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
    xattr_name: list[str] | Unset = UNSET,
    encoding: GetXAttrsEncoding | Unset = UNSET,
) -> Response[GetXAttrsResponse200 | Problem]:
    """Read extended attributes.

     All attributes that the caller may see, or the named ones; if one of these is missing, the call
    fails. A value is null if the attribute has none.

    Args:
        path (str): Absolute path. Absolute: names after slashes, of which none is "." or ".." and
            none has a colon or a NUL.
        xattr_name (list[str] | Unset): A name with its namespace, such as user.origin; may be
            given several times.
        encoding (GetXAttrsEncoding | Unset): How values are written; without it, as text.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        Response[GetXAttrsResponse200 | Problem]
    """

    kwargs = _get_kwargs(
        path=path,
        xattr_name=xattr_name,
        encoding=encoding,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    path: str,
    xattr_name: list[str] | Unset = UNSET,
    encoding: GetXAttrsEncoding | Unset = UNSET,
) -> GetXAttrsResponse200 | Problem | None:
    """Read extended attributes.

     All attributes that the caller may see, or the named ones; if one of these is missing, the call
    fails. A value is null if the attribute has none.

    Args:
        path (str): Absolute path. Absolute: names after slashes, of which none is "." or ".." and
            none has a colon or a NUL.
        xattr_name (list[str] | Unset): A name with its namespace, such as user.origin; may be
            given several times.
        encoding (GetXAttrsEncoding | Unset): How values are written; without it, as text.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        GetXAttrsResponse200 | Problem
    """

    return sync_detailed(
        client=client,
        path=path,
        xattr_name=xattr_name,
        encoding=encoding,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    path: str,
    xattr_name: list[str] | Unset = UNSET,
    encoding: GetXAttrsEncoding | Unset = UNSET,
) -> Response[GetXAttrsResponse200 | Problem]:
    """Read extended attributes.

     All attributes that the caller may see, or the named ones; if one of these is missing, the call
    fails. A value is null if the attribute has none.

    Args:
        path (str): Absolute path. Absolute: names after slashes, of which none is "." or ".." and
            none has a colon or a NUL.
        xattr_name (list[str] | Unset): A name with its namespace, such as user.origin; may be
            given several times.
        encoding (GetXAttrsEncoding | Unset): How values are written; without it, as text.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        Response[GetXAttrsResponse200 | Problem]
    """

    kwargs = _get_kwargs(
        path=path,
        xattr_name=xattr_name,
        encoding=encoding,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    path: str,
    xattr_name: list[str] | Unset = UNSET,
    encoding: GetXAttrsEncoding | Unset = UNSET,
) -> GetXAttrsResponse200 | Problem | None:
    """Read extended attributes.

     All attributes that the caller may see, or the named ones; if one of these is missing, the call
    fails. A value is null if the attribute has none.

    Args:
        path (str): Absolute path. Absolute: names after slashes, of which none is "." or ".." and
            none has a colon or a NUL.
        xattr_name (list[str] | Unset): A name with its namespace, such as user.origin; may be
            given several times.
        encoding (GetXAttrsEncoding | Unset): How values are written; without it, as text.

    Raises:
        errors.UnexpectedStatus: If the answer does not come from Granary, such as a proxy's page or a redirect.
        httpx.TimeoutException: If nothing could be sent or received for the time in Client.timeout.

    Returns:
        GetXAttrsResponse200 | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            path=path,
            xattr_name=xattr_name,
            encoding=encoding,
        )
    ).parsed
