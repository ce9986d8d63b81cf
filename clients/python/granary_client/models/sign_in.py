from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="SignIn")


@_attrs_define
class SignIn:
    """
    Attributes:
        password (str):
        user (str):
    """

    password: str = _attrs_field(repr=False)
    user: str

    def to_dict(self) -> dict[str, Any]:
        password = self.password

        user = self.user

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "password": password,
                "user": user,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        password = d.pop("password")

        user = d.pop("user")

        sign_in = cls(
            password=password,
            user=user,
        )

        return sign_in
