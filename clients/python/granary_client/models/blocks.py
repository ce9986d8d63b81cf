from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

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

    def to_dict(self) -> dict[str, Any]:
        bytes_ = self.bytes_

        count = self.count

        oldest: str | Unset = UNSET
        if not isinstance(self.oldest, Unset):
            oldest = self.oldest.isoformat()

        field_dict: dict[str, Any] = {}

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

        return blocks
