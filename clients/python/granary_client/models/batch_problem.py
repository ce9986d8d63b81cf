from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="BatchProblem")


@_attrs_define
class BatchProblem:
    """
    Attributes:
        detail (str): What was wrong.
        request_id (str): Identifies the request in the server's log.
        status (int): The HTTP status.
        title (str): The kind of failure.
        type_ (str): Always about:blank: the status tells the kind of problem.
        exception (str | Unset): The name of the exception in HDFS.
        instance (str | Unset): The path that it was about.
    """

    detail: str
    request_id: str
    status: int
    title: str
    type_: str
    exception: str | Unset = UNSET
    instance: str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        detail = self.detail

        request_id = self.request_id

        status = self.status

        title = self.title

        type_ = self.type_

        exception = self.exception

        instance = self.instance

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "detail": detail,
                "requestId": request_id,
                "status": status,
                "title": title,
                "type": type_,
            }
        )
        if exception is not UNSET:
            field_dict["exception"] = exception
        if instance is not UNSET:
            field_dict["instance"] = instance

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        detail = d.pop("detail")

        request_id = d.pop("requestId")

        status = d.pop("status")

        title = d.pop("title")

        type_ = d.pop("type")

        exception = d.pop("exception", UNSET)

        instance = d.pop("instance", UNSET)

        batch_problem = cls(
            detail=detail,
            request_id=request_id,
            status=status,
            title=title,
            type_=type_,
            exception=exception,
            instance=instance,
        )

        return batch_problem
