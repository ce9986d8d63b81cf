from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.content_summary_type_quota import ContentSummaryTypeQuota


T = TypeVar("T", bound="ContentSummary")


@_attrs_define
class ContentSummary:
    """
    Attributes:
        directory_count (int): Directories, including the requested one.
        ec_policy (str): Empty for directories, Replicated for files.
        file_count (int): Files.
        length (int): Bytes of content.
        quota (int): How many names there may be; -1: no limit.
        snapshot_directory_count (int): Always 0.
        snapshot_file_count (int): Always 0.
        snapshot_length (int): Always 0.
        snapshot_space_consumed (int): Always 0.
        space_consumed (int): Bytes times the replication that the files report.
        space_quota (int): Limit of spaceConsumed; -1: none.
        type_quota (ContentSummaryTypeQuota): For each storage type with a limit: quota and consumed.
    """

    directory_count: int
    ec_policy: str
    file_count: int
    length: int
    quota: int
    snapshot_directory_count: int
    snapshot_file_count: int
    snapshot_length: int
    snapshot_space_consumed: int
    space_consumed: int
    space_quota: int
    type_quota: ContentSummaryTypeQuota
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        directory_count = self.directory_count

        ec_policy = self.ec_policy

        file_count = self.file_count

        length = self.length

        quota = self.quota

        snapshot_directory_count = self.snapshot_directory_count

        snapshot_file_count = self.snapshot_file_count

        snapshot_length = self.snapshot_length

        snapshot_space_consumed = self.snapshot_space_consumed

        space_consumed = self.space_consumed

        space_quota = self.space_quota

        type_quota = self.type_quota.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "directoryCount": directory_count,
                "ecPolicy": ec_policy,
                "fileCount": file_count,
                "length": length,
                "quota": quota,
                "snapshotDirectoryCount": snapshot_directory_count,
                "snapshotFileCount": snapshot_file_count,
                "snapshotLength": snapshot_length,
                "snapshotSpaceConsumed": snapshot_space_consumed,
                "spaceConsumed": space_consumed,
                "spaceQuota": space_quota,
                "typeQuota": type_quota,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.content_summary_type_quota import ContentSummaryTypeQuota  # noqa: PLC0415

        d = dict(src_dict)
        directory_count = d.pop("directoryCount")

        ec_policy = d.pop("ecPolicy")

        file_count = d.pop("fileCount")

        length = d.pop("length")

        quota = d.pop("quota")

        snapshot_directory_count = d.pop("snapshotDirectoryCount")

        snapshot_file_count = d.pop("snapshotFileCount")

        snapshot_length = d.pop("snapshotLength")

        snapshot_space_consumed = d.pop("snapshotSpaceConsumed")

        space_consumed = d.pop("spaceConsumed")

        space_quota = d.pop("spaceQuota")

        type_quota = ContentSummaryTypeQuota.from_dict(d.pop("typeQuota"))

        content_summary = cls(
            directory_count=directory_count,
            ec_policy=ec_policy,
            file_count=file_count,
            length=length,
            quota=quota,
            snapshot_directory_count=snapshot_directory_count,
            snapshot_file_count=snapshot_file_count,
            snapshot_length=snapshot_length,
            snapshot_space_consumed=snapshot_space_consumed,
            space_consumed=space_consumed,
            space_quota=space_quota,
            type_quota=type_quota,
        )

        content_summary.additional_properties = d
        return content_summary

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
