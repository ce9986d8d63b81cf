from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.access_beside import AccessBeside
    from ..models.access_state import AccessState


T = TypeVar("T", bound="AccessPreview")


@_attrs_define
class AccessPreview:
    """
    Attributes:
        after (AccessState):
        all_ (bool): The caller may see what others can do: as an owner of the project, or a superuser.
        before (AccessState):
        everyone (AccessBeside):
        partial (bool): There are more than the thousand users that were looked at.
        users (list[AccessBeside]): Users who have access before or after by more than what everybody has, without
            superusers; if all is false, only the caller.
    """

    after: AccessState
    all_: bool
    before: AccessState
    everyone: AccessBeside
    partial: bool
    users: list[AccessBeside]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        after = self.after.to_dict()

        all_ = self.all_

        before = self.before.to_dict()

        everyone = self.everyone.to_dict()

        partial = self.partial

        users = []
        for users_item_data in self.users:
            users_item = users_item_data.to_dict()
            users.append(users_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "after": after,
                "all": all_,
                "before": before,
                "everyone": everyone,
                "partial": partial,
                "users": users,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.access_beside import AccessBeside  # noqa: PLC0415
        from ..models.access_state import AccessState  # noqa: PLC0415

        d = dict(src_dict)
        after = AccessState.from_dict(d.pop("after"))

        all_ = d.pop("all")

        before = AccessState.from_dict(d.pop("before"))

        everyone = AccessBeside.from_dict(d.pop("everyone"))

        partial = d.pop("partial")

        users = []
        _users = d.pop("users")
        for users_item_data in _users:
            users_item = AccessBeside.from_dict(users_item_data)

            users.append(users_item)

        access_preview = cls(
            after=after,
            all_=all_,
            before=before,
            everyone=everyone,
            partial=partial,
            users=users,
        )

        access_preview.additional_properties = d
        return access_preview

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
