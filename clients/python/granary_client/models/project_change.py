from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="ProjectChange")


@_attrs_define
class ProjectChange:
    """
    Attributes:
        archived (bool | Unset): An archived project can be read and not changed.
        bytes_limit (int | Unset): -1: no limit. Superusers set limits.
        description (str | Unset): At most 4096 bytes.
        listed (bool | Unset):
        names_limit (int | Unset): -1: no limit. Superusers set limits.
    """

    archived: bool | Unset = UNSET
    bytes_limit: int | Unset = UNSET
    description: str | Unset = UNSET
    listed: bool | Unset = UNSET
    names_limit: int | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        archived = self.archived

        bytes_limit = self.bytes_limit

        description = self.description

        listed = self.listed

        names_limit = self.names_limit

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if archived is not UNSET:
            field_dict["archived"] = archived
        if bytes_limit is not UNSET:
            field_dict["bytesLimit"] = bytes_limit
        if description is not UNSET:
            field_dict["description"] = description
        if listed is not UNSET:
            field_dict["listed"] = listed
        if names_limit is not UNSET:
            field_dict["namesLimit"] = names_limit

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        archived = d.pop("archived", UNSET)

        bytes_limit = d.pop("bytesLimit", UNSET)

        description = d.pop("description", UNSET)

        listed = d.pop("listed", UNSET)

        names_limit = d.pop("namesLimit", UNSET)

        project_change = cls(
            archived=archived,
            bytes_limit=bytes_limit,
            description=description,
            listed=listed,
            names_limit=names_limit,
        )

        return project_change
