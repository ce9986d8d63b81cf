from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.access_state import AccessState
    from ..models.batch_problem import BatchProblem


T = TypeVar("T", bound="AccessOutcome")


@_attrs_define
class AccessOutcome:
    """
    Attributes:
        changed (bool): Something has changed.
        path (str):
        problem (BatchProblem | Unset):
        state (AccessState | Unset):
    """

    changed: bool
    path: str
    problem: BatchProblem | Unset = UNSET
    state: AccessState | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        changed = self.changed

        path = self.path

        problem: dict[str, Any] | Unset = UNSET
        if not isinstance(self.problem, Unset):
            problem = self.problem.to_dict()

        state: dict[str, Any] | Unset = UNSET
        if not isinstance(self.state, Unset):
            state = self.state.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "changed": changed,
                "path": path,
            }
        )
        if problem is not UNSET:
            field_dict["problem"] = problem
        if state is not UNSET:
            field_dict["state"] = state

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.access_state import AccessState  # noqa: PLC0415
        from ..models.batch_problem import BatchProblem  # noqa: PLC0415

        d = dict(src_dict)
        changed = d.pop("changed")

        path = d.pop("path")

        _problem = d.pop("problem", UNSET)
        problem: BatchProblem | Unset
        if isinstance(_problem, Unset):
            problem = UNSET
        else:
            problem = BatchProblem.from_dict(_problem)

        _state = d.pop("state", UNSET)
        state: AccessState | Unset
        if isinstance(_state, Unset):
            state = UNSET
        else:
            state = AccessState.from_dict(_state)

        access_outcome = cls(
            changed=changed,
            path=path,
            problem=problem,
            state=state,
        )

        access_outcome.additional_properties = d
        return access_outcome

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
