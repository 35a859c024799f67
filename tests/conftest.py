"""What holds for all tests."""

from __future__ import annotations

from hypothesis import settings
from hypothesis.internal.conjecture import providers

# The same examples each time, however slow the machine: a red run is then red for everybody.
# `--hypothesis-profile=default` tries others.
settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.load_profile("repeatable")

# It also takes constants out of our code as far as that is imported: other examples then with every
# change of the code, and in every order of the tests. There is no public way to say no.
_no_constants = providers._local_constants
providers._get_local_constants = lambda: _no_constants
