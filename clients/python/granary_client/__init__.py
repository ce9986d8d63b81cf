"""A client of Granary's REST API: projects, datasets, shares, and files under /api/v1/fs.

Each operation is a module of granary_client.api. Its functions sync and asyncio return the service's answer, which is a
models.Problem for a failure; errors.answered raises that. sync_detailed and asyncio_detailed also return the status and the headers.
All of these read the complete answer into memory; granary_client.streaming reads large files, batches and events as they arrive.
"""

from .client import AuthenticatedClient, Client

__all__ = (
    "AuthenticatedClient",
    "Client",
)
