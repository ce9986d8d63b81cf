from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

T = TypeVar("T", bound="RunTag")


@_attrs_define
class RunTag:
    """
    Attributes:
        runs (list[str]):
        tag (str):
    """

    runs: list[str]
    tag: str

    def to_dict(self) -> dict[str, Any]:
        runs = self.runs

        tag = self.tag

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "runs": runs,
                "tag": tag,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        runs = cast(list[str], d.pop("runs"))

        tag = d.pop("tag")

        run_tag = cls(
            runs=runs,
            tag=tag,
        )

        return run_tag
