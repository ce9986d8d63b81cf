from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.new_token_kind import NewTokenKind
from ..models.new_token_verbs_item import NewTokenVerbsItem
from ..types import UNSET, Unset

T = TypeVar("T", bound="NewToken")


@_attrs_define
class NewToken:
    """
    Attributes:
        expires_in (int | Unset): Lifetime in seconds. Without it, 90 days, or an hour for a JWT. It ends with the
            credential that requests it, unless that is a session.
        kind (NewTokenKind | Unset): personal, a secret that can always be revoked; or token, a JWT, which cannot be if
            it lives an hour or less. Without it, personal.
        label (str | Unset): What it is for: at most 200 bytes.
        path (str | Unset): Limit it to this directory of the project.
        project (str | Unset): Limit it to this project.
        service_account (str | Unset): For this service account of the project; the caller must be an owner of the
            project.
        verbs (list[NewTokenVerbsItem] | Unset): What it may be used for; without them, everything that the caller's own
            credential may be used for.
    """

    expires_in: int | Unset = UNSET
    kind: NewTokenKind | Unset = UNSET
    label: str | Unset = UNSET
    path: str | Unset = UNSET
    project: str | Unset = UNSET
    service_account: str | Unset = UNSET
    verbs: list[NewTokenVerbsItem] | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        expires_in = self.expires_in

        kind: str | Unset = UNSET
        if not isinstance(self.kind, Unset):
            kind = self.kind.value

        label = self.label

        path = self.path

        project = self.project

        service_account = self.service_account

        verbs: list[str] | Unset = UNSET
        if not isinstance(self.verbs, Unset):
            verbs = []
            for verbs_item_data in self.verbs:
                verbs_item = verbs_item_data.value
                verbs.append(verbs_item)

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if expires_in is not UNSET:
            field_dict["expiresIn"] = expires_in
        if kind is not UNSET:
            field_dict["kind"] = kind
        if label is not UNSET:
            field_dict["label"] = label
        if path is not UNSET:
            field_dict["path"] = path
        if project is not UNSET:
            field_dict["project"] = project
        if service_account is not UNSET:
            field_dict["serviceAccount"] = service_account
        if verbs is not UNSET:
            field_dict["verbs"] = verbs

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        expires_in = d.pop("expiresIn", UNSET)

        _kind = d.pop("kind", UNSET)
        kind: NewTokenKind | Unset
        if isinstance(_kind, Unset):
            kind = UNSET
        else:
            kind = NewTokenKind(_kind)

        label = d.pop("label", UNSET)

        path = d.pop("path", UNSET)

        project = d.pop("project", UNSET)

        service_account = d.pop("serviceAccount", UNSET)

        _verbs = d.pop("verbs", UNSET)
        verbs: list[NewTokenVerbsItem] | Unset = UNSET
        if _verbs is not UNSET:
            verbs = []
            for verbs_item_data in _verbs:
                verbs_item = NewTokenVerbsItem(verbs_item_data)

                verbs.append(verbs_item)

        new_token = cls(
            expires_in=expires_in,
            kind=kind,
            label=label,
            path=path,
            project=project,
            service_account=service_account,
            verbs=verbs,
        )

        return new_token
