from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.project_role import ProjectRole
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.quota import Quota


T = TypeVar("T", bound="Project")


@_attrs_define
class Project:
    """
    Attributes:
        archived (bool): Nothing in it can be changed.
        created (datetime.datetime):
        description (str):
        listed (bool): Anybody may find it and ask to be let in.
        name (str):
        path (str): Where its files are.
        quota (Quota | Unset):
        role (ProjectRole | Unset): The caller's; absent if the caller is no member.
    """

    archived: bool
    created: datetime.datetime
    description: str
    listed: bool
    name: str
    path: str
    quota: Quota | Unset = UNSET
    role: ProjectRole | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        archived = self.archived

        created = self.created.isoformat()

        description = self.description

        listed = self.listed

        name = self.name

        path = self.path

        quota: dict[str, Any] | Unset = UNSET
        if not isinstance(self.quota, Unset):
            quota = self.quota.to_dict()

        role: str | Unset = UNSET
        if not isinstance(self.role, Unset):
            role = self.role.value

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "archived": archived,
                "created": created,
                "description": description,
                "listed": listed,
                "name": name,
                "path": path,
            }
        )
        if quota is not UNSET:
            field_dict["quota"] = quota
        if role is not UNSET:
            field_dict["role"] = role

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.quota import Quota  # noqa: PLC0415

        d = dict(src_dict)
        archived = d.pop("archived")

        created = datetime.datetime.fromisoformat(d.pop("created"))

        description = d.pop("description")

        listed = d.pop("listed")

        name = d.pop("name")

        path = d.pop("path")

        _quota = d.pop("quota", UNSET)
        quota: Quota | Unset
        if isinstance(_quota, Unset):
            quota = UNSET
        else:
            quota = Quota.from_dict(_quota)

        _role = d.pop("role", UNSET)
        role: ProjectRole | Unset
        if isinstance(_role, Unset):
            role = UNSET
        else:
            role = ProjectRole(_role)

        project = cls(
            archived=archived,
            created=created,
            description=description,
            listed=listed,
            name=name,
            path=path,
            quota=quota,
            role=role,
        )

        project.additional_properties = d
        return project

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
