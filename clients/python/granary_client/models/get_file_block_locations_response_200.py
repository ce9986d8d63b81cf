from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.get_file_block_locations_response_200_block_locations import GetFileBlockLocationsResponse200BlockLocations


T = TypeVar("T", bound="GetFileBlockLocationsResponse200")


@_attrs_define
class GetFileBlockLocationsResponse200:
    """
    Attributes:
        block_locations (GetFileBlockLocationsResponse200BlockLocations):
    """

    block_locations: GetFileBlockLocationsResponse200BlockLocations
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        block_locations = self.block_locations.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "BlockLocations": block_locations,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.get_file_block_locations_response_200_block_locations import (
            GetFileBlockLocationsResponse200BlockLocations,  # noqa: PLC0415
        )

        d = dict(src_dict)
        block_locations = GetFileBlockLocationsResponse200BlockLocations.from_dict(d.pop("BlockLocations"))

        get_file_block_locations_response_200 = cls(
            block_locations=block_locations,
        )

        get_file_block_locations_response_200.additional_properties = d
        return get_file_block_locations_response_200

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
