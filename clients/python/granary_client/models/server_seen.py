from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="ServerSeen")


@_attrs_define
class ServerSeen:
    """
    Attributes:
        alive (bool):
        answering (bool): The one that was asked.
        id (str):
        seen (datetime.datetime):
    """

    alive: bool
    answering: bool
    id: str
    seen: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        alive = self.alive

        answering = self.answering

        id = self.id

        seen = self.seen.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "alive": alive,
                "answering": answering,
                "id": id,
                "seen": seen,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        alive = d.pop("alive")

        answering = d.pop("answering")

        id = d.pop("id")

        seen = datetime.datetime.fromisoformat(d.pop("seen"))

        server_seen = cls(
            alive=alive,
            answering=answering,
            id=id,
            seen=seen,
        )

        server_seen.additional_properties = d
        return server_seen

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
