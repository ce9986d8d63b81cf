from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="FileChecksum")


@_attrs_define
class FileChecksum:
    """
    Attributes:
        algorithm (str): Such as MD5-of-0MD5-of-512CRC32C.
        bytes_ (str): Hexadecimal; the first `length` bytes count.
        length (int): Always 28.
    """

    algorithm: str
    bytes_: str
    length: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        algorithm = self.algorithm

        bytes_ = self.bytes_

        length = self.length

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "algorithm": algorithm,
                "bytes": bytes_,
                "length": length,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        algorithm = d.pop("algorithm")

        bytes_ = d.pop("bytes")

        length = d.pop("length")

        file_checksum = cls(
            algorithm=algorithm,
            bytes_=bytes_,
            length=length,
        )

        file_checksum.additional_properties = d
        return file_checksum

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
