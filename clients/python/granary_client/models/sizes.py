from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.size import Size


T = TypeVar("T", bound="Sizes")


@_attrs_define
class Sizes:
    """
    Attributes:
        largest (list[Size]): Entries, the longest first.
        others (Size):
        path (str):
        total (Size):
    """

    largest: list[Size]
    others: Size
    path: str
    total: Size
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        largest = []
        for largest_item_data in self.largest:
            largest_item = largest_item_data.to_dict()
            largest.append(largest_item)

        others = self.others.to_dict()

        path = self.path

        total = self.total.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "largest": largest,
                "others": others,
                "path": path,
                "total": total,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.size import Size  # noqa: PLC0415

        d = dict(src_dict)
        largest = []
        _largest = d.pop("largest")
        for largest_item_data in _largest:
            largest_item = Size.from_dict(largest_item_data)

            largest.append(largest_item)

        others = Size.from_dict(d.pop("others"))

        path = d.pop("path")

        total = Size.from_dict(d.pop("total"))

        sizes = cls(
            largest=largest,
            others=others,
            path=path,
            total=total,
        )

        sizes.additional_properties = d
        return sizes

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
