"""Lets polars work in one thread in the process of the tests, as where xltrack reads files; to be imported first.

Many small steps are not worth handing over to other threads, the less so where tests run side by side. The programs
that tests start are left to themselves.
"""

import importlib
from unittest import mock

with mock.patch.dict("os.environ", POLARS_MAX_THREADS="1"):
    importlib.import_module("polars").thread_pool_size()
