from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.non_finite import NonFinite


T = TypeVar("T", bound="Series")


@_attrs_define
class Series:
    """
    Attributes:
        count (int): Points that the run has; about that many if thinned.
        run (str):
        state (str): Of the run, see listRuns.
        steps (list[int]):
        thinned (bool): There are more than about 100,000 points, or a million in all series of an event file, and the
            answer is chosen from their extremes. The export has all points.
        values (list[float | None]): null: not finite, which JSON has no number for.
        wall_times (list[float]): When they were written, in seconds since 1970, according to the writer.
        non_finite (list[NonFinite] | Unset): What the values are that are null.
    """

    count: int
    run: str
    state: str
    steps: list[int]
    thinned: bool
    values: list[float | None]
    wall_times: list[float]
    non_finite: list[NonFinite] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        count = self.count

        run = self.run

        state = self.state

        steps = self.steps

        thinned = self.thinned

        values = []
        for values_item_data in self.values:
            values_item: float | None
            values_item = values_item_data
            values.append(values_item)

        wall_times = self.wall_times

        non_finite: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.non_finite, Unset):
            non_finite = []
            for non_finite_item_data in self.non_finite:
                non_finite_item = non_finite_item_data.to_dict()
                non_finite.append(non_finite_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "count": count,
                "run": run,
                "state": state,
                "steps": steps,
                "thinned": thinned,
                "values": values,
                "wallTimes": wall_times,
            }
        )
        if non_finite is not UNSET:
            field_dict["nonFinite"] = non_finite

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.non_finite import NonFinite  # noqa: PLC0415

        d = dict(src_dict)
        count = d.pop("count")

        run = d.pop("run")

        state = d.pop("state")

        steps = cast(list[int], d.pop("steps"))

        thinned = d.pop("thinned")

        values = []
        _values = d.pop("values")
        for values_item_data in _values:

            def _parse_values_item(data: object) -> float | None:
                if data is None:
                    return data
                return cast(float | None, data)

            values_item = _parse_values_item(values_item_data)

            values.append(values_item)

        wall_times = cast(list[float], d.pop("wallTimes"))

        _non_finite = d.pop("nonFinite", UNSET)
        non_finite: list[NonFinite] | Unset = UNSET
        if _non_finite is not UNSET:
            non_finite = []
            for non_finite_item_data in _non_finite:
                non_finite_item = NonFinite.from_dict(non_finite_item_data)

                non_finite.append(non_finite_item)

        series = cls(
            count=count,
            run=run,
            state=state,
            steps=steps,
            thinned=thinned,
            values=values,
            wall_times=wall_times,
            non_finite=non_finite,
        )

        series.additional_properties = d
        return series

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
