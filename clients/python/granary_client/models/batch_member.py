from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.batch_problem import BatchProblem


T = TypeVar("T", bound="BatchMember")


@_attrs_define
class BatchMember:
    """
    Attributes:
        name (str): As in the archive; of a very long one, only the beginning.
        status (int): 201: the file is written, 200: the directory is there, else the status that a request for it alone
            would have got.
        etag (str | Unset): Of a file that is written.
        file_id (int | Unset): Of a file that is written.
        path (str | Unset): Where it is; absent if no path could be made for it.
        problem (BatchProblem | Unset):
    """

    name: str
    status: int
    etag: str | Unset = UNSET
    file_id: int | Unset = UNSET
    path: str | Unset = UNSET
    problem: BatchProblem | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        status = self.status

        etag = self.etag

        file_id = self.file_id

        path = self.path

        problem: dict[str, Any] | Unset = UNSET
        if not isinstance(self.problem, Unset):
            problem = self.problem.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "name": name,
                "status": status,
            }
        )
        if etag is not UNSET:
            field_dict["etag"] = etag
        if file_id is not UNSET:
            field_dict["fileId"] = file_id
        if path is not UNSET:
            field_dict["path"] = path
        if problem is not UNSET:
            field_dict["problem"] = problem

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.batch_problem import BatchProblem  # noqa: PLC0415

        d = dict(src_dict)
        name = d.pop("name")

        status = d.pop("status")

        etag = d.pop("etag", UNSET)

        file_id = d.pop("fileId", UNSET)

        path = d.pop("path", UNSET)

        _problem = d.pop("problem", UNSET)
        problem: BatchProblem | Unset
        if isinstance(_problem, Unset):
            problem = UNSET
        else:
            problem = BatchProblem.from_dict(_problem)

        batch_member = cls(
            name=name,
            status=status,
            etag=etag,
            file_id=file_id,
            path=path,
            problem=problem,
        )

        batch_member.additional_properties = d
        return batch_member

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
