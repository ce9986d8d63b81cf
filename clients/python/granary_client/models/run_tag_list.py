from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

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
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

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
        field_dict.update(self.additional_properties)
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

        run_tag_list.additional_properties = d
        return run_tag_list

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
