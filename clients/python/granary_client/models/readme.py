from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="Readme")


@_attrs_define
class Readme:
    """
    Attributes:
        text (str): The first 256 KiB, as they are: sanitize them before you show them as HTML.
        whole (bool): The text is all of the file.
        file_id (int | Unset):
        name (str | Unset): README.md, README or README.txt; absent if there is none.
    """

    text: str
    whole: bool
    file_id: int | Unset = UNSET
    name: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        text = self.text

        whole = self.whole

        file_id = self.file_id

        name = self.name

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "text": text,
                "whole": whole,
            }
        )
        if file_id is not UNSET:
            field_dict["fileId"] = file_id
        if name is not UNSET:
            field_dict["name"] = name

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        text = d.pop("text")

        whole = d.pop("whole")

        file_id = d.pop("fileId", UNSET)

        name = d.pop("name", UNSET)

        readme = cls(
            text=text,
            whole=whole,
            file_id=file_id,
            name=name,
        )

        readme.additional_properties = d
        return readme

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
