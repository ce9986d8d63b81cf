from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="NewLink")


@_attrs_define
class NewLink:
    """
    Attributes:
        path (str): The file.
        expires_in (int | Unset): Lifetime in seconds. Without it, a day. It ends with the credential that requests it,
            unless that is a session.
        label (str | Unset): What it is for: at most 200 bytes.
        password (str | Unset): Required from anybody who follows the link: at least 8 characters.
    """

    path: str
    expires_in: int | Unset = UNSET
    label: str | Unset = UNSET
    password: str | Unset = _attrs_field(default=UNSET, repr=False)

    def to_dict(self) -> dict[str, Any]:
        path = self.path

        expires_in = self.expires_in

        label = self.label

        password = self.password

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "path": path,
            }
        )
        if expires_in is not UNSET:
            field_dict["expiresIn"] = expires_in
        if label is not UNSET:
            field_dict["label"] = label
        if password is not UNSET:
            field_dict["password"] = password

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        path = d.pop("path")

        expires_in = d.pop("expiresIn", UNSET)

        label = d.pop("label", UNSET)

        password = d.pop("password", UNSET)

        new_link = cls(
            path=path,
            expires_in=expires_in,
            label=label,
            password=password,
        )

        return new_link
