"""A day's work with the generated client: ada's project shares a dataset with bob's, he reads it, and no longer when she ends
that. TestGeneratedClients of e2e runs it against a server on which there are ada, bob and sam."""

import os
import tarfile
from io import BytesIO

import pytest

from granary_client import AuthenticatedClient, streaming
from granary_client.api.access import explain_access
from granary_client.api.datasets import accept_share, create_dataset, end_share, offer_share
from granary_client.api.files import batch_read, create, open_
from granary_client.api.projects import create_project, list_members, set_member
from granary_client.models import (
    Acceptance,
    BatchRead,
    ExplainAccessAction,
    MemberRole,
    NewDataset,
    NewProject,
    NewRole,
    NewRoleRole,
    NewShare,
    NewShareLevel,
    Problem,
)
from granary_client.types import File

ORIGIN = os.environ["GRANARY_URL"]


@pytest.fixture
def ada():
    with AuthenticatedClient(base_url=ORIGIN, token=os.environ["GRANARY_TOKEN_ADA"]) as client:
        yield client


@pytest.fixture
def bob():
    with AuthenticatedClient(base_url=ORIGIN, token=os.environ["GRANARY_TOKEN_BOB"]) as client:
        yield client


def done(answer):
    """What was answered, which must be no failure."""
    assert not isinstance(answer, Problem), answer
    return answer


def test_day(ada, bob):
    maps = done(create_project.sync(client=ada, body=NewProject(name="maps")))
    assert maps.path == "/Projects/maps"
    done(set_member.sync(client=ada, project="maps", user="sam", body=NewRole(role=NewRoleRole.SCIENTIST)))
    members = done(list_members.sync(client=ada, project="maps"))
    assert {m.user: m.role for m in members.items} == {"ada": MemberRole.OWNER, "sam": MemberRole.SCIENTIST}
    done(create_project.sync(client=bob, body=NewProject(name="vision")))

    tiles = done(create_dataset.sync(client=ada, project="maps", body=NewDataset(path="/Projects/maps/tiles", create=True)))
    file = "/Projects/maps/tiles/1.png"
    done(create.sync(client=ada, path=file, body=File(payload=BytesIO(b"a tile\n of two lines"))))

    offer = NewShare(project="vision", level=NewShareLevel.READ)
    share = done(offer_share.sync(client=ada, id=tiles.id, body=offer))
    share = done(accept_share.sync(client=bob, id=share.id, body=Acceptance()))
    assert share.mount == "/Projects/vision/Shared/maps.tiles"
    assert done(open_.sync(client=bob, path=f"{share.mount}/1.png")).payload.read() == b"a tile\n of two lines"
    with streaming.stream(batch_read, client=bob, body=BatchRead(paths=[f"{share.mount}/1.png"])) as answer:
        with tarfile.open(fileobj=answer, mode="r|") as batch:
            member = next(iter(batch))
            assert batch.extractfile(member).read() == b"a tile\n of two lines"

    why = done(explain_access.sync(client=ada, path=file, action=ExplainAccessAction.READ, user="bob"))
    assert why.allowed
    assert why.steps[-1].by == f"share:{share.id}"

    events = streaming.events(client=ada, project="maps", after=0)
    assert [next(events).op for _ in range(2)] == ["set member", "mkdirs"]
    events.close()

    key = "3f6c1a7e-7f0e-4d1c-8d4e-2b8a6a1f5b11"
    for _ in range(2):  # asked twice under one key, as after a lost answer
        assert end_share.sync_detailed(client=ada, id=share.id, idempotency_key=key).status_code == 204
    refused = open_.sync(client=bob, path=file)
    assert isinstance(refused, Problem)
    assert refused.status == 404
