from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.file_status import FileStatus


T = TypeVar("T", bound="FileStatuses")


@_attrs_define
class FileStatuses:
    """
    Attributes:
        file_status (list[FileStatus]):
    """

    file_status: list[FileStatus]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        file_status = []
        for file_status_item_data in self.file_status:
            file_status_item = file_status_item_data.to_dict()
            file_status.append(file_status_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "FileStatus": file_status,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.file_status import FileStatus  # noqa: PLC0415

        d = dict(src_dict)
        file_status = []
        _file_status = d.pop("FileStatus")
        for file_status_item_data in _file_status:
            file_status_item = FileStatus.from_dict(file_status_item_data)

            file_status.append(file_status_item)

        file_statuses = cls(
            file_status=file_status,
        )

        file_statuses.additional_properties = d
        return file_statuses

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
