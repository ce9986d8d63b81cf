from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.new_access_entry_type import NewAccessEntryType
from ..types import UNSET, Unset

T = TypeVar("T", bound="NewAccessEntry")


@_attrs_define
class NewAccessEntry:
    """
    Attributes:
        may (str):
        type_ (NewAccessEntryType):
        default (bool | Unset): In the default ACL of a directory; on files it is ignored.
        name (str | Unset): Empty for the owner, the owning group and others.
    """

    may: str
    type_: NewAccessEntryType
    default: bool | Unset = UNSET
    name: str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        may = self.may

        type_ = self.type_.value

        default = self.default

        name = self.name

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "may": may,
                "type": type_,
            }
        )
        if default is not UNSET:
            field_dict["default"] = default
        if name is not UNSET:
            field_dict["name"] = name

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        may = d.pop("may")

        type_ = NewAccessEntryType(d.pop("type"))

        default = d.pop("default", UNSET)

        name = d.pop("name", UNSET)

        new_access_entry = cls(
            may=may,
            type_=type_,
            default=default,
            name=name,
        )

        return new_access_entry
