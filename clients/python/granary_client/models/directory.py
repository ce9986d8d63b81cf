from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

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
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        children_num = self.children_num

        file_id = self.file_id

        modification_time = self.modification_time

        name = self.name

        owner = self.owner

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
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

        directory.additional_properties = d
        return directory

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
