"""pydoop by name."""

from importlib.metadata import version

import pytest
from pydoop_scenarios import *  # noqa: F403

CLIENT = "pydoop"
VERSION = version("pydoop")

pytestmark = pytest.mark.parametrize("authentication", ["user.name"])
