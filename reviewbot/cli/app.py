"""The commands and their options; what they do lives in one module each.

The bodies import their module when they run, so that ``--help`` pays for click alone.
"""

# ruff: noqa: PLC0415 - see above

from functools import partial
from pathlib import Path
from typing import Any

import click

from reviewbot import __version__


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="reviewbot")
def app() -> None:
    """Review a Python change: what it caused, over the whole program, and nothing else."""


def _filled(context: click.Context, parameter: click.Parameter, text: str | None) -> str | None:
    """What was given; an empty text is mostly a variable of a script that was never set."""
    if text is not None and not text.strip():
        raise click.BadParameter("it is empty", context, parameter)
    return text


def _standing(context: click.Context, parameter: click.Parameter, path: str) -> str:
    """A path, when there is a directory that it can start from."""
    _filled(context, parameter, path)
    try:
        Path(path).absolute()
    except FileNotFoundError as error:
        raise click.UsageError("the current directory was deleted") from error
    return path


def is_address(path: str) -> bool:
    """Whether somebody means a pull request and not a path."""
    return "://" in path or ("#" in path and "/" in path and not Path(path).exists())


_option = partial(click.option, callback=_filled)
"""An option whose text must not be empty."""


def _range_options(command: Any) -> Any:  # noqa: ANN401 - click's decorators are untyped on both sides
    """The options that choose what is reviewed against what."""
    for option in (
        click.argument("path", default=".", type=click.Path(), callback=_standing),
        _option("--base", metavar="REV", help="Compare with the merge base with REV."),
        _option("--head", metavar="REV", help="Review this commit, not the working tree."),
        click.option("--staged", is_flag=True, help="Review the index."),
        _option(
            "--diff-file",
            metavar="F",
            type=click.Path(),
            help="Review a patch on top of the base; - is standard input.",
        ),
    )[::-1]:
        command = option(command)
    return command


_set_option = click.option(
    "--set",
    "overrides",
    metavar="KEY=VALUE",
    multiple=True,
    help="A setting, stronger than REVIEWBOT_SET and the file: defaults.timeout=60s.",
)


@app.command()
@_range_options
@_option("--only", metavar="N,...", help="Run these analyses and no others.")
@_option("--skip", metavar="N,...", help="Leave these analyses out.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["terminal", "json", "markdown"]),
    default="terminal",
    show_default=True,
)
@_option("-o", "--output", metavar="FILE", type=click.Path(), help="Write the review there.")
@click.option(
    "--show",
    type=click.Choice(["added", "context", "file", "all"]),
    default="all",
    help="How far from the written lines findings are shown; counts and verdict stay.",
)
@click.option(
    "--all", "everything", is_flag=True, help="Show existing and fixed findings too, and every one."
)
@click.option(
    "--max-parallel", type=click.IntRange(1, 64), metavar="N", help="Analyses at once [all]."
)
@_option("--deadline", metavar="TIME", help="End in this time, e.g. 10m.")
@_option("--config", metavar="FILE", type=click.Path(), help="Settings [.reviewbot.yml].")
@_set_option
@_option(
    "--journal", metavar="FILE", help="Write the run down there [the cache]; none for nowhere."
)
@click.option(
    "--resume",
    metavar="RUN",
    is_flag=False,
    flag_value="latest",
    default="",
    help="Go on with a run of the same change [the latest]: what it finished stands.",
)
@_option("--events", metavar="FILE", help="Write each event there as it happens; - for stdout.")
@_option("--trace", metavar="FILE", help="Write the whole run there, for reviewbot trace.")
@click.option("--exit-code", is_flag=True, help="Exit with 1 when the verdict blocks.")
@click.option("--untrusted", is_flag=True, help="Treat the change as a stranger's.")
@click.option("-q", "--quiet", is_flag=True, help="No progress on standard error.")
@click.option("--post", is_flag=True, help="Write the review of a pull request on it.")
def review(*, post: bool, **options: Any) -> int:  # noqa: ANN401 - click hands over what it parsed
    """Say what a change introduces.

    PATH is a place in a repository, or a pull request: its URL, or owner/name#7. Without options:
    the working tree against the merge base with the default branch; on the default branch with a
    clean tree, the last commit.
    """
    if is_address(options["path"]):
        from reviewbot.cli.remote import run_pull_review
        from reviewbot.cli.review import ReviewOptions

        return run_pull_review(ReviewOptions(**options), post=post)
    if post:
        raise click.UsageError("--post needs a pull request: give its URL")
    from reviewbot.cli.early import begin

    around, programs = begin()  # the tools are imported while the rest of us is
    from reviewbot.cli.review import ReviewOptions, run_review

    return run_review(ReviewOptions(**options), around, programs)


@app.command()
def action() -> int:
    """Do one step of a workflow: what the event and the inputs in the environment ask for."""
    from reviewbot.cli.action import run_action

    return run_action()


@app.command()
@_range_options
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def impact(**options: Any) -> int:  # noqa: ANN401 - click hands over what it parsed
    """List the tests that a change can reach, most likely to fail first."""
    from reviewbot.cli.impact import run_impact

    return run_impact(**options)


def _config_options(command: Any) -> Any:  # noqa: ANN401 - as above
    """Whose settings, and what is stronger than they."""
    named = _option(
        "--config", metavar="FILE", type=click.Path(), help="Settings [.reviewbot.yml]."
    )
    place = click.argument("path", default=".", type=click.Path(), callback=_standing)
    return place(named(_set_option(command)))


@app.command()
@_config_options
@click.option(
    "--format", "form", type=click.Choice(["text", "mermaid", "dot", "json"]), default="text"
)
def graph(**options: Any) -> int:  # noqa: ANN401 - click hands over what it parsed
    """Print the graph of a review with its waves."""
    from reviewbot.cli.graph import run_graph

    return run_graph(**options)


def _kept_options(command: Any) -> Any:  # noqa: ANN401 - as above
    """Where runs are looked for."""
    place = _option(
        "--path", metavar="PATH", default=".", type=click.Path(), help="In the repository [.]."
    )
    return place(_option("--journal", metavar="FILE", type=click.Path(), help="Its runs.")(command))


@app.command()
@click.argument("run", required=False, callback=_filled)
@_kept_options
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "html", "json", "chrome", "mermaid", "dot"]),
    default="text",
    show_default=True,
)
@_option("-o", "--output", metavar="FILE", type=click.Path(), help="Write it there.")
@click.option("--list", "listed", is_flag=True, help="List the runs that are kept.")
@_option("--against", metavar="RUN", help="Say where the run parts from that one, and why there.")
def trace(**options: Any) -> int:  # noqa: ANN401 - click hands over what it parsed
    """Show a run: what ran when, what failed, where the time went.

    RUN is a name from --list or a trace.json; without one it is the latest run.
    """
    from reviewbot.cli.trace import TraceOptions, run_trace

    return run_trace(TraceOptions(**options))


@app.command()
@click.argument("node", callback=_filled)
@_option("--run", metavar="RUN", help="A run from `trace --list`, or a trace.json [the latest].")
@click.option("--planned", is_flag=True, help="Explain the next run and no earlier one.")
@_kept_options
@_option("--config", metavar="FILE", type=click.Path(), help="Settings [.reviewbot.yml].")
@_set_option
def explain(**options: Any) -> int:  # noqa: ANN401 - click hands over what it parsed
    """Say why a node ran or did not, what it was given, and what waited for it.

    NODE is a path: lint, pack/lint inside a subgraph, triage[a.py] for one item.
    """
    from reviewbot.cli.explain import run_explain

    return run_explain(**options)


@app.group()
def config() -> None:
    """Check or explain the settings of a directory."""


@config.command()
@_config_options
def check(**options: Any) -> int:  # noqa: ANN401 - click hands over what it parsed
    """Say what is wrong with the settings, or draw the review that they give."""
    from reviewbot.cli.config import run_config_check

    return run_config_check(**options)


@config.command("explain")
@_config_options
def explain_settings(**options: Any) -> int:  # noqa: ANN401 - click hands over what it parsed
    """List every setting with its value and who set it."""
    from reviewbot.cli.config import run_config_explain

    return run_config_explain(**options)


@app.command()
@click.argument("name", type=click.Choice(["review", "impact", "settings", "trace", "events"]))
def schema(name: str) -> int:
    """Print the JSON Schema of a document."""
    from reviewbot.cli.schema import run_schema

    return run_schema(name)
