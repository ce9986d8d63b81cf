from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.event_detail import EventDetail


T = TypeVar("T", bound="Event")


@_attrs_define
class Event:
    """
    Attributes:
        at (datetime.datetime):
        detail (EventDetail):
        file_id (int):
        op (str): What was done: create, append, mkdirs, rename, replace, delete, set permission, set owner, set ACL,
            set member, offer share and so on.
        path (str): Where it was, before a rename.
        seq (int): 1, 2, 3… in the project, without gaps and in the order in which things happened.
        user (str):
        operation (UUID | Unset): The request's Idempotency-Key.
        target (str | Unset): Where a rename put it.
    """

    at: datetime.datetime
    detail: EventDetail
    file_id: int
    op: str
    path: str
    seq: int
    user: str
    operation: UUID | Unset = UNSET
    target: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        at = self.at.isoformat()

        detail = self.detail.to_dict()

        file_id = self.file_id

        op = self.op

        path = self.path

        seq = self.seq

        user = self.user

        operation: str | Unset = UNSET
        if not isinstance(self.operation, Unset):
            operation = str(self.operation)

        target = self.target

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "at": at,
                "detail": detail,
                "fileId": file_id,
                "op": op,
                "path": path,
                "seq": seq,
                "user": user,
            }
        )
        if operation is not UNSET:
            field_dict["operation"] = operation
        if target is not UNSET:
            field_dict["target"] = target

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.event_detail import EventDetail  # noqa: PLC0415

        d = dict(src_dict)
        at = datetime.datetime.fromisoformat(d.pop("at"))

        detail = EventDetail.from_dict(d.pop("detail"))

        file_id = d.pop("fileId")

        op = d.pop("op")

        path = d.pop("path")

        seq = d.pop("seq")

        user = d.pop("user")

        _operation = d.pop("operation", UNSET)
        operation: UUID | Unset
        if isinstance(_operation, Unset):
            operation = UNSET
        else:
            operation = UUID(_operation)

        target = d.pop("target", UNSET)

        event = cls(
            at=at,
            detail=detail,
            file_id=file_id,
            op=op,
            path=path,
            seq=seq,
            user=user,
            operation=operation,
            target=target,
        )

        event.additional_properties = d
        return event

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
