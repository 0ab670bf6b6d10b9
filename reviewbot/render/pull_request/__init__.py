"""What is posted on a pull request, and what is shown in its place when nothing may be posted."""

from reviewbot.render.pull_request.commands import render_commands
from reviewbot.render.pull_request.step_summary import render_step_summary
from reviewbot.render.pull_request.words import GitHubWords

__all__ = ["GitHubWords", "render_commands", "render_step_summary"]
