from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="Step")


@_attrs_define
class Step:
    """
    Attributes:
        allowed (bool):
        by (str): What decided: superuser; role:owner or role:observer; owner, that of the inode; group, its owning
            group; user:NAME or group:NAME, an entry of its ACL; share:ID; public; other; or way to a share. Refusals can
            also come from the sticky bit; token, its limits; archived, the state of the project; or shown, for what shows a
            share.
        file_id (int):
        path (str):
        wanted (str): The rights that were needed there, as in r-x.
        masked (bool | Unset): An ACL entry would allow it if the mask did not prevent it.
    """

    allowed: bool
    by: str
    file_id: int
    path: str
    wanted: str
    masked: bool | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        allowed = self.allowed

        by = self.by

        file_id = self.file_id

        path = self.path

        wanted = self.wanted

        masked = self.masked

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "allowed": allowed,
                "by": by,
                "fileId": file_id,
                "path": path,
                "wanted": wanted,
            }
        )
        if masked is not UNSET:
            field_dict["masked"] = masked

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        allowed = d.pop("allowed")

        by = d.pop("by")

        file_id = d.pop("fileId")

        path = d.pop("path")

        wanted = d.pop("wanted")

        masked = d.pop("masked", UNSET)

        step = cls(
            allowed=allowed,
            by=by,
            file_id=file_id,
            path=path,
            wanted=wanted,
            masked=masked,
        )

        step.additional_properties = d
        return step

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
