from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

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

    def to_dict(self) -> dict[str, Any]:
        images = []
        for images_item_data in self.images:
            images_item = images_item_data.to_dict()
            images.append(images_item)

        partial = self.partial

        thinned = self.thinned

        field_dict: dict[str, Any] = {}

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

        return image_of_run_list
