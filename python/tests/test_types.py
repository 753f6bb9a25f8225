"""The type stubs say what the compiled module has, and the package is typed."""

import importlib.resources
import subprocess
import sys


def test_the_stubs_are_those_of_the_module():
    command = [sys.executable, "-m", "mypy.stubtest", "juesuan._juesuan"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_program_that_uses_it_is_checked(tmp_path):
    program = tmp_path / "program.py"
    program.write_text(
        "import juesuan\n"
        "report = juesuan.extract(b'', 'a.pdf', limits={'seconds': 5})\n"
        "rows: int = len(report.table('facts'))\n"
        "wrong: int = report.status\n"
    )
    done = subprocess.run([sys.executable, "-m", "mypy", "--strict", program], capture_output=True, text=True)
    assert "program.py:4" in done.stdout and "1 error" in done.stdout, done.stdout
    assert importlib.resources.files("juesuan").joinpath("py.typed").is_file()
