from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.block_location import BlockLocation


T = TypeVar("T", bound="GetFileBlockLocationsResponse200BlockLocations")


@_attrs_define
class GetFileBlockLocationsResponse200BlockLocations:
    """
    Attributes:
        block_location (list[BlockLocation]):
    """

    block_location: list[BlockLocation]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        block_location = []
        for block_location_item_data in self.block_location:
            block_location_item = block_location_item_data.to_dict()
            block_location.append(block_location_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "BlockLocation": block_location,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.block_location import BlockLocation  # noqa: PLC0415

        d = dict(src_dict)
        block_location = []
        _block_location = d.pop("BlockLocation")
        for block_location_item_data in _block_location:
            block_location_item = BlockLocation.from_dict(block_location_item_data)

            block_location.append(block_location_item)

        get_file_block_locations_response_200_block_locations = cls(
            block_location=block_location,
        )

        get_file_block_locations_response_200_block_locations.additional_properties = d
        return get_file_block_locations_response_200_block_locations

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
