from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.share_level import ShareLevel
from ..models.share_state import ShareState
from ..types import UNSET, Unset

T = TypeVar("T", bound="Share")


@_attrs_define
class Share:
    """
    Attributes:
        created (datetime.datetime):
        dataset (int): Its id.
        id (int):
        level (ShareLevel):
        name (str): The name of its directory.
        offered_by (str):
        project (str): The project of the dataset.
        state (ShareState):
        expires (datetime.datetime | Unset):
        mount (str | Unset): Where the recipients' project shows it.
        path (str | Unset): Where the dataset is; absent as long as the caller may not reach it.
        to_project (str | Unset): With which project it is.
        to_user (str | Unset): With which person it is.
    """

    created: datetime.datetime
    dataset: int
    id: int
    level: ShareLevel
    name: str
    offered_by: str
    project: str
    state: ShareState
    expires: datetime.datetime | Unset = UNSET
    mount: str | Unset = UNSET
    path: str | Unset = UNSET
    to_project: str | Unset = UNSET
    to_user: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        created = self.created.isoformat()

        dataset = self.dataset

        id = self.id

        level = self.level.value

        name = self.name

        offered_by = self.offered_by

        project = self.project

        state = self.state.value

        expires: str | Unset = UNSET
        if not isinstance(self.expires, Unset):
            expires = self.expires.isoformat()

        mount = self.mount

        path = self.path

        to_project = self.to_project

        to_user = self.to_user

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "created": created,
                "dataset": dataset,
                "id": id,
                "level": level,
                "name": name,
                "offeredBy": offered_by,
                "project": project,
                "state": state,
            }
        )
        if expires is not UNSET:
            field_dict["expires"] = expires
        if mount is not UNSET:
            field_dict["mount"] = mount
        if path is not UNSET:
            field_dict["path"] = path
        if to_project is not UNSET:
            field_dict["toProject"] = to_project
        if to_user is not UNSET:
            field_dict["toUser"] = to_user

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        created = datetime.datetime.fromisoformat(d.pop("created"))

        dataset = d.pop("dataset")

        id = d.pop("id")

        level = ShareLevel(d.pop("level"))

        name = d.pop("name")

        offered_by = d.pop("offeredBy")

        project = d.pop("project")

        state = ShareState(d.pop("state"))

        _expires = d.pop("expires", UNSET)
        expires: datetime.datetime | Unset
        if isinstance(_expires, Unset):
            expires = UNSET
        else:
            expires = datetime.datetime.fromisoformat(_expires)

        mount = d.pop("mount", UNSET)

        path = d.pop("path", UNSET)

        to_project = d.pop("toProject", UNSET)

        to_user = d.pop("toUser", UNSET)

        share = cls(
            created=created,
            dataset=dataset,
            id=id,
            level=level,
            name=name,
            offered_by=offered_by,
            project=project,
            state=state,
            expires=expires,
            mount=mount,
            path=path,
            to_project=to_project,
            to_user=to_user,
        )

        share.additional_properties = d
        return share

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
