"""The page of a pull request, to look at in a browser. Nothing of it can act."""

from collections.abc import Sequence
from html import escape

from markdown_it import MarkdownIt
from markdown_it.token import Token

from tests.fakes.github.hub import Hub
from tests.fakes.github.standing import standing
from tests.fakes.github.state import Issue, Repository, Review, ReviewComment

_MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
_POLICY = (
    '<meta http-equiv="Content-Security-Policy" '
    "content=\"default-src 'none'; style-src 'unsafe-inline'\">"
)
_STYLE = """
body{font:14px/1.5 system-ui,sans-serif;max-width:1012px;margin:32px auto;color:#1f2328}
.box{border:1px solid #d1d9e0;border-radius:6px;margin:16px 0}
.head{background:#f6f8fa;padding:8px 16px;border-bottom:1px solid #d1d9e0;color:#59636e}
.head b{color:#1f2328}.body{padding:0 16px}.inline{margin:16px 32px}
pre,code{font:12px ui-monospace,monospace;background:#f6f8fa;border-radius:6px}
pre{padding:12px;overflow:auto}code{padding:2px 4px}pre code{padding:0}
table{border-collapse:collapse}td,th{border:1px solid #d1d9e0;padding:6px 13px}
.state{border-radius:2em;padding:4px 12px;color:#fff;background:#1f883d}
.label{border-radius:2em;padding:2px 8px;background:#eaeef2;margin-left:4px}
"""


def _fence(renderer: object, tokens: Sequence[Token], at: int, options: object, env: object) -> str:
    """A fence as text; one that is a suggestion says so."""
    del renderer, options, env
    token = tokens[at]
    text = f"<pre><code>{escape(token.content)}</code></pre>"
    if token.info.strip() != "suggestion":
        return text
    return f"<p><b>Suggested change</b></p>{text if token.content else '<p>without this line</p>'}"


_MARKDOWN.add_render_rule("fence", _fence)


def page_of(hub: Hub, full_name: str, number: int) -> str | None:
    """The whole page, or None when there is no such pull request."""
    found = hub.state.at(full_name)
    issue = found.issues.get(number) if found else None
    if found is None or issue is None or issue.pull is None:
        return None
    parts = [
        _heading(found, issue),
        *(_review(found, each) for each in found.reviews.values() if each.pull == number),
        *(
            _box(f"<b>{escape(each.user.login)}</b> commented", each.body, each.minimized)
            for each in found.comments.values()
            if each.issue == number
        ),
        *_checks(found, issue),
    ]
    head = f"<meta charset=utf-8><title>{escape(issue.title)}</title><style>{_STYLE}</style>"
    return f"<!doctype html>{_POLICY}{head}{''.join(parts)}"


def file_of(hub: Hub, full_name: str, commit: str, path: str) -> str | None:
    """A file of a commit with numbered lines, or None when it is not there."""
    found = hub.state.at(full_name)
    at = found.git.resolve(commit) if found else None
    entries = found.git.entries(at, path) if found and at and path else []
    if found is None or not entries or entries[0][1] != "blob":
        return None
    lines = found.git.blob(entries[0][2]).decode(errors="replace").split("\n")
    rows = [f"<a id=L{n}>{n:5}</a>  {escape(line)}" for n, line in enumerate(lines, start=1)]
    text = "\n".join(rows)
    return (
        f"<!doctype html>{_POLICY}<style>{_STYLE}</style><h3>{escape(path)}</h3><pre>{text}</pre>"
    )


def _heading(found: Repository, issue: Issue) -> str:
    assert issue.pull is not None
    state = "merged" if issue.pull.merged else "draft" if issue.pull.draft else issue.state
    labels = "".join(f"<span class=label>{escape(name)}</span>" for name in issue.labels)
    assigned = f" · assigned to {escape(', '.join(issue.assignees))}" if issue.assignees else ""
    return (
        f"<h1>{escape(issue.title)} <small>#{issue.number}</small></h1>"
        f"<p><span class=state>{state}</span> <b>{escape(issue.user.login)}</b> wants to merge into"
        f" <code>{escape(issue.pull.base_ref)}</code> of {escape(found.full_name)} from"
        f" <code>{escape(issue.pull.head_ref)}</code> at <code>{issue.pull.head[:7]}</code>"
        f"{labels}{assigned}</p>"
    )


def _review(found: Repository, review: Review) -> str:
    state = review.state.lower().replace("_", " ")
    title = f"<b>{escape(review.user.login)}</b> {state} at <code>{review.commit[:7]}</code>"
    inline = [
        _inline(found, comment)
        for comment in found.review_comments.values()
        if comment.review == review.id
    ]
    return _box(title, review.body, review.minimized) + "".join(inline)


def _inline(found: Repository, comment: ReviewComment) -> str:
    pull = found.issues[comment.pull].pull
    assert pull is not None
    line = standing(found, pull, comment).line
    where = f":{line}" if line else ":outdated" if comment.line else ", the file"
    hunk = "\n".join(comment.hunk.split("\n")[-6:])
    title = f"<b>{escape(comment.path)}</b>{where} <pre>{escape(hunk)}</pre>"
    return f"<div class=inline>{_box(title, comment.body, comment.minimized)}</div>"


def _checks(found: Repository, issue: Issue) -> list[str]:
    assert issue.pull is not None
    return [
        _box(
            f"check <b>{escape(run.name)}</b>: {run.conclusion or run.status} ·"
            f" {escape(run.output.get('title') or '')} · {len(run.annotations)} annotations",
            run.output.get("summary") or "",
            None,
        )
        for run in found.check_runs.values()
        if run.head in issue.pull.heads
    ]


def _box(title: str, body: str, minimized: str | None) -> str:
    inner = f"<div class=body>{_MARKDOWN.render(body)}</div>"
    if minimized:
        said = f"<details><summary>hidden as {minimized.lower()}</summary>{inner}</details>"
        return f"<div class=box><div class=head>{title}</div>{said}</div>"
    return f"<div class=box><div class=head>{title}</div>{inner}</div>"
