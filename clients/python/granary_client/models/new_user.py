from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="NewUser")


@_attrs_define
class NewUser:
    """
    Attributes:
        name (str): A name that no user has. Names that differ only in capitals, in 0 and O, or in 1, l and I, count as
            the same.
        admin (bool | Unset): Mark as a superuser.
        groups (list[str] | Unset):
        password (str | Unset): For signing in; without it, the user can sign in only at the OpenID provider.
    """

    name: str
    admin: bool | Unset = UNSET
    groups: list[str] | Unset = UNSET
    password: str | Unset = _attrs_field(default=UNSET, repr=False)

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        admin = self.admin

        groups: list[str] | Unset = UNSET
        if not isinstance(self.groups, Unset):
            groups = self.groups

        password = self.password

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "name": name,
            }
        )
        if admin is not UNSET:
            field_dict["admin"] = admin
        if groups is not UNSET:
            field_dict["groups"] = groups
        if password is not UNSET:
            field_dict["password"] = password

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        name = d.pop("name")

        admin = d.pop("admin", UNSET)

        groups = cast(list[str], d.pop("groups", UNSET))

        password = d.pop("password", UNSET)

        new_user = cls(
            name=name,
            admin=admin,
            groups=groups,
            password=password,
        )

        return new_user
