from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="Access")


@_attrs_define
class Access:
    """
    Attributes:
        manages (bool): May change its mode, its ACL and its group.
        may (str): As in r-x.
        user (str): Empty for everyone else.
        through (str | Unset): What gives it, as in the steps of an explanation.
    """

    manages: bool
    may: str
    user: str
    through: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        manages = self.manages

        may = self.may

        user = self.user

        through = self.through

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "manages": manages,
                "may": may,
                "user": user,
            }
        )
        if through is not UNSET:
            field_dict["through"] = through

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        manages = d.pop("manages")

        may = d.pop("may")

        user = d.pop("user")

        through = d.pop("through", UNSET)

        access = cls(
            manages=manages,
            may=may,
            user=user,
            through=through,
        )

        access.additional_properties = d
        return access

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
