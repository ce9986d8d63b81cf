from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.new_role_role import NewRoleRole

T = TypeVar("T", bound="NewRole")


@_attrs_define
class NewRole:
    """
    Attributes:
        role (NewRoleRole): An owner passes every permission check in the project; a scientist is in its group; an
            observer can only read.
    """

    role: NewRoleRole

    def to_dict(self) -> dict[str, Any]:
        role = self.role.value

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "role": role,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        role = NewRoleRole(d.pop("role"))

        new_role = cls(
            role=role,
        )

        return new_role
