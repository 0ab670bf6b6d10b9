"""The verbs of this house: ``nox -l`` lists them."""

import shutil
import subprocess

import nox

IMAGE = "reviewbot:checked"

nox.options.default_venv_backend = "none"
nox.options.sessions = ["lint", "types", "walls", "tests"]
nox.needs_version = ">=2025.5"

# Two workers, as in the README: twice as fast on two cores, and no test competes with more.
_PYTEST = ("pytest", "-n", "2", "--dist", "worksteal")


@nox.session
def lint(session: nox.Session) -> None:
    """Style and bugs, and whether everything is formatted."""
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")


@nox.session
def types(session: nox.Session) -> None:
    """Strict types over source, tests and benchmarks."""
    session.run("mypy")


@nox.session
def walls(session: nox.Session) -> None:
    """Imports only go down, rooms on one floor are strangers, one door per library."""
    session.run("lint-imports")


@nox.session
def tests(session: nox.Session) -> None:
    """The whole suite, as the README says."""
    session.run(*_PYTEST, *session.posargs)


@nox.session
def coverage(session: nox.Session) -> None:
    """The suite with branch coverage, children included."""
    session.run(*_PYTEST, "--cov", "--cov-report=term", *session.posargs)


@nox.session
def container(session: nox.Session) -> None:
    """Build the image and run it as a runner does; needs an engine. May be given another base.

    Where no registry can be reached, ``tests/container/base.sh`` makes a base.
    """
    if not _engine_answers():
        session.skip("no container engine answers: docker info")
    base = [f"--build-arg=BASE_IMAGE={session.posargs[0]}"] if session.posargs else []
    build = ("docker", "build", "--network=host", f"--tag={IMAGE}", *base, ".")
    session.run(*build, external=True)
    session.run("pytest", "tests/container", env={"REVIEWBOT_IMAGE": IMAGE})


def _engine_answers() -> bool:
    docker = shutil.which("docker")
    if docker is None:
        return False
    asked = subprocess.run([docker, "info"], capture_output=True, check=False)  # noqa: S603 - fixed
    return asked.returncode == 0


@nox.session
def golden(session: nox.Session) -> None:
    """Write the golden files anew; read the difference like code."""
    session.run("pytest", "tests/render", "--update-golden", *session.posargs)


@nox.session
def lock(session: nox.Session) -> None:
    """Write the hashed requirement files from pyproject.toml; needs uv."""
    compiled = [
        *("uv", "pip", "compile", "--quiet", "--universal", "--python-version", "3.11"),
        *("--generate-hashes", "--no-annotate", "--no-header"),
    ]
    session.run(*compiled, "pyproject.toml", "-o", "requirements/runtime.txt", external=True)
    session.run(
        *compiled, "--group", "dev", "pyproject.toml", "-o", "requirements/dev.txt", external=True
    )
    build = ("--group", "pyproject.toml:build")
    session.run(*compiled, *build, "-o", "requirements/build.txt", external=True)
