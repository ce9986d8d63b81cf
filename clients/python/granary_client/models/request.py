from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="Request")


@_attrs_define
class Request:
    """
    Attributes:
        created (datetime.datetime):
        id (int):
        message (str):
        project (str):
        user (str):
        dataset (int | Unset): Its id; absent if membership is asked for.
    """

    created: datetime.datetime
    id: int
    message: str
    project: str
    user: str
    dataset: int | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        created = self.created.isoformat()

        id = self.id

        message = self.message

        project = self.project

        user = self.user

        dataset = self.dataset

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "created": created,
                "id": id,
                "message": message,
                "project": project,
                "user": user,
            }
        )
        if dataset is not UNSET:
            field_dict["dataset"] = dataset

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        created = datetime.datetime.fromisoformat(d.pop("created"))

        id = d.pop("id")

        message = d.pop("message")

        project = d.pop("project")

        user = d.pop("user")

        dataset = d.pop("dataset", UNSET)

        request = cls(
            created=created,
            id=id,
            message=message,
            project=project,
            user=user,
            dataset=dataset,
        )

        return request
