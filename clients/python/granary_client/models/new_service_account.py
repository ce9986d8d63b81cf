from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.new_service_account_role import NewServiceAccountRole

T = TypeVar("T", bound="NewServiceAccount")


@_attrs_define
class NewServiceAccount:
    """
    Attributes:
        name (str): A name that nobody else has. Names that differ only in capitals, in 0 and O, or in 1, l and I, count
            as the same.
        role (NewServiceAccountRole): What it may do in the project.
    """

    name: str
    role: NewServiceAccountRole

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        role = self.role.value

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "name": name,
                "role": role,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        name = d.pop("name")

        role = NewServiceAccountRole(d.pop("role"))

        new_service_account = cls(
            name=name,
            role=role,
        )

        return new_service_account
