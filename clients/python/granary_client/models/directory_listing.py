from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.directory_listing_partial_listing import DirectoryListingPartialListing


T = TypeVar("T", bound="DirectoryListing")


@_attrs_define
class DirectoryListing:
    """
    Attributes:
        partial_listing (DirectoryListingPartialListing):
        remaining_entries (int): How many entries follow this page; beyond a thousand, at least how many.
    """

    partial_listing: DirectoryListingPartialListing
    remaining_entries: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        partial_listing = self.partial_listing.to_dict()

        remaining_entries = self.remaining_entries

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "partialListing": partial_listing,
                "remainingEntries": remaining_entries,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.directory_listing_partial_listing import DirectoryListingPartialListing  # noqa: PLC0415

        d = dict(src_dict)
        partial_listing = DirectoryListingPartialListing.from_dict(d.pop("partialListing"))

        remaining_entries = d.pop("remainingEntries")

        directory_listing = cls(
            partial_listing=partial_listing,
            remaining_entries=remaining_entries,
        )

        directory_listing.additional_properties = d
        return directory_listing

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
