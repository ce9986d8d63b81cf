from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="ServiceAccount")


@_attrs_define
class ServiceAccount:
    """
    Attributes:
        created (datetime.datetime):
        disabled (bool):
        name (str):
    """

    created: datetime.datetime
    disabled: bool
    name: str

    def to_dict(self) -> dict[str, Any]:
        created = self.created.isoformat()

        disabled = self.disabled

        name = self.name

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "created": created,
                "disabled": disabled,
                "name": name,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        created = datetime.datetime.fromisoformat(d.pop("created"))

        disabled = d.pop("disabled")

        name = d.pop("name")

        service_account = cls(
            created=created,
            disabled=disabled,
            name=name,
        )

        return service_account
