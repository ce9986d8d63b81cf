from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

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

    def to_dict(self) -> dict[str, Any]:
        allowed = self.allowed

        by = self.by

        file_id = self.file_id

        path = self.path

        wanted = self.wanted

        masked = self.masked

        field_dict: dict[str, Any] = {}

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

        return step
