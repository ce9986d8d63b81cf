from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.trash_root import TrashRoot


T = TypeVar("T", bound="GetTrashRootsResponse200")


@_attrs_define
class GetTrashRootsResponse200:
    """
    Attributes:
        paths (list[TrashRoot] | None):
    """

    paths: list[TrashRoot] | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        paths: list[dict[str, Any]] | None
        if isinstance(self.paths, list):
            paths = []
            for paths_type_0_item_data in self.paths:
                paths_type_0_item = paths_type_0_item_data.to_dict()
                paths.append(paths_type_0_item)

        else:
            paths = self.paths

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "Paths": paths,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.trash_root import TrashRoot  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_paths(data: object) -> list[TrashRoot] | None:
            if data is None:
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                paths_type_0 = []
                _paths_type_0 = data
                for paths_type_0_item_data in _paths_type_0:
                    paths_type_0_item = TrashRoot.from_dict(paths_type_0_item_data)

                    paths_type_0.append(paths_type_0_item)

                return paths_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[TrashRoot] | None, data)

        paths = _parse_paths(d.pop("Paths"))

        get_trash_roots_response_200 = cls(
            paths=paths,
        )

        get_trash_roots_response_200.additional_properties = d
        return get_trash_roots_response_200

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
