from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="FsServerDefaults")


@_attrs_define
class FsServerDefaults:
    """
    Attributes:
        block_size (int): Bytes.
        bytes_per_checksum (int): Bytes that one CRC of a file's checksum covers.
        checksum_type (int): 2: CRC32C.
        default_storage_policy_id (int):
        encrypt_data_transfer (bool):
        file_buffer_size (int): Bytes.
        key_provider_uri (str): Empty: clients encrypt nothing.
        replication (int):
        trash_interval (int): For how many minutes the trash keeps deleted entries, at least; 0: there is no trash.
        write_packet_size (int): Bytes.
    """

    block_size: int
    bytes_per_checksum: int
    checksum_type: int
    default_storage_policy_id: int
    encrypt_data_transfer: bool
    file_buffer_size: int
    key_provider_uri: str
    replication: int
    trash_interval: int
    write_packet_size: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        block_size = self.block_size

        bytes_per_checksum = self.bytes_per_checksum

        checksum_type = self.checksum_type

        default_storage_policy_id = self.default_storage_policy_id

        encrypt_data_transfer = self.encrypt_data_transfer

        file_buffer_size = self.file_buffer_size

        key_provider_uri = self.key_provider_uri

        replication = self.replication

        trash_interval = self.trash_interval

        write_packet_size = self.write_packet_size

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "blockSize": block_size,
                "bytesPerChecksum": bytes_per_checksum,
                "checksumType": checksum_type,
                "defaultStoragePolicyId": default_storage_policy_id,
                "encryptDataTransfer": encrypt_data_transfer,
                "fileBufferSize": file_buffer_size,
                "keyProviderUri": key_provider_uri,
                "replication": replication,
                "trashInterval": trash_interval,
                "writePacketSize": write_packet_size,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        block_size = d.pop("blockSize")

        bytes_per_checksum = d.pop("bytesPerChecksum")

        checksum_type = d.pop("checksumType")

        default_storage_policy_id = d.pop("defaultStoragePolicyId")

        encrypt_data_transfer = d.pop("encryptDataTransfer")

        file_buffer_size = d.pop("fileBufferSize")

        key_provider_uri = d.pop("keyProviderUri")

        replication = d.pop("replication")

        trash_interval = d.pop("trashInterval")

        write_packet_size = d.pop("writePacketSize")

        fs_server_defaults = cls(
            block_size=block_size,
            bytes_per_checksum=bytes_per_checksum,
            checksum_type=checksum_type,
            default_storage_policy_id=default_storage_policy_id,
            encrypt_data_transfer=encrypt_data_transfer,
            file_buffer_size=file_buffer_size,
            key_provider_uri=key_provider_uri,
            replication=replication,
            trash_interval=trash_interval,
            write_packet_size=write_packet_size,
        )

        fs_server_defaults.additional_properties = d
        return fs_server_defaults

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
