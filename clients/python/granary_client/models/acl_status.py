from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="AclStatus")


@_attrs_define
class AclStatus:
    """
    Attributes:
        entries (list[str]):
        group (str):
        owner (str):
        permission (str): Octal mode; with entries, its group bits are the mask.
        sticky_bit (bool):
    """

    entries: list[str]
    group: str
    owner: str
    permission: str
    sticky_bit: bool
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        entries = self.entries

        group = self.group

        owner = self.owner

        permission = self.permission

        sticky_bit = self.sticky_bit

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "entries": entries,
                "group": group,
                "owner": owner,
                "permission": permission,
                "stickyBit": sticky_bit,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        entries = cast(list[str], d.pop("entries"))

        group = d.pop("group")

        owner = d.pop("owner")

        permission = d.pop("permission")

        sticky_bit = d.pop("stickyBit")

        acl_status = cls(
            entries=entries,
            group=group,
            owner=owner,
            permission=permission,
            sticky_bit=sticky_bit,
        )

        acl_status.additional_properties = d
        return acl_status

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
