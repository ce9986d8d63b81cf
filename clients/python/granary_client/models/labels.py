from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.labels_tags import LabelsTags


T = TypeVar("T", bound="Labels")


@_attrs_define
class Labels:
    """
    Attributes:
        description (str): Of a dataset, what changeDataset sets.
        tags (LabelsTags): Values, which may be empty, by key.
    """

    description: str
    tags: LabelsTags

    def to_dict(self) -> dict[str, Any]:
        description = self.description

        tags = self.tags.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "description": description,
                "tags": tags,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.labels_tags import LabelsTags  # noqa: PLC0415

        d = dict(src_dict)
        description = d.pop("description")

        tags = LabelsTags.from_dict(d.pop("tags"))

        labels = cls(
            description=description,
            tags=tags,
        )

        return labels
