from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

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

    def to_dict(self) -> dict[str, Any]:
        bytes_ = self.bytes_

        bytes_limit = self.bytes_limit

        names = self.names

        names_limit = self.names_limit

        field_dict: dict[str, Any] = {}

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

        return quota
