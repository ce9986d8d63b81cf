"""The checksum that HDFS, and so GETFILECHECKSUM, gives of a file: computed from local bytes."""

import hashlib

import google_crc32c

# HDFS keeps a CRC of each 512 bytes, and an MD5 of the CRCs of each block.
BYTES_PER_CRC = 512
BLOCK_SIZE = 128 << 20


def file_checksum(data):
    """The algorithm and the hexadecimal bytes that GETFILECHECKSUM answers for a file with this content.

    This is for files that are one block long at most, written with the default block size of 128 MiB and not empty.
    """
    if not 0 < len(data) <= BLOCK_SIZE:
        raise ValueError(f"want 1 to {BLOCK_SIZE} bytes, got {len(data)}")
    crcs = b"".join(
        google_crc32c.value(data[i : i + BYTES_PER_CRC]).to_bytes(4, "big") for i in range(0, len(data), BYTES_PER_CRC)
    )
    # HDFS digests and writes whole buffers of 32 bytes, with the zeros after what is in them.
    of_file = hashlib.md5(hashlib.md5(crcs).digest().ljust(32, b"\0")).digest()
    crcs_per_block = 0  # what HDFS says of a file of one block
    written = BYTES_PER_CRC.to_bytes(4, "big") + crcs_per_block.to_bytes(8, "big") + of_file
    return f"MD5-of-{crcs_per_block}MD5-of-{BYTES_PER_CRC}CRC32C", written.ljust(32, b"\0").hex()
