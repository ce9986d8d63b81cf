from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="Blocks")


@_attrs_define
class Blocks:
    """
    Attributes:
        bytes_ (int): Before encryption.
        count (int):
        oldest (datetime.datetime | Unset): When the oldest of them entered this state. Absent for live blocks, and if
            there are none.
    """

    bytes_: int
    count: int
    oldest: datetime.datetime | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        bytes_ = self.bytes_

        count = self.count

        oldest: str | Unset = UNSET
        if not isinstance(self.oldest, Unset):
            oldest = self.oldest.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "bytes": bytes_,
                "count": count,
            }
        )
        if oldest is not UNSET:
            field_dict["oldest"] = oldest

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        bytes_ = d.pop("bytes")

        count = d.pop("count")

        _oldest = d.pop("oldest", UNSET)
        oldest: datetime.datetime | Unset
        if isinstance(_oldest, Unset):
            oldest = UNSET
        else:
            oldest = datetime.datetime.fromisoformat(_oldest)

        blocks = cls(
            bytes_=bytes_,
            count=count,
            oldest=oldest,
        )

        blocks.additional_properties = d
        return blocks

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
