from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.access_change import AccessChange
    from ..models.access_target import AccessTarget


T = TypeVar("T", bound="AccessChanges")


@_attrs_define
class AccessChanges:
    """
    Attributes:
        change (AccessChange):
        targets (list[AccessTarget]):
    """

    change: AccessChange
    targets: list[AccessTarget]

    def to_dict(self) -> dict[str, Any]:
        change = self.change.to_dict()

        targets = []
        for targets_item_data in self.targets:
            targets_item = targets_item_data.to_dict()
            targets.append(targets_item)

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "change": change,
                "targets": targets,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.access_change import AccessChange  # noqa: PLC0415
        from ..models.access_target import AccessTarget  # noqa: PLC0415

        d = dict(src_dict)
        change = AccessChange.from_dict(d.pop("change"))

        targets = []
        _targets = d.pop("targets")
        for targets_item_data in _targets:
            targets_item = AccessTarget.from_dict(targets_item_data)

            targets.append(targets_item)

        access_changes = cls(
            change=change,
            targets=targets,
        )

        return access_changes
