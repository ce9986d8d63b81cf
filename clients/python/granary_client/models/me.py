from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="Me")


@_attrs_define
class Me:
    """
    Attributes:
        groups (list[str]):
        home (str):
        name (str):
        superuser (bool):
        expires (datetime.datetime | Unset): When the credential ends; absent where names are believed.
        file_id (int | Unset): The directory that the credential is limited to; absent: none.
        project_id (int | Unset): The only project that the credential is valid for; absent: all.
        verbs (list[str] | Unset): What the credential may be used for; absent: everything.
    """

    groups: list[str]
    home: str
    name: str
    superuser: bool
    expires: datetime.datetime | Unset = UNSET
    file_id: int | Unset = UNSET
    project_id: int | Unset = UNSET
    verbs: list[str] | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        groups = self.groups

        home = self.home

        name = self.name

        superuser = self.superuser

        expires: str | Unset = UNSET
        if not isinstance(self.expires, Unset):
            expires = self.expires.isoformat()

        file_id = self.file_id

        project_id = self.project_id

        verbs: list[str] | Unset = UNSET
        if not isinstance(self.verbs, Unset):
            verbs = self.verbs

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "groups": groups,
                "home": home,
                "name": name,
                "superuser": superuser,
            }
        )
        if expires is not UNSET:
            field_dict["expires"] = expires
        if file_id is not UNSET:
            field_dict["fileId"] = file_id
        if project_id is not UNSET:
            field_dict["projectId"] = project_id
        if verbs is not UNSET:
            field_dict["verbs"] = verbs

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        groups = cast(list[str], d.pop("groups"))

        home = d.pop("home")

        name = d.pop("name")

        superuser = d.pop("superuser")

        _expires = d.pop("expires", UNSET)
        expires: datetime.datetime | Unset
        if isinstance(_expires, Unset):
            expires = UNSET
        else:
            expires = datetime.datetime.fromisoformat(_expires)

        file_id = d.pop("fileId", UNSET)

        project_id = d.pop("projectId", UNSET)

        verbs = cast(list[str], d.pop("verbs", UNSET))

        me = cls(
            groups=groups,
            home=home,
            name=name,
            superuser=superuser,
            expires=expires,
            file_id=file_id,
            project_id=project_id,
            verbs=verbs,
        )

        return me
