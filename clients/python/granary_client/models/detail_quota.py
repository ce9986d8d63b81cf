from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.detail_quota_types import DetailQuotaTypes


T = TypeVar("T", bound="DetailQuota")


@_attrs_define
class DetailQuota:
    """
    Attributes:
        names (int):
        space (int):
        types (DetailQuotaTypes | Unset):
    """

    names: int
    space: int
    types: DetailQuotaTypes | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        names = self.names

        space = self.space

        types: dict[str, Any] | Unset = UNSET
        if not isinstance(self.types, Unset):
            types = self.types.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "names": names,
                "space": space,
            }
        )
        if types is not UNSET:
            field_dict["types"] = types

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.detail_quota_types import DetailQuotaTypes  # noqa: PLC0415

        d = dict(src_dict)
        names = d.pop("names")

        space = d.pop("space")

        _types = d.pop("types", UNSET)
        types: DetailQuotaTypes | Unset
        if isinstance(_types, Unset):
            types = UNSET
        else:
            types = DetailQuotaTypes.from_dict(_types)

        detail_quota = cls(
            names=names,
            space=space,
            types=types,
        )

        detail_quota.additional_properties = d
        return detail_quota

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
