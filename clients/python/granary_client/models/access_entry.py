from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.access_entry_type import AccessEntryType

T = TypeVar("T", bound="AccessEntry")


@_attrs_define
class AccessEntry:
    """
    Attributes:
        default (bool): It belongs to the default ACL, which new entries of the directory inherit.
        effective (str): What the mask leaves of it.
        may (str): As in r-x.
        name (str): Empty for the owner, the owning group, the mask and others.
        type_ (AccessEntryType):
    """

    default: bool
    effective: str
    may: str
    name: str
    type_: AccessEntryType
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        default = self.default

        effective = self.effective

        may = self.may

        name = self.name

        type_ = self.type_.value

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "default": default,
                "effective": effective,
                "may": may,
                "name": name,
                "type": type_,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        default = d.pop("default")

        effective = d.pop("effective")

        may = d.pop("may")

        name = d.pop("name")

        type_ = AccessEntryType(d.pop("type"))

        access_entry = cls(
            default=default,
            effective=effective,
            may=may,
            name=name,
            type_=type_,
        )

        access_entry.additional_properties = d
        return access_entry

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
