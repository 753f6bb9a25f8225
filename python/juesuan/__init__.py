"""Budgets, final accounts and performance reports of Chinese departments as exact, placed figures.

>>> import juesuan
>>> report = juesuan.extract("收入决算表,,\\n部门：某局,,单位：万元\\n项目,本年收入合计,财政拨款收入\\n合计,12.50,12.50\\n".encode(), "table.csv")
>>> report.status, report.to_dict()["tables"][0]["unit"]
('extracted', '万元')

Documents are read in a child process, so that one which breaks its reader costs one report that says so.
"""

from juesuan._juesuan import (
    EXTRACTOR,
    Plan,
    Report,
    Table,
    __version__,
    commit,
    crawl,
    extract,
    extract_file,
    plan,
    write_batch,
)
from juesuan.errors import Error

__all__ = [
    "EXTRACTOR",
    "Error",
    "Plan",
    "Report",
    "Table",
    "__version__",
    "commit",
    "crawl",
    "extract",
    "extract_file",
    "plan",
    "write_batch",
]
