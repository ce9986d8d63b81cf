from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.audit_entry_credential_kind import AuditEntryCredentialKind
from ..models.audit_entry_outcome import AuditEntryOutcome
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.event_detail import EventDetail


T = TypeVar("T", bound="AuditEntry")


@_attrs_define
class AuditEntry:
    """
    Attributes:
        at (datetime.datetime):
        detail (EventDetail):
        file_id (int):
        op (str): What was done: create, append, mkdirs, rename, replace, delete, set permission, set owner, set ACL,
            set member, offer share and so on.
        outcome (AuditEntryOutcome): changed: a change; allowed: a read; denied: a refusal; lost: accesses that a server
            could not record.
        path (str): Where it was, before a rename.
        seq (int): 1, 2, 3… in the project, without gaps and in the order in which things happened.
        user (str):
        client (str | Unset): The host that it came from; absent for the server itself.
        credential (str | Unset): The id of the token; absent for a believed name, and for the server itself.
        credential_kind (AuditEntryCredentialKind | Unset): The kind of credential: a session is a browser's. Absent: a
            token with a life of an hour or less, or one that ended long ago.
        credential_label (str | Unset): What its user called it; for that user and for superusers.
        lost (int | Unset): How many.
        operation (UUID | Unset): The request's Idempotency-Key.
        project (str | Unset): Absent outside of projects, and for a project that is gone.
        reason (str | Unset): The message to the user who was refused.
        target (str | Unset): Where a rename put it.
    """

    at: datetime.datetime
    detail: EventDetail
    file_id: int
    op: str
    outcome: AuditEntryOutcome
    path: str
    seq: int
    user: str
    client: str | Unset = UNSET
    credential: str | Unset = UNSET
    credential_kind: AuditEntryCredentialKind | Unset = UNSET
    credential_label: str | Unset = UNSET
    lost: int | Unset = UNSET
    operation: UUID | Unset = UNSET
    project: str | Unset = UNSET
    reason: str | Unset = UNSET
    target: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        at = self.at.isoformat()

        detail = self.detail.to_dict()

        file_id = self.file_id

        op = self.op

        outcome = self.outcome.value

        path = self.path

        seq = self.seq

        user = self.user

        client = self.client

        credential = self.credential

        credential_kind: str | Unset = UNSET
        if not isinstance(self.credential_kind, Unset):
            credential_kind = self.credential_kind.value

        credential_label = self.credential_label

        lost = self.lost

        operation: str | Unset = UNSET
        if not isinstance(self.operation, Unset):
            operation = str(self.operation)

        project = self.project

        reason = self.reason

        target = self.target

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "at": at,
                "detail": detail,
                "fileId": file_id,
                "op": op,
                "outcome": outcome,
                "path": path,
                "seq": seq,
                "user": user,
            }
        )
        if client is not UNSET:
            field_dict["client"] = client
        if credential is not UNSET:
            field_dict["credential"] = credential
        if credential_kind is not UNSET:
            field_dict["credentialKind"] = credential_kind
        if credential_label is not UNSET:
            field_dict["credentialLabel"] = credential_label
        if lost is not UNSET:
            field_dict["lost"] = lost
        if operation is not UNSET:
            field_dict["operation"] = operation
        if project is not UNSET:
            field_dict["project"] = project
        if reason is not UNSET:
            field_dict["reason"] = reason
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

        outcome = AuditEntryOutcome(d.pop("outcome"))

        path = d.pop("path")

        seq = d.pop("seq")

        user = d.pop("user")

        client = d.pop("client", UNSET)

        credential = d.pop("credential", UNSET)

        _credential_kind = d.pop("credentialKind", UNSET)
        credential_kind: AuditEntryCredentialKind | Unset
        if isinstance(_credential_kind, Unset):
            credential_kind = UNSET
        else:
            credential_kind = AuditEntryCredentialKind(_credential_kind)

        credential_label = d.pop("credentialLabel", UNSET)

        lost = d.pop("lost", UNSET)

        _operation = d.pop("operation", UNSET)
        operation: UUID | Unset
        if isinstance(_operation, Unset):
            operation = UNSET
        else:
            operation = UUID(_operation)

        project = d.pop("project", UNSET)

        reason = d.pop("reason", UNSET)

        target = d.pop("target", UNSET)

        audit_entry = cls(
            at=at,
            detail=detail,
            file_id=file_id,
            op=op,
            outcome=outcome,
            path=path,
            seq=seq,
            user=user,
            client=client,
            credential=credential,
            credential_kind=credential_kind,
            credential_label=credential_label,
            lost=lost,
            operation=operation,
            project=project,
            reason=reason,
            target=target,
        )

        audit_entry.additional_properties = d
        return audit_entry

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
