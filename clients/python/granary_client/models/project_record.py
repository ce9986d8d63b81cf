from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.project_record_role import ProjectRecordRole
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.quota import Quota


T = TypeVar("T", bound="ProjectRecord")


@_attrs_define
class ProjectRecord:
    """
    Attributes:
        archived (bool): Nothing in it can be changed.
        counted (bool): Its usage is tracked, because it has a limit. Otherwise quota is 0, and getProject counts.
        created (datetime.datetime):
        description (str):
        listed (bool): Anybody may find it and ask to be let in.
        name (str):
        owners (list[str]): By name.
        path (str): Where its files are.
        gone_after (datetime.datetime | Unset): For a deleted project: when the trash may delete it for good.
        quota (Quota | Unset):
        role (ProjectRecordRole | Unset): The caller's; absent if the caller is no member.
    """

    archived: bool
    counted: bool
    created: datetime.datetime
    description: str
    listed: bool
    name: str
    owners: list[str]
    path: str
    gone_after: datetime.datetime | Unset = UNSET
    quota: Quota | Unset = UNSET
    role: ProjectRecordRole | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        archived = self.archived

        counted = self.counted

        created = self.created.isoformat()

        description = self.description

        listed = self.listed

        name = self.name

        owners = self.owners

        path = self.path

        gone_after: str | Unset = UNSET
        if not isinstance(self.gone_after, Unset):
            gone_after = self.gone_after.isoformat()

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
                "counted": counted,
                "created": created,
                "description": description,
                "listed": listed,
                "name": name,
                "owners": owners,
                "path": path,
            }
        )
        if gone_after is not UNSET:
            field_dict["goneAfter"] = gone_after
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

        counted = d.pop("counted")

        created = datetime.datetime.fromisoformat(d.pop("created"))

        description = d.pop("description")

        listed = d.pop("listed")

        name = d.pop("name")

        owners = cast(list[str], d.pop("owners"))

        path = d.pop("path")

        _gone_after = d.pop("goneAfter", UNSET)
        gone_after: datetime.datetime | Unset
        if isinstance(_gone_after, Unset):
            gone_after = UNSET
        else:
            gone_after = datetime.datetime.fromisoformat(_gone_after)

        _quota = d.pop("quota", UNSET)
        quota: Quota | Unset
        if isinstance(_quota, Unset):
            quota = UNSET
        else:
            quota = Quota.from_dict(_quota)

        _role = d.pop("role", UNSET)
        role: ProjectRecordRole | Unset
        if isinstance(_role, Unset):
            role = UNSET
        else:
            role = ProjectRecordRole(_role)

        project_record = cls(
            archived=archived,
            counted=counted,
            created=created,
            description=description,
            listed=listed,
            name=name,
            owners=owners,
            path=path,
            gone_after=gone_after,
            quota=quota,
            role=role,
        )

        project_record.additional_properties = d
        return project_record

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
