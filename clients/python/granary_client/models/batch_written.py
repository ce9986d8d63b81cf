from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.batch_member import BatchMember
    from ..models.batch_problem import BatchProblem


T = TypeVar("T", bound="BatchWritten")


@_attrs_define
class BatchWritten:
    """
    Attributes:
        failed (int): How many members were not written.
        members (list[BatchMember]): In the order of the archive, those that were looked at.
        written (int): How many files were written.
        problem (BatchProblem | Unset):
    """

    failed: int
    members: list[BatchMember]
    written: int
    problem: BatchProblem | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        failed = self.failed

        members = []
        for members_item_data in self.members:
            members_item = members_item_data.to_dict()
            members.append(members_item)

        written = self.written

        problem: dict[str, Any] | Unset = UNSET
        if not isinstance(self.problem, Unset):
            problem = self.problem.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "failed": failed,
                "members": members,
                "written": written,
            }
        )
        if problem is not UNSET:
            field_dict["problem"] = problem

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.batch_member import BatchMember  # noqa: PLC0415
        from ..models.batch_problem import BatchProblem  # noqa: PLC0415

        d = dict(src_dict)
        failed = d.pop("failed")

        members = []
        _members = d.pop("members")
        for members_item_data in _members:
            members_item = BatchMember.from_dict(members_item_data)

            members.append(members_item)

        written = d.pop("written")

        _problem = d.pop("problem", UNSET)
        problem: BatchProblem | Unset
        if isinstance(_problem, Unset):
            problem = UNSET
        else:
            problem = BatchProblem.from_dict(_problem)

        batch_written = cls(
            failed=failed,
            members=members,
            written=written,
            problem=problem,
        )

        batch_written.additional_properties = d
        return batch_written

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
