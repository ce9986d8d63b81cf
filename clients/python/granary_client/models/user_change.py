from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="UserChange")


@_attrs_define
class UserChange:
    """
    Attributes:
        admin (bool | Unset): The mark of a superuser.
        disabled (bool | Unset): true: refuse everything, and end all sessions. Tokens work again once it is false.
        groups (list[str] | Unset):
    """

    admin: bool | Unset = UNSET
    disabled: bool | Unset = UNSET
    groups: list[str] | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        admin = self.admin

        disabled = self.disabled

        groups: list[str] | Unset = UNSET
        if not isinstance(self.groups, Unset):
            groups = self.groups

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if admin is not UNSET:
            field_dict["admin"] = admin
        if disabled is not UNSET:
            field_dict["disabled"] = disabled
        if groups is not UNSET:
            field_dict["groups"] = groups

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        admin = d.pop("admin", UNSET)

        disabled = d.pop("disabled", UNSET)

        groups = cast(list[str], d.pop("groups", UNSET))

        user_change = cls(
            admin=admin,
            disabled=disabled,
            groups=groups,
        )

        return user_change
