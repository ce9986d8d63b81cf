from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="SignInWays")


@_attrs_define
class SignInWays:
    """
    Attributes:
        provider (bool): At an OpenID provider: open /login/oidc in a browser, with return=<path> for where to go
            afterwards.
    """

    provider: bool

    def to_dict(self) -> dict[str, Any]:
        provider = self.provider

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "provider": provider,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        provider = d.pop("provider")

        sign_in_ways = cls(
            provider=provider,
        )

        return sign_in_ways
