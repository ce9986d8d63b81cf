from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="MadeLink")


@_attrs_define
class MadeLink:
    """
    Attributes:
        created (datetime.datetime):
        expires (datetime.datetime):
        file_id (int): The file that it leads to, wherever it is moved. While that is in the trash, the link leads
            nowhere.
        id (UUID):
        label (str):
        locked (bool): It asks for a password.
        revoked (bool):
        url (str): Anybody who has it can read the file. It is not shown again.
        uses (int): How often it was followed.
        path (str | Unset): Where that file is now; absent if it is gone, or the caller may not reach it.
        used (datetime.datetime | Unset): When it was last followed. Absent: never.
    """

    created: datetime.datetime
    expires: datetime.datetime
    file_id: int
    id: UUID
    label: str
    locked: bool
    revoked: bool
    url: str = _attrs_field(repr=False)
    uses: int
    path: str | Unset = UNSET
    used: datetime.datetime | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        created = self.created.isoformat()

        expires = self.expires.isoformat()

        file_id = self.file_id

        id = str(self.id)

        label = self.label

        locked = self.locked

        revoked = self.revoked

        url = self.url

        uses = self.uses

        path = self.path

        used: str | Unset = UNSET
        if not isinstance(self.used, Unset):
            used = self.used.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "created": created,
                "expires": expires,
                "fileId": file_id,
                "id": id,
                "label": label,
                "locked": locked,
                "revoked": revoked,
                "url": url,
                "uses": uses,
            }
        )
        if path is not UNSET:
            field_dict["path"] = path
        if used is not UNSET:
            field_dict["used"] = used

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        created = datetime.datetime.fromisoformat(d.pop("created"))

        expires = datetime.datetime.fromisoformat(d.pop("expires"))

        file_id = d.pop("fileId")

        id = UUID(d.pop("id"))

        label = d.pop("label")

        locked = d.pop("locked")

        revoked = d.pop("revoked")

        url = d.pop("url")

        uses = d.pop("uses")

        path = d.pop("path", UNSET)

        _used = d.pop("used", UNSET)
        used: datetime.datetime | Unset
        if isinstance(_used, Unset):
            used = UNSET
        else:
            used = datetime.datetime.fromisoformat(_used)

        made_link = cls(
            created=created,
            expires=expires,
            file_id=file_id,
            id=id,
            label=label,
            locked=locked,
            revoked=revoked,
            url=url,
            uses=uses,
            path=path,
            used=used,
        )

        made_link.additional_properties = d
        return made_link

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
