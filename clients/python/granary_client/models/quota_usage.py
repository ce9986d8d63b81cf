from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.quota_usage_type_quota import QuotaUsageTypeQuota


T = TypeVar("T", bound="QuotaUsage")


@_attrs_define
class QuotaUsage:
    """
    Attributes:
        file_and_directory_count (int): Names, including that of the requested directory.
        quota (int): How many names there may be; -1: no limit.
        space_consumed (int): Bytes, multiplied by the replication of the files.
        space_quota (int): Limit of spaceConsumed; -1: none.
        type_quota (QuotaUsageTypeQuota): For each storage type with a limit: quota and consumed.
    """

    file_and_directory_count: int
    quota: int
    space_consumed: int
    space_quota: int
    type_quota: QuotaUsageTypeQuota
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        file_and_directory_count = self.file_and_directory_count

        quota = self.quota

        space_consumed = self.space_consumed

        space_quota = self.space_quota

        type_quota = self.type_quota.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "fileAndDirectoryCount": file_and_directory_count,
                "quota": quota,
                "spaceConsumed": space_consumed,
                "spaceQuota": space_quota,
                "typeQuota": type_quota,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.quota_usage_type_quota import QuotaUsageTypeQuota  # noqa: PLC0415

        d = dict(src_dict)
        file_and_directory_count = d.pop("fileAndDirectoryCount")

        quota = d.pop("quota")

        space_consumed = d.pop("spaceConsumed")

        space_quota = d.pop("spaceQuota")

        type_quota = QuotaUsageTypeQuota.from_dict(d.pop("typeQuota"))

        quota_usage = cls(
            file_and_directory_count=file_and_directory_count,
            quota=quota,
            space_consumed=space_consumed,
            space_quota=space_quota,
            type_quota=type_quota,
        )

        quota_usage.additional_properties = d
        return quota_usage

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
