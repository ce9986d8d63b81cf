from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define

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

        return web_session
