from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.file_statuses import FileStatuses


T = TypeVar("T", bound="DirectoryListingPartialListing")


@_attrs_define
class DirectoryListingPartialListing:
    """
    Attributes:
        file_statuses (FileStatuses):
    """

    file_statuses: FileStatuses
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        file_statuses = self.file_statuses.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "FileStatuses": file_statuses,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.file_statuses import FileStatuses  # noqa: PLC0415

        d = dict(src_dict)
        file_statuses = FileStatuses.from_dict(d.pop("FileStatuses"))

        directory_listing_partial_listing = cls(
            file_statuses=file_statuses,
        )

        directory_listing_partial_listing.additional_properties = d
        return directory_listing_partial_listing

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
