from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="HasRuns")


@_attrs_define
class HasRuns:
    """
    Attributes:
        partial (bool): None was found, and not everything was looked at.
        runs (bool):
    """

    partial: bool
    runs: bool

    def to_dict(self) -> dict[str, Any]:
        partial = self.partial

        runs = self.runs

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "partial": partial,
                "runs": runs,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        partial = d.pop("partial")

        runs = d.pop("runs")

        has_runs = cls(
            partial=partial,
            runs=runs,
        )

        return has_runs
