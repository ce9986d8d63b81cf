from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="DatasetChange")


@_attrs_define
class DatasetChange:
    """
    Attributes:
        description (str | Unset): At most 4096 bytes.
        listed (bool | Unset):
        public (bool | Unset):
    """

    description: str | Unset = UNSET
    listed: bool | Unset = UNSET
    public: bool | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        description = self.description

        listed = self.listed

        public = self.public

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if description is not UNSET:
            field_dict["description"] = description
        if listed is not UNSET:
            field_dict["listed"] = listed
        if public is not UNSET:
            field_dict["public"] = public

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        description = d.pop("description", UNSET)

        listed = d.pop("listed", UNSET)

        public = d.pop("public", UNSET)

        dataset_change = cls(
            description=description,
            listed=listed,
            public=public,
        )

        return dataset_change
