"""What the tests share: where things lie, and the program to hold the wheel against."""

import os
import pathlib
import shutil
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).parents[2]
REGION = ROOT / "corpus" / "region"


@pytest.fixture(scope="session", autouse=True)
def in_the_repository():
    """Runs everything where paths such as corpus/region lead somewhere, as the documentation writes them."""
    os.chdir(ROOT)


@pytest.fixture(scope="session")
def program():
    """The program as cargo built it."""
    path = pathlib.Path(os.environ.get("JUESUAN", ROOT / "target" / "release" / "juesuan"))
    assert path.is_file(), f"{path} is not there: cargo build --release, or set JUESUAN"
    return path


@pytest.fixture(scope="session")
def run(program):
    """Runs the program and gives its standard output; any status up to `most` is good."""

    def call(*arguments, most=0, **options):
        done = subprocess.run([program, *map(str, arguments)], capture_output=True, text=True, **options)
        assert done.returncode <= most, done.stderr
        return done.stdout

    return call


@pytest.fixture(scope="session")
def documents():
    """The documents of the sample district."""
    found = sorted(path for path in REGION.rglob("*") if path.suffix in {".docx", ".pdf", ".xlsx"})
    assert len(found) == 17
    return [path.relative_to(ROOT) for path in found]


def multiplied(count, folder):
    """The sample district's documents, so many of them, no two with the same bytes."""
    small = ROOT / "tools" / "small.py"
    subprocess.run([sys.executable, small, str(count), folder, REGION], check=True)
    return folder


def has_spark():
    """Whether Apache Spark can be run here."""
    try:
        import pyspark  # noqa: F401
    except ImportError:
        return False
    return shutil.which("java") is not None


needs_spark = pytest.mark.skipif(not has_spark(), reason="*** SKIPPED: needs pyspark and Java 17 ***")
