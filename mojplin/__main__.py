"""`python -m mojplin run` starts a demo of the portal; `python manage.py help` lists everything else."""

import sys

from mojplin.config.run import run

if __name__ == "__main__":
    if sys.argv[1:] != ["run"]:
        sys.exit(__doc__)
    sys.exit(run())
