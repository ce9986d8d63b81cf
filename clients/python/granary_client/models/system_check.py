from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="SystemCheck")


@_attrs_define
class SystemCheck:
    """
    Attributes:
        name (str):
        fault (str | Unset): What is wrong; absent if it is healthy.
    """

    name: str
    fault: str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        fault = self.fault

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "name": name,
            }
        )
        if fault is not UNSET:
            field_dict["fault"] = fault

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        name = d.pop("name")

        fault = d.pop("fault", UNSET)

        system_check = cls(
            name=name,
            fault=fault,
        )

        return system_check
