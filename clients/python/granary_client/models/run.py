from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="Run")


@_attrs_define
class Run:
    """
    Attributes:
        files (int): Event files.
        images (int): Tags of images.
        last_step (int): The step of what was written last; 0 if nothing was.
        last_wall_time (float): When that was written, in seconds since 1970, according to the writer; 0 if nothing was.
        length (int): Bytes of the event files.
        modification_time (int): Milliseconds since 1970.
        partial (bool): The server has not read all of it yet. Ask again: it continues where it stopped.
        run (str): The path of its directory relative to the requested one; . for that one itself.
        scalars (int): Tags of scalars.
        state (str): Changes with whatever the run has to show. A series with the same state need not be asked for
            again.
        faults (list[str] | Unset): What cannot be shown and why, one sentence each: a damaged file is shown up to the
            damage.
    """

    files: int
    images: int
    last_step: int
    last_wall_time: float
    length: int
    modification_time: int
    partial: bool
    run: str
    scalars: int
    state: str
    faults: list[str] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        files = self.files

        images = self.images

        last_step = self.last_step

        last_wall_time = self.last_wall_time

        length = self.length

        modification_time = self.modification_time

        partial = self.partial

        run = self.run

        scalars = self.scalars

        state = self.state

        faults: list[str] | Unset = UNSET
        if not isinstance(self.faults, Unset):
            faults = self.faults

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "files": files,
                "images": images,
                "lastStep": last_step,
                "lastWallTime": last_wall_time,
                "length": length,
                "modificationTime": modification_time,
                "partial": partial,
                "run": run,
                "scalars": scalars,
                "state": state,
            }
        )
        if faults is not UNSET:
            field_dict["faults"] = faults

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        files = d.pop("files")

        images = d.pop("images")

        last_step = d.pop("lastStep")

        last_wall_time = d.pop("lastWallTime")

        length = d.pop("length")

        modification_time = d.pop("modificationTime")

        partial = d.pop("partial")

        run = d.pop("run")

        scalars = d.pop("scalars")

        state = d.pop("state")

        faults = cast(list[str], d.pop("faults", UNSET))

        run = cls(
            files=files,
            images=images,
            last_step=last_step,
            last_wall_time=last_wall_time,
            length=length,
            modification_time=modification_time,
            partial=partial,
            run=run,
            scalars=scalars,
            state=state,
            faults=faults,
        )

        run.additional_properties = d
        return run

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
