from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.access_change import AccessChange


T = TypeVar("T", bound="AccessTrial")


@_attrs_define
class AccessTrial:
    """
    Attributes:
        change (AccessChange):
        path (str):
    """

    change: AccessChange
    path: str

    def to_dict(self) -> dict[str, Any]:
        change = self.change.to_dict()

        path = self.path

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "change": change,
                "path": path,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.access_change import AccessChange  # noqa: PLC0415

        d = dict(src_dict)
        change = AccessChange.from_dict(d.pop("change"))

        path = d.pop("path")

        access_trial = cls(
            change=change,
            path=path,
        )

        return access_trial
