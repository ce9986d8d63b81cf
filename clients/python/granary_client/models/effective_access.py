from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.access import Access


T = TypeVar("T", bound="EffectiveAccess")


@_attrs_define
class EffectiveAccess:
    """
    Attributes:
        everyone (Access):
        partial (bool): There are more than the thousand users that were looked at.
        path (str):
        users (list[Access]): Users who have access by more than what everybody has; without superusers, who may do
            everything.
    """

    everyone: Access
    partial: bool
    path: str
    users: list[Access]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        everyone = self.everyone.to_dict()

        partial = self.partial

        path = self.path

        users = []
        for users_item_data in self.users:
            users_item = users_item_data.to_dict()
            users.append(users_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "everyone": everyone,
                "partial": partial,
                "path": path,
                "users": users,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.access import Access  # noqa: PLC0415

        d = dict(src_dict)
        everyone = Access.from_dict(d.pop("everyone"))

        partial = d.pop("partial")

        path = d.pop("path")

        users = []
        _users = d.pop("users")
        for users_item_data in _users:
            users_item = Access.from_dict(users_item_data)

            users.append(users_item)

        effective_access = cls(
            everyone=everyone,
            partial=partial,
            path=path,
            users=users,
        )

        effective_access.additional_properties = d
        return effective_access

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
