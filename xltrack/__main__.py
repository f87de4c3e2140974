"""Lets `python -m xltrack` run the command line."""

from xltrack.cli import main

if __name__ == "__main__":
    main()
