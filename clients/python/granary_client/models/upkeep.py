from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

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

    def to_dict(self) -> dict[str, Any]:
        detached = self.detached

        jobs = self.jobs

        leases = self.leases

        uploads = self.uploads

        oldest_detached: str | Unset = UNSET
        if not isinstance(self.oldest_detached, Unset):
            oldest_detached = self.oldest_detached.isoformat()

        field_dict: dict[str, Any] = {}

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

        return upkeep
