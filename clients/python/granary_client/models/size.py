from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="Size")


@_attrs_define
class Size:
    """
    Attributes:
        directories (int): Below it.
        directory (bool):
        files (int):
        length (int): Bytes.
        name (str):
        partial (bool): Not everything was counted: there is too much, or the caller may not list it.
        space_consumed (int): Bytes, replicas counted, as quotas count them.
    """

    directories: int
    directory: bool
    files: int
    length: int
    name: str
    partial: bool
    space_consumed: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        directories = self.directories

        directory = self.directory

        files = self.files

        length = self.length

        name = self.name

        partial = self.partial

        space_consumed = self.space_consumed

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "directories": directories,
                "directory": directory,
                "files": files,
                "length": length,
                "name": name,
                "partial": partial,
                "spaceConsumed": space_consumed,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        directories = d.pop("directories")

        directory = d.pop("directory")

        files = d.pop("files")

        length = d.pop("length")

        name = d.pop("name")

        partial = d.pop("partial")

        space_consumed = d.pop("spaceConsumed")

        size = cls(
            directories=directories,
            directory=directory,
            files=files,
            length=length,
            name=name,
            partial=partial,
            space_consumed=space_consumed,
        )

        size.additional_properties = d
        return size

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
