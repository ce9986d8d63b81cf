from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

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

        return access_outcome
