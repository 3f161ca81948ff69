"""Inputs: finding them, opening them, and cutting them into chunks of whole records.

`sources` says where they are, `compression` and `archives` unpack them, `formats` tells
what they are, and `lines`, `json_records` and `parquet` cut them.
"""

from loader.reading.formats import Format
from loader.reading.inputs import (
    AS_IT_COMES,
    Input,
    PassedOver,
    Reading,
    open_input,
    open_inputs,
    refuse_tables,
)
from loader.reading.sources import Source, find_sources

__all__ = [
    "AS_IT_COMES",
    "Format",
    "Input",
    "PassedOver",
    "Reading",
    "Source",
    "find_sources",
    "open_input",
    "open_inputs",
    "refuse_tables",
]
