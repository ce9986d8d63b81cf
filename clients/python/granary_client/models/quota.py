from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="Quota")


@_attrs_define
class Quota:
    """
    Attributes:
        bytes_ (int): Bytes, times the replication of each file; 0 for non-members.
        bytes_limit (int): -1: no limit.
        names (int): Files and directories, including the project's own; 0 for non-members.
        names_limit (int): -1: no limit.
    """

    bytes_: int
    bytes_limit: int
    names: int
    names_limit: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        bytes_ = self.bytes_

        bytes_limit = self.bytes_limit

        names = self.names

        names_limit = self.names_limit

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "bytes": bytes_,
                "bytesLimit": bytes_limit,
                "names": names,
                "namesLimit": names_limit,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        bytes_ = d.pop("bytes")

        bytes_limit = d.pop("bytesLimit")

        names = d.pop("names")

        names_limit = d.pop("namesLimit")

        quota = cls(
            bytes_=bytes_,
            bytes_limit=bytes_limit,
            names=names,
            names_limit=names_limit,
        )

        quota.additional_properties = d
        return quota

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
