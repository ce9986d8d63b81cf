from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="JobFailure")


@_attrs_define
class JobFailure:
    """
    Attributes:
        detail (str): What was wrong.
        exception (str): The name of the exception in HDFS.
        status (int): The HTTP status that a request would have got.
        title (str): The kind of failure.
        instance (str | Unset): The path that it was about.
    """

    detail: str
    exception: str
    status: int
    title: str
    instance: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        detail = self.detail

        exception = self.exception

        status = self.status

        title = self.title

        instance = self.instance

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "detail": detail,
                "exception": exception,
                "status": status,
                "title": title,
            }
        )
        if instance is not UNSET:
            field_dict["instance"] = instance

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        detail = d.pop("detail")

        exception = d.pop("exception")

        status = d.pop("status")

        title = d.pop("title")

        instance = d.pop("instance", UNSET)

        job_failure = cls(
            detail=detail,
            exception=exception,
            status=status,
            title=title,
            instance=instance,
        )

        job_failure.additional_properties = d
        return job_failure

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
