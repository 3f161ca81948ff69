"""dbt-clickhouse on the engine inside the process: adapter type `chdb`.

It goes when dbt-clickhouse ships a chDB driver of its own.
"""

from pathlib import Path

from dbt.adapters.base import AdapterPlugin
from dbt.adapters.chdb.impl import ChdbAdapter, ChdbCredentials

Plugin = AdapterPlugin(
    adapter=ChdbAdapter,
    credentials=ChdbCredentials,
    include_path=str(Path(__file__).parents[2] / "include" / "chdb"),
    dependencies=["clickhouse"],
)
