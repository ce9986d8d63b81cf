from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.token_kind import TokenKind
from ..models.token_verbs_item import TokenVerbsItem
from ..types import UNSET, Unset

T = TypeVar("T", bound="Token")


@_attrs_define
class Token:
    """
    Attributes:
        created (datetime.datetime):
        expires (datetime.datetime):
        id (UUID):
        kind (TokenKind): token: a JWT; delegation: a JWT that Hadoop's clients got for their jobs; personal: a secret
            that begins with gr_.
        label (str):
        revoked (bool):
        user (str):
        file_id (int | Unset): The directory that it is limited to, wherever that is moved; absent: none.
        path (str | Unset): Where that directory is now; absent if it is gone, or the caller may not reach it.
        project (str | Unset): The project's current name; absent if it is gone, or the caller may not know of it.
        project_id (int | Unset): The only project that it is valid for; absent: all.
        used (datetime.datetime | Unset): The last use, up to a minute late; a server that is killed loses the uses of
            its last minute. Absent: not used yet.
        verbs (list[TokenVerbsItem] | Unset): What it may be used for; absent: everything. write includes add.
    """

    created: datetime.datetime
    expires: datetime.datetime
    id: UUID
    kind: TokenKind
    label: str
    revoked: bool
    user: str
    file_id: int | Unset = UNSET
    path: str | Unset = UNSET
    project: str | Unset = UNSET
    project_id: int | Unset = UNSET
    used: datetime.datetime | Unset = UNSET
    verbs: list[TokenVerbsItem] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        created = self.created.isoformat()

        expires = self.expires.isoformat()

        id = str(self.id)

        kind = self.kind.value

        label = self.label

        revoked = self.revoked

        user = self.user

        file_id = self.file_id

        path = self.path

        project = self.project

        project_id = self.project_id

        used: str | Unset = UNSET
        if not isinstance(self.used, Unset):
            used = self.used.isoformat()

        verbs: list[str] | Unset = UNSET
        if not isinstance(self.verbs, Unset):
            verbs = []
            for verbs_item_data in self.verbs:
                verbs_item = verbs_item_data.value
                verbs.append(verbs_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "created": created,
                "expires": expires,
                "id": id,
                "kind": kind,
                "label": label,
                "revoked": revoked,
                "user": user,
            }
        )
        if file_id is not UNSET:
            field_dict["fileId"] = file_id
        if path is not UNSET:
            field_dict["path"] = path
        if project is not UNSET:
            field_dict["project"] = project
        if project_id is not UNSET:
            field_dict["projectId"] = project_id
        if used is not UNSET:
            field_dict["used"] = used
        if verbs is not UNSET:
            field_dict["verbs"] = verbs

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        created = datetime.datetime.fromisoformat(d.pop("created"))

        expires = datetime.datetime.fromisoformat(d.pop("expires"))

        id = UUID(d.pop("id"))

        kind = TokenKind(d.pop("kind"))

        label = d.pop("label")

        revoked = d.pop("revoked")

        user = d.pop("user")

        file_id = d.pop("fileId", UNSET)

        path = d.pop("path", UNSET)

        project = d.pop("project", UNSET)

        project_id = d.pop("projectId", UNSET)

        _used = d.pop("used", UNSET)
        used: datetime.datetime | Unset
        if isinstance(_used, Unset):
            used = UNSET
        else:
            used = datetime.datetime.fromisoformat(_used)

        _verbs = d.pop("verbs", UNSET)
        verbs: list[TokenVerbsItem] | Unset = UNSET
        if _verbs is not UNSET:
            verbs = []
            for verbs_item_data in _verbs:
                verbs_item = TokenVerbsItem(verbs_item_data)

                verbs.append(verbs_item)

        token = cls(
            created=created,
            expires=expires,
            id=id,
            kind=kind,
            label=label,
            revoked=revoked,
            user=user,
            file_id=file_id,
            path=path,
            project=project,
            project_id=project_id,
            used=used,
            verbs=verbs,
        )

        token.additional_properties = d
        return token

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
