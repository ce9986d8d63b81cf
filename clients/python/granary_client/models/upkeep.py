from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="Upkeep")


@_attrs_define
class Upkeep:
    """
    Attributes:
        detached (int): Deleted directories whose content the reaper has yet to purge.
        jobs (int): That wait or run.
        leases (int): Files that are being written.
        uploads (int): Unfinished uploads in parts.
        oldest_detached (datetime.datetime | Unset):
    """

    detached: int
    jobs: int
    leases: int
    uploads: int
    oldest_detached: datetime.datetime | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        detached = self.detached

        jobs = self.jobs

        leases = self.leases

        uploads = self.uploads

        oldest_detached: str | Unset = UNSET
        if not isinstance(self.oldest_detached, Unset):
            oldest_detached = self.oldest_detached.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "detached": detached,
                "jobs": jobs,
                "leases": leases,
                "uploads": uploads,
            }
        )
        if oldest_detached is not UNSET:
            field_dict["oldestDetached"] = oldest_detached

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        detached = d.pop("detached")

        jobs = d.pop("jobs")

        leases = d.pop("leases")

        uploads = d.pop("uploads")

        _oldest_detached = d.pop("oldestDetached", UNSET)
        oldest_detached: datetime.datetime | Unset
        if isinstance(_oldest_detached, Unset):
            oldest_detached = UNSET
        else:
            oldest_detached = datetime.datetime.fromisoformat(_oldest_detached)

        upkeep = cls(
            detached=detached,
            jobs=jobs,
            leases=leases,
            uploads=uploads,
            oldest_detached=oldest_detached,
        )

        upkeep.additional_properties = d
        return upkeep

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
