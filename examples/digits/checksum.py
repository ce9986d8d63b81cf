"""Computes, from local bytes, the checksum that HDFS returns for a file, and so does Granary (GETFILECHECKSUM)."""

import hashlib

import google_crc32c

# HDFS stores a CRC for each 512 bytes; a checksum is made from an MD5 of the CRCs of each block.
BYTES_PER_CRC = 512
BLOCK_SIZE = 128 << 20


def file_checksum(data):
    """Returns the algorithm and the hexadecimal bytes that GETFILECHECKSUM returns for a file with this content.

    Only for files of at most one block that are not empty and were written with the default block size of 128 MiB.
    """
    if not 0 < len(data) <= BLOCK_SIZE:
        raise ValueError(f"want 1 to {BLOCK_SIZE} bytes, got {len(data)}")
    crcs = b"".join(
        google_crc32c.value(data[i : i + BYTES_PER_CRC]).to_bytes(4, "big") for i in range(0, len(data), BYTES_PER_CRC)
    )
    # HDFS digests and writes complete buffers of 32 bytes, including the zeros after their content.
    of_file = hashlib.md5(hashlib.md5(crcs).digest().ljust(32, b"\0")).digest()
    crcs_per_block = 0  # what HDFS reports for a file of one block
    written = BYTES_PER_CRC.to_bytes(4, "big") + crcs_per_block.to_bytes(8, "big") + of_file
    return f"MD5-of-{crcs_per_block}MD5-of-{BYTES_PER_CRC}CRC32C", written.ljust(32, b"\0").hex()
