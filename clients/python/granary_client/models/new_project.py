from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="NewProject")


@_attrs_define
class NewProject:
    """
    Attributes:
        name (str): A letter, then letters, digits, _ or -; no project may differ from another in capitals alone.
        datasets (list[str] | Unset): Names of the datasets to create, each once, and not Shared; without it,
            Experiments, Logs, Models, Notebooks, Resources and Training_Datasets.
        description (str | Unset): At most 4096 bytes.
        owner (str | Unset): Another user than the caller, who then must be a superuser.
    """

    name: str
    datasets: list[str] | Unset = UNSET
    description: str | Unset = UNSET
    owner: str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        datasets: list[str] | Unset = UNSET
        if not isinstance(self.datasets, Unset):
            datasets = self.datasets

        description = self.description

        owner = self.owner

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "name": name,
            }
        )
        if datasets is not UNSET:
            field_dict["datasets"] = datasets
        if description is not UNSET:
            field_dict["description"] = description
        if owner is not UNSET:
            field_dict["owner"] = owner

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        name = d.pop("name")

        datasets = cast(list[str], d.pop("datasets", UNSET))

        description = d.pop("description", UNSET)

        owner = d.pop("owner", UNSET)

        new_project = cls(
            name=name,
            datasets=datasets,
            description=description,
            owner=owner,
        )

        return new_project
