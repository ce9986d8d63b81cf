from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

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

    def to_dict(self) -> dict[str, Any]:
        alive = self.alive

        answering = self.answering

        id = self.id

        seen = self.seen.isoformat()

        field_dict: dict[str, Any] = {}

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

        return server_seen
