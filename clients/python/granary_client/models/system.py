from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.server_seen import ServerSeen
    from ..models.store_state import StoreState
    from ..models.system_check import SystemCheck
    from ..models.upkeep import Upkeep


T = TypeVar("T", bound="System")


@_attrs_define
class System:
    """
    Attributes:
        checks (list[SystemCheck]): The checks that /readyz makes on the server that was asked, by name.
        servers (list[ServerSeen]): Servers that share the database: first the one that was asked, then those seen last.
            Those that ended, and commands that ran, in the last ten minutes or so are among them, and no longer alive.
        stores (list[StoreState]):
        upkeep (Upkeep):
    """

    checks: list[SystemCheck]
    servers: list[ServerSeen]
    stores: list[StoreState]
    upkeep: Upkeep
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        checks = []
        for checks_item_data in self.checks:
            checks_item = checks_item_data.to_dict()
            checks.append(checks_item)

        servers = []
        for servers_item_data in self.servers:
            servers_item = servers_item_data.to_dict()
            servers.append(servers_item)

        stores = []
        for stores_item_data in self.stores:
            stores_item = stores_item_data.to_dict()
            stores.append(stores_item)

        upkeep = self.upkeep.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "checks": checks,
                "servers": servers,
                "stores": stores,
                "upkeep": upkeep,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.server_seen import ServerSeen  # noqa: PLC0415
        from ..models.store_state import StoreState  # noqa: PLC0415
        from ..models.system_check import SystemCheck  # noqa: PLC0415
        from ..models.upkeep import Upkeep  # noqa: PLC0415

        d = dict(src_dict)
        checks = []
        _checks = d.pop("checks")
        for checks_item_data in _checks:
            checks_item = SystemCheck.from_dict(checks_item_data)

            checks.append(checks_item)

        servers = []
        _servers = d.pop("servers")
        for servers_item_data in _servers:
            servers_item = ServerSeen.from_dict(servers_item_data)

            servers.append(servers_item)

        stores = []
        _stores = d.pop("stores")
        for stores_item_data in _stores:
            stores_item = StoreState.from_dict(stores_item_data)

            stores.append(stores_item)

        upkeep = Upkeep.from_dict(d.pop("upkeep"))

        system = cls(
            checks=checks,
            servers=servers,
            stores=stores,
            upkeep=upkeep,
        )

        system.additional_properties = d
        return system

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
