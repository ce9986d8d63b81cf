from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.access import Access


T = TypeVar("T", bound="AccessBeside")


@_attrs_define
class AccessBeside:
    """
    Attributes:
        after (Access):
        before (Access):
        user (str): Empty for everyone else.
    """

    after: Access
    before: Access
    user: str

    def to_dict(self) -> dict[str, Any]:
        after = self.after.to_dict()

        before = self.before.to_dict()

        user = self.user

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "after": after,
                "before": before,
                "user": user,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.access import Access  # noqa: PLC0415

        d = dict(src_dict)
        after = Access.from_dict(d.pop("after"))

        before = Access.from_dict(d.pop("before"))

        user = d.pop("user")

        access_beside = cls(
            after=after,
            before=before,
            user=user,
        )

        return access_beside
