from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="User")


@_attrs_define
class User:
    """
    Attributes:
        admin (bool): Marked as a superuser.
        created (datetime.datetime):
        disabled (bool): All requests of the user are refused.
        groups (list[str]): The first is the primary one.
        mapped_groups (list[str]): Groups from the OpenID provider at which the user last signed in.
        name (str):
        password (bool): May sign in with a password.
        service (bool): A service account, for its project's owners to change.
        superuser (bool): Whether the user is a superuser: by the flag, by a group, or by the server's settings.
    """

    admin: bool
    created: datetime.datetime
    disabled: bool
    groups: list[str]
    mapped_groups: list[str]
    name: str
    password: bool
    service: bool
    superuser: bool
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        admin = self.admin

        created = self.created.isoformat()

        disabled = self.disabled

        groups = self.groups

        mapped_groups = self.mapped_groups

        name = self.name

        password = self.password

        service = self.service

        superuser = self.superuser

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "admin": admin,
                "created": created,
                "disabled": disabled,
                "groups": groups,
                "mappedGroups": mapped_groups,
                "name": name,
                "password": password,
                "service": service,
                "superuser": superuser,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        admin = d.pop("admin")

        created = datetime.datetime.fromisoformat(d.pop("created"))

        disabled = d.pop("disabled")

        groups = cast(list[str], d.pop("groups"))

        mapped_groups = cast(list[str], d.pop("mappedGroups"))

        name = d.pop("name")

        password = d.pop("password")

        service = d.pop("service")

        superuser = d.pop("superuser")

        user = cls(
            admin=admin,
            created=created,
            disabled=disabled,
            groups=groups,
            mapped_groups=mapped_groups,
            name=name,
            password=password,
            service=service,
            superuser=superuser,
        )

        user.additional_properties = d
        return user

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
