"""pydoop with a token."""

from importlib.metadata import version

import pytest
from pydoop_scenarios import *  # noqa: F403

CLIENT = "pydoop"
VERSION = version("pydoop")

pytestmark = pytest.mark.parametrize("authentication", ["token"])
