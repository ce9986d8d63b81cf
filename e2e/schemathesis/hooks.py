"""Puts right what schemathesis takes for valid. schemathesis.toml names this file."""

import io
import tarfile

import schemathesis


@schemathesis.hook
def before_call(context, case, kwargs):
    """Quotes ETags. Where it walks through a schema, it makes headers of letters and digits alone, and falls back to 0 where
    the pattern has none such, as that of If-Match."""
    for name in ("If-Match", "If-None-Match"):
        if case.headers and case.headers.get(name) == "0":
            case.headers[name] = '"0"'


def plain(value):
    """Returns the bytes of what was made up for a body of bytes."""
    return value if isinstance(value, bytes) else value.data if hasattr(value, "data") else str(value).encode(errors="ignore")


@schemathesis.serializer("application/offset+octet-stream")
def part(context, value):
    """Sends a part of an upload as it is. Without this some runs end at its media type, which they do not know."""
    return plain(value)


@schemathesis.serializer("application/x-tar")
def tar(context, value):
    """Makes an archive of bytes, with them as a file, or sends them as they are: half of each."""
    data = plain(value)
    if len(data) % 2:
        return data
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as members:
        member = tarfile.TarInfo(f"{len(data)}/{data[:4].hex()}")
        member.size = len(data)
        members.addfile(member, io.BytesIO(data))
    return archive.getvalue()


@schemathesis.deserializer("application/x-tar")
def members(context, response):
    """Reads an archive, which must be one, and returns the names in it as a text, which bytes are to the document."""
    with tarfile.open(fileobj=io.BytesIO(response.content), mode="r|") as archive:
        return "\n".join(member.name for member in archive)
