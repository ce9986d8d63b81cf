from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.x_attr import XAttr


T = TypeVar("T", bound="GetXAttrsResponse200")


@_attrs_define
class GetXAttrsResponse200:
    """
    Attributes:
        x_attrs (list[XAttr]):
    """

    x_attrs: list[XAttr]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        x_attrs = []
        for x_attrs_item_data in self.x_attrs:
            x_attrs_item = x_attrs_item_data.to_dict()
            x_attrs.append(x_attrs_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "XAttrs": x_attrs,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.x_attr import XAttr  # noqa: PLC0415

        d = dict(src_dict)
        x_attrs = []
        _x_attrs = d.pop("XAttrs")
        for x_attrs_item_data in _x_attrs:
            x_attrs_item = XAttr.from_dict(x_attrs_item_data)

            x_attrs.append(x_attrs_item)

        get_x_attrs_response_200 = cls(
            x_attrs=x_attrs,
        )

        get_x_attrs_response_200.additional_properties = d
        return get_x_attrs_response_200

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
