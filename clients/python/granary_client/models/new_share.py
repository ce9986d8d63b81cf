from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.new_share_level import NewShareLevel
from ..types import UNSET, Unset

T = TypeVar("T", bound="NewShare")


@_attrs_define
class NewShare:
    """
    Attributes:
        level (NewShareLevel): What the recipients may do, under the mask of each file; observers of their project never
            write.
        expires (datetime.datetime | Unset): When it ends by itself; without it, when somebody ends it.
        project (str | Unset): A project, one of whose owners accepts or rejects.
        user (str | Unset): A person, who accepts or rejects.
    """

    level: NewShareLevel
    expires: datetime.datetime | Unset = UNSET
    project: str | Unset = UNSET
    user: str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        level = self.level.value

        expires: str | Unset = UNSET
        if not isinstance(self.expires, Unset):
            expires = self.expires.isoformat()

        project = self.project

        user = self.user

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "level": level,
            }
        )
        if expires is not UNSET:
            field_dict["expires"] = expires
        if project is not UNSET:
            field_dict["project"] = project
        if user is not UNSET:
            field_dict["user"] = user

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        level = NewShareLevel(d.pop("level"))

        _expires = d.pop("expires", UNSET)
        expires: datetime.datetime | Unset
        if isinstance(_expires, Unset):
            expires = UNSET
        else:
            expires = datetime.datetime.fromisoformat(_expires)

        project = d.pop("project", UNSET)

        user = d.pop("user", UNSET)

        new_share = cls(
            level=level,
            expires=expires,
            project=project,
            user=user,
        )

        return new_share
