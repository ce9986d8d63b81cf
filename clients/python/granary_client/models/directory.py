from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="Directory")


@_attrs_define
class Directory:
    """
    Attributes:
        children_num (int): Entries, directories or not.
        file_id (int):
        modification_time (int): Milliseconds since 1970.
        name (str):
        owner (str):
    """

    children_num: int
    file_id: int
    modification_time: int
    name: str
    owner: str

    def to_dict(self) -> dict[str, Any]:
        children_num = self.children_num

        file_id = self.file_id

        modification_time = self.modification_time

        name = self.name

        owner = self.owner

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "childrenNum": children_num,
                "fileId": file_id,
                "modificationTime": modification_time,
                "name": name,
                "owner": owner,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        children_num = d.pop("childrenNum")

        file_id = d.pop("fileId")

        modification_time = d.pop("modificationTime")

        name = d.pop("name")

        owner = d.pop("owner")

        directory = cls(
            children_num=children_num,
            file_id=file_id,
            modification_time=modification_time,
            name=name,
            owner=owner,
        )

        return directory
