"""A client of Granary's REST API: projects, datasets, shares, and files under /api/v1/fs.

Each operation is a module of granary_client.api with the functions sync and asyncio, which return what the service answers, a
models.Problem where it does not do what was asked; sync_detailed and asyncio_detailed return the status and the headers, too.
What was answered is all in memory then; granary_client.streaming gives large files, batches and events as they come.
"""

from .client import AuthenticatedClient, Client

__all__ = (
    "AuthenticatedClient",
    "Client",
)
