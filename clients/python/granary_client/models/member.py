from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.member_role import MemberRole

T = TypeVar("T", bound="Member")


@_attrs_define
class Member:
    """
    Attributes:
        role (MemberRole):
        user (str):
    """

    role: MemberRole
    user: str

    def to_dict(self) -> dict[str, Any]:
        role = self.role.value

        user = self.user

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "role": role,
                "user": user,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        role = MemberRole(d.pop("role"))

        user = d.pop("user")

        member = cls(
            role=role,
            user=user,
        )

        return member
