from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.job_kind import JobKind
from ..models.job_state import JobState
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.job_failure import JobFailure


T = TypeVar("T", bound="Job")


@_attrs_define
class Job:
    """
    Attributes:
        bytes_ (int): What the files hold.
        bytes_done (int):
        created (datetime.datetime):
        files (int): How many entries are to be made or packed; while the job is still looking, how many were found so
            far.
        files_done (int):
        id (UUID):
        kind (JobKind):
        sources (list[str]):
        state (JobState): The last three are final.
        target (str):
        user (str): Who started it, and owns what it creates.
        ended (datetime.datetime | Unset): Absent: it has not ended.
        error (JobFailure | Unset):
        expires (datetime.datetime | Unset): When a job that has ended is forgotten.
        started (datetime.datetime | Unset): Absent: it is still waiting.
        waiting (JobFailure | Unset):
    """

    bytes_: int
    bytes_done: int
    created: datetime.datetime
    files: int
    files_done: int
    id: UUID
    kind: JobKind
    sources: list[str]
    state: JobState
    target: str
    user: str
    ended: datetime.datetime | Unset = UNSET
    error: JobFailure | Unset = UNSET
    expires: datetime.datetime | Unset = UNSET
    started: datetime.datetime | Unset = UNSET
    waiting: JobFailure | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        bytes_ = self.bytes_

        bytes_done = self.bytes_done

        created = self.created.isoformat()

        files = self.files

        files_done = self.files_done

        id = str(self.id)

        kind = self.kind.value

        sources = self.sources

        state = self.state.value

        target = self.target

        user = self.user

        ended: str | Unset = UNSET
        if not isinstance(self.ended, Unset):
            ended = self.ended.isoformat()

        error: dict[str, Any] | Unset = UNSET
        if not isinstance(self.error, Unset):
            error = self.error.to_dict()

        expires: str | Unset = UNSET
        if not isinstance(self.expires, Unset):
            expires = self.expires.isoformat()

        started: str | Unset = UNSET
        if not isinstance(self.started, Unset):
            started = self.started.isoformat()

        waiting: dict[str, Any] | Unset = UNSET
        if not isinstance(self.waiting, Unset):
            waiting = self.waiting.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "bytes": bytes_,
                "bytesDone": bytes_done,
                "created": created,
                "files": files,
                "filesDone": files_done,
                "id": id,
                "kind": kind,
                "sources": sources,
                "state": state,
                "target": target,
                "user": user,
            }
        )
        if ended is not UNSET:
            field_dict["ended"] = ended
        if error is not UNSET:
            field_dict["error"] = error
        if expires is not UNSET:
            field_dict["expires"] = expires
        if started is not UNSET:
            field_dict["started"] = started
        if waiting is not UNSET:
            field_dict["waiting"] = waiting

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.job_failure import JobFailure  # noqa: PLC0415

        d = dict(src_dict)
        bytes_ = d.pop("bytes")

        bytes_done = d.pop("bytesDone")

        created = datetime.datetime.fromisoformat(d.pop("created"))

        files = d.pop("files")

        files_done = d.pop("filesDone")

        id = UUID(d.pop("id"))

        kind = JobKind(d.pop("kind"))

        sources = cast(list[str], d.pop("sources"))

        state = JobState(d.pop("state"))

        target = d.pop("target")

        user = d.pop("user")

        _ended = d.pop("ended", UNSET)
        ended: datetime.datetime | Unset
        if isinstance(_ended, Unset):
            ended = UNSET
        else:
            ended = datetime.datetime.fromisoformat(_ended)

        _error = d.pop("error", UNSET)
        error: JobFailure | Unset
        if isinstance(_error, Unset):
            error = UNSET
        else:
            error = JobFailure.from_dict(_error)

        _expires = d.pop("expires", UNSET)
        expires: datetime.datetime | Unset
        if isinstance(_expires, Unset):
            expires = UNSET
        else:
            expires = datetime.datetime.fromisoformat(_expires)

        _started = d.pop("started", UNSET)
        started: datetime.datetime | Unset
        if isinstance(_started, Unset):
            started = UNSET
        else:
            started = datetime.datetime.fromisoformat(_started)

        _waiting = d.pop("waiting", UNSET)
        waiting: JobFailure | Unset
        if isinstance(_waiting, Unset):
            waiting = UNSET
        else:
            waiting = JobFailure.from_dict(_waiting)

        job = cls(
            bytes_=bytes_,
            bytes_done=bytes_done,
            created=created,
            files=files,
            files_done=files_done,
            id=id,
            kind=kind,
            sources=sources,
            state=state,
            target=target,
            user=user,
            ended=ended,
            error=error,
            expires=expires,
            started=started,
            waiting=waiting,
        )

        job.additional_properties = d
        return job

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
