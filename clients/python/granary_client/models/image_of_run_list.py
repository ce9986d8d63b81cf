from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.image_of_run import ImageOfRun


T = TypeVar("T", bound="ImageOfRunList")


@_attrs_define
class ImageOfRunList:
    """
    Attributes:
        images (list[ImageOfRun]): In the order in which they were written.
        partial (bool): As in the list of runs.
        thinned (bool): There are more than about 1,000, or 16,000 in all tags of an event file, and some steps are left
            out.
    """

    images: list[ImageOfRun]
    partial: bool
    thinned: bool
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        images = []
        for images_item_data in self.images:
            images_item = images_item_data.to_dict()
            images.append(images_item)

        partial = self.partial

        thinned = self.thinned

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "images": images,
                "partial": partial,
                "thinned": thinned,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.image_of_run import ImageOfRun  # noqa: PLC0415

        d = dict(src_dict)
        images = []
        _images = d.pop("images")
        for images_item_data in _images:
            images_item = ImageOfRun.from_dict(images_item_data)

            images.append(images_item)

        partial = d.pop("partial")

        thinned = d.pop("thinned")

        image_of_run_list = cls(
            images=images,
            partial=partial,
            thinned=thinned,
        )

        image_of_run_list.additional_properties = d
        return image_of_run_list

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
