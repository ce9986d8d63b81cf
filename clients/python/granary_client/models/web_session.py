from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="WebSession")


@_attrs_define
class WebSession:
    """
    Attributes:
        address (str): Where it began.
        agent (str): The browser's User-Agent.
        created (datetime.datetime):
        current (bool): It is the session of this request.
        expires (datetime.datetime): It also ends when it was not used for two hours.
        id (UUID):
        revoked (bool):
        user (str):
        used (datetime.datetime | Unset): The last use, as of a minute ago. Absent: none yet.
    """

    address: str
    agent: str
    created: datetime.datetime
    current: bool
    expires: datetime.datetime
    id: UUID
    revoked: bool
    user: str
    used: datetime.datetime | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        address = self.address

        agent = self.agent

        created = self.created.isoformat()

        current = self.current

        expires = self.expires.isoformat()

        id = str(self.id)

        revoked = self.revoked

        user = self.user

        used: str | Unset = UNSET
        if not isinstance(self.used, Unset):
            used = self.used.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "address": address,
                "agent": agent,
                "created": created,
                "current": current,
                "expires": expires,
                "id": id,
                "revoked": revoked,
                "user": user,
            }
        )
        if used is not UNSET:
            field_dict["used"] = used

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        address = d.pop("address")

        agent = d.pop("agent")

        created = datetime.datetime.fromisoformat(d.pop("created"))

        current = d.pop("current")

        expires = datetime.datetime.fromisoformat(d.pop("expires"))

        id = UUID(d.pop("id"))

        revoked = d.pop("revoked")

        user = d.pop("user")

        _used = d.pop("used", UNSET)
        used: datetime.datetime | Unset
        if isinstance(_used, Unset):
            used = UNSET
        else:
            used = datetime.datetime.fromisoformat(_used)

        web_session = cls(
            address=address,
            agent=agent,
            created=created,
            current=current,
            expires=expires,
            id=id,
            revoked=revoked,
            user=user,
            used=used,
        )

        web_session.additional_properties = d
        return web_session

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
