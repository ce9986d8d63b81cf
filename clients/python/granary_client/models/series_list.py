from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.series import Series


T = TypeVar("T", bound="SeriesList")


@_attrs_define
class SeriesList:
    """
    Attributes:
        partial (bool): As in the list of runs.
        series (list[Series]): The runs that have the tag, in the byte order of their names.
    """

    partial: bool
    series: list[Series]

    def to_dict(self) -> dict[str, Any]:
        partial = self.partial

        series = []
        for series_item_data in self.series:
            series_item = series_item_data.to_dict()
            series.append(series_item)

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "partial": partial,
                "series": series,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.series import Series  # noqa: PLC0415

        d = dict(src_dict)
        partial = d.pop("partial")

        series = []
        _series = d.pop("series")
        for series_item_data in _series:
            series_item = Series.from_dict(series_item_data)

            series.append(series_item)

        series_list = cls(
            partial=partial,
            series=series,
        )

        return series_list
