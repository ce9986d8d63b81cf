from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

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
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

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
        field_dict.update(self.additional_properties)
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

        me.additional_properties = d
        return me

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
