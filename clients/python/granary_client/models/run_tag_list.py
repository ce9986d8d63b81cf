from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.run_tag import RunTag


T = TypeVar("T", bound="RunTagList")


@_attrs_define
class RunTagList:
    """
    Attributes:
        images (list[RunTag]):
        partial (bool): As in the list of runs.
        scalars (list[RunTag]): In the byte order of the tags, and so are the runs of each.
    """

    images: list[RunTag]
    partial: bool
    scalars: list[RunTag]

    def to_dict(self) -> dict[str, Any]:
        images = []
        for images_item_data in self.images:
            images_item = images_item_data.to_dict()
            images.append(images_item)

        partial = self.partial

        scalars = []
        for scalars_item_data in self.scalars:
            scalars_item = scalars_item_data.to_dict()
            scalars.append(scalars_item)

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "images": images,
                "partial": partial,
                "scalars": scalars,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.run_tag import RunTag  # noqa: PLC0415

        d = dict(src_dict)
        images = []
        _images = d.pop("images")
        for images_item_data in _images:
            images_item = RunTag.from_dict(images_item_data)

            images.append(images_item)

        partial = d.pop("partial")

        scalars = []
        _scalars = d.pop("scalars")
        for scalars_item_data in _scalars:
            scalars_item = RunTag.from_dict(scalars_item_data)

            scalars.append(scalars_item)

        run_tag_list = cls(
            images=images,
            partial=partial,
            scalars=scalars,
        )

        return run_tag_list
