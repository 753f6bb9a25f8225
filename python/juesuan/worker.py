"""A worker process, as ``python -m juesuan.worker``: reads one document at a time for the process that started it."""

from juesuan.__main__ import main

if __name__ == "__main__":
    main()
