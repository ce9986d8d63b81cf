from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.non_finite_value import NonFiniteValue

T = TypeVar("T", bound="NonFinite")


@_attrs_define
class NonFinite:
    """
    Attributes:
        index (int): In values, from 0 on.
        value (NonFiniteValue):
    """

    index: int
    value: NonFiniteValue

    def to_dict(self) -> dict[str, Any]:
        index = self.index

        value = self.value.value

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "index": index,
                "value": value,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        index = d.pop("index")

        value = NonFiniteValue(d.pop("value"))

        non_finite = cls(
            index=index,
            value=value,
        )

        return non_finite
