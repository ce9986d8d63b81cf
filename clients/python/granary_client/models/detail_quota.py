from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

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

    def to_dict(self) -> dict[str, Any]:
        names = self.names

        space = self.space

        types: dict[str, Any] | Unset = UNSET
        if not isinstance(self.types, Unset):
            types = self.types.to_dict()

        field_dict: dict[str, Any] = {}

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

        return detail_quota
