from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.blocks import Blocks


T = TypeVar("T", bound="StoreState")


@_attrs_define
class StoreState:
    """
    Attributes:
        capacity (int): Bytes in total.
        garbage (Blocks):
        live (Blocks):
        measured (bool): Whether its space could be measured.
        name (str):
        pending (Blocks):
        remaining (int): What may still be written.
        used (int): Bytes in use, including by other data on the same disk.
        fault (str | Unset): Why it should get no more blocks; absent if it is healthy.
    """

    capacity: int
    garbage: Blocks
    live: Blocks
    measured: bool
    name: str
    pending: Blocks
    remaining: int
    used: int
    fault: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        capacity = self.capacity

        garbage = self.garbage.to_dict()

        live = self.live.to_dict()

        measured = self.measured

        name = self.name

        pending = self.pending.to_dict()

        remaining = self.remaining

        used = self.used

        fault = self.fault

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "capacity": capacity,
                "garbage": garbage,
                "live": live,
                "measured": measured,
                "name": name,
                "pending": pending,
                "remaining": remaining,
                "used": used,
            }
        )
        if fault is not UNSET:
            field_dict["fault"] = fault

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.blocks import Blocks  # noqa: PLC0415

        d = dict(src_dict)
        capacity = d.pop("capacity")

        garbage = Blocks.from_dict(d.pop("garbage"))

        live = Blocks.from_dict(d.pop("live"))

        measured = d.pop("measured")

        name = d.pop("name")

        pending = Blocks.from_dict(d.pop("pending"))

        remaining = d.pop("remaining")

        used = d.pop("used")

        fault = d.pop("fault", UNSET)

        store_state = cls(
            capacity=capacity,
            garbage=garbage,
            live=live,
            measured=measured,
            name=name,
            pending=pending,
            remaining=remaining,
            used=used,
            fault=fault,
        )

        store_state.additional_properties = d
        return store_state

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
