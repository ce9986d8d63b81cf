from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.access_key_type import AccessKeyType
from ..types import UNSET, Unset

T = TypeVar("T", bound="AccessKey")


@_attrs_define
class AccessKey:
    """
    Attributes:
        name (str):
        type_ (AccessKeyType):
        default (bool | Unset):
    """

    name: str
    type_: AccessKeyType
    default: bool | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        type_ = self.type_.value

        default = self.default

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "name": name,
                "type": type_,
            }
        )
        if default is not UNSET:
            field_dict["default"] = default

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        name = d.pop("name")

        type_ = AccessKeyType(d.pop("type"))

        default = d.pop("default", UNSET)

        access_key = cls(
            name=name,
            type_=type_,
            default=default,
        )

        return access_key
