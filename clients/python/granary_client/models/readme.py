from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

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

    def to_dict(self) -> dict[str, Any]:
        text = self.text

        whole = self.whole

        file_id = self.file_id

        name = self.name

        field_dict: dict[str, Any] = {}

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

        return readme
