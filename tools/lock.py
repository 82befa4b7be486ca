"""Make the lock files anew from pyproject.toml: `make lock`, or `make lock UPGRADE=1`.

Run by the oldest Python that Pocket supports: a package that only old versions need is harmless
on new ones, the other way round an install with hashes fails. Without `--upgrade` everything
that still fits keeps its version.
"""

import os
import subprocess
import sys
import tempfile
import tomllib
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
PIP_TOOLS = "pip-tools==7.6.2"
OPTIONS = [
    "--quiet",
    "--generate-hashes",
    "--allow-unsafe",
    "--strip-extras",
    "--no-emit-index-url",
    "--no-emit-trusted-host",
    "--no-emit-find-links",
]


def main() -> None:
    if sys.version_info[:2] != (3, 12):
        sys.exit("Locks are made by Python 3.12, the oldest that Pocket supports.")
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = f"{folder}/bin/python"
        subprocess.run([python, "-m", "pip", "install", "--quiet", PIP_TOOLS], check=True)
        make(python, "requirements.txt", ["pyproject.toml"])
        runtime = ["--constraint", "requirements.txt", "pyproject.toml"]
        make(python, "requirements-sentry.txt", ["--extra", "sentry", *runtime])
        make(python, "requirements-dev.txt", ["--extra", "dev", *runtime])
        # Only the servers: they are installed into a folder of their own, see servers.py.
        make(python, "requirements-servers.txt", ["-"], stdin=extra("servers"))


def make(python: str, target: str, sources: list[str], *, stdin: str = "") -> None:
    upgrade = ["--upgrade"] if "--upgrade" in sys.argv else []
    subprocess.run(
        [python, "-m", "piptools", "compile", *OPTIONS, *upgrade, "-o", target, *sources],
        cwd=HERE,
        env={**os.environ, "CUSTOM_COMPILE_COMMAND": "make lock"},
        input=stdin,
        text=True,
        check=True,
    )
    print(f"{target} is made.")


def extra(name: str) -> str:
    project = tomllib.loads((HERE / "pyproject.toml").read_text())["project"]
    return "\n".join(project["optional-dependencies"][name])


if __name__ == "__main__":
    main()
