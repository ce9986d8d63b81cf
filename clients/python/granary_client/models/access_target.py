from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="AccessTarget")


@_attrs_define
class AccessTarget:
    """
    Attributes:
        path (str):
        tag (str | Unset): The tag that the caller has seen: if the path has another one now, it is not changed. Without
            it, the path is changed in any case.
    """

    path: str
    tag: str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        path = self.path

        tag = self.tag

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "path": path,
            }
        )
        if tag is not UNSET:
            field_dict["tag"] = tag

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        path = d.pop("path")

        tag = d.pop("tag", UNSET)

        access_target = cls(
            path=path,
            tag=tag,
        )

        return access_target
