"""The types of the compiled part."""

import builtins
from collections.abc import Mapping, Sequence
from os import PathLike
from typing import Any, Literal, final

__all__ = [
    "EXTRACTOR",
    "Plan",
    "Report",
    "Table",
    "__version__",
    "commit",
    "crawl",
    "extract",
    "extract_file",
    "main",
    "plan",
    "write_batch",
]
__version__: str
EXTRACTOR: str

_Status = Literal["extracted", "partial", "needs_ocr", "refused", "failed"]

@final
class Table:
    """Rows of one table of the dataset, for whatever reads the Arrow PyCapsule interface."""

    @property
    def name(self) -> str: ...
    def __len__(self) -> int: ...
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...

@final
class Report:
    """What was read of one document."""

    @property
    def id(self) -> str: ...
    @property
    def status(self) -> _Status: ...
    @property
    def path(self) -> str: ...
    @property
    def error(self) -> str | None: ...
    def json(self) -> str: ...
    def to_dict(self) -> dict[str, Any]: ...
    def table(self, name: str) -> Table: ...

def extract(
    data: bytes,
    name: str,
    *,
    limits: Mapping[str, int] | None = None,
    forms: str | PathLike[str] | None = None,
    isolated: bool = True,
) -> Report: ...
def extract_file(
    path: str | PathLike[str],
    *,
    limits: Mapping[str, int] | None = None,
    forms: str | PathLike[str] | None = None,
    isolated: bool = True,
) -> Report: ...
@final
class Plan:
    """What a crawl over several machines has to read."""

    @property
    def documents(self) -> int: ...
    @property
    def bytes(self) -> int: ...
    @property
    def load_id(self) -> str: ...
    def shares(self, count: int) -> list[builtins.bytes]: ...

def crawl(
    sources: Sequence[str | PathLike[str]],
    dataset: str | PathLike[str],
    *,
    jobs: int | None = None,
    refresh: bool = False,
    limits: Mapping[str, int] | None = None,
    forms: str | PathLike[str] | None = None,
) -> dict[str, Any]: ...
def plan(
    sources: Sequence[str | PathLike[str]],
    dataset: str | PathLike[str],
    *,
    refresh: bool = False,
    limits: Mapping[str, int] | None = None,
    forms: str | PathLike[str] | None = None,
) -> Plan: ...
def write_batch(share: bytes, task: str, *, jobs: int = 1) -> bytes: ...
def commit(plan: Plan, written: Sequence[bytes]) -> dict[str, Any]: ...
def main(args: list[str]) -> int: ...
