"""The program ``juesuan``, as ``python -m juesuan`` or as the command that the wheel installs."""

import sys

from juesuan._juesuan import main as run


def main() -> None:
    """Runs the program with the arguments of this process and ends with its exit status."""
    sys.exit(run(["juesuan", *sys.argv[1:]]))


if __name__ == "__main__":
    main()
