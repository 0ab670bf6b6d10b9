"""What the server says of a change is what git says, and git itself can fetch it."""

import base64
import subprocess
from pathlib import Path

import pytest

from tests.fakes.asking import Client
from tests.fakes.github.hub import Hub
from tests.fakes.github.repository import Files
from tests.fakes.github.scenario import Opened, host, open_pull_request
from tests.fakes.repository import Link, Repository

R = "/repos/demo/shapes"
DIFF = {"Accept": "application/vnd.github.v3.diff"}


def _fetch(where: Path, url: str, ref: str, token: str | None) -> subprocess.CompletedProcess[str]:
    said = base64.b64encode(f"x-access-token:{token}".encode()).decode()
    settings = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "http.extraHeader"}
    settings["GIT_CONFIG_VALUE_0"] = f"Authorization: Basic {said}" if token else "X-None: 1"
    return subprocess.run(
        ["git", "-C", str(where), "fetch", "-q", "--depth=1", url, ref],
        env={"PATH": "/usr/bin:/bin", "GIT_TERMINAL_PROMPT": "0", **settings},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    return Repository.create(tmp_path / "clone").root


def test_git_fetches_the_head_and_any_commit(hub: Hub, opened: Opened, empty: Path) -> None:
    token = hub.actions_token()
    first = opened.head
    opened.force_push({"a.py": "other\n"})
    for ref in ("refs/pull/1/head", first):
        assert _fetch(empty, opened.clone_url, ref, token).returncode == 0
    found = subprocess.check_output(["git", "-C", str(empty), "cat-file", "-t", opened.head])
    assert found == b"commit\n"


@pytest.mark.parametrize("ref", ["topic-1", "refs/pull/1/merge", "refs/heads/topic-1"])
def test_the_branch_of_a_pull_request_is_not_there(
    hub: Hub, opened: Opened, empty: Path, ref: str
) -> None:
    assert _fetch(empty, opened.clone_url, ref, hub.actions_token()).returncode != 0


def test_git_needs_a_token_that_may_read_contents(hub: Hub, opened: Opened, empty: Path) -> None:
    for token in (None, "wrong"):
        refused = _fetch(empty, opened.clone_url, "main", token)
        assert "terminal prompts disabled" in refused.stderr or "Authentication" in refused.stderr
    weak = _fetch(empty, opened.clone_url, "main", hub.actions_token(pull_requests="write"))
    assert "not found" in weak.stderr


def test_git_follows_a_renamed_repository(hub: Hub, opened: Opened, empty: Path) -> None:
    old = opened.clone_url
    hub.rename("demo/shapes", "demo/forms")
    assert _fetch(empty, old, "refs/pull/1/head", hub.actions_token()).returncode == 0


def test_files_and_diff_are_those_of_git(hub: Hub, tmp_path: Path, client: Client) -> None:
    tree = Repository.create(tmp_path / "tree")
    lines = "".join(f"{number}\n" for number in range(30))
    base = tree.commit(
        {
            "edited.py": lines,
            "moved.py": lines + "m\n",
            "gone.py": "g\n",
            "café.py": "é\n",
            "kind.py": "k\n",
            "picture": b"\0\1",
            "mode.sh": "s\n",
        }
    )
    tree.write({"kind.py": Link("edited.py"), "picture": b"\0\2", "café.py": b"\xe9\n"})
    (tree.root / "mode.sh").chmod(0o755)
    (tree.root / "over").mkdir()
    tree.git("mv", "moved.py", "over/there b.py")
    head = tree.commit(
        {"edited.py": lines.replace("7\n", "x\n"), "empty.py": ""}, delete=["gone.py"]
    )
    opened = host(hub, tree, base, head)
    files = {row["filename"]: row for row in client.get(f"{R}/pulls/1/files").json}
    said = tree.git("diff-tree", "-r", "-M", "--numstat", "-z", base, head)
    assert len(files) == said.count("\t") // 2 == client.get(f"{R}/pulls/1").json["changed_files"]
    assert {name: row["status"] for name, row in files.items()} == {
        "edited.py": "modified",
        "empty.py": "added",
        "gone.py": "removed",
        "over/there b.py": "renamed",
        "café.py": "modified",
        "kind.py": "changed",
        "picture": "modified",
        "mode.sh": "modified",
    }
    assert files["over/there b.py"]["previous_filename"] == "moved.py"
    assert (files["edited.py"]["additions"], files["edited.py"]["deletions"]) == (3, 3)
    without = {name for name, row in files.items() if "patch" not in row}
    assert without == {"over/there b.py", "empty.py", "picture", "mode.sh"}
    text = client.get(f"{R}/pulls/1", headers=DIFF)
    assert text.text == opened.repository.git.diff(base, head)
    assert text.headers["content-type"].startswith("application/vnd.github.v3.diff")


def test_the_change_is_what_the_branch_did_and_not_what_its_base_did(
    opened: Opened, client: Client
) -> None:
    before = client.get(f"{R}/pulls/1/files").json
    opened.advance_base({"elsewhere.py": "e\n"})
    assert client.get(f"{R}/pulls/1/files").json == before
    compared = client.get(f"{R}/compare/main...{opened.head}").json
    assert compared["merge_base_commit"]["sha"] == opened.pull.base
    assert (compared["status"], compared["ahead_by"], compared["behind_by"]) == ("diverged", 1, 1)
    assert len(compared["files"]) == len(before)


def test_another_base_is_another_change(opened: Opened, client: Client) -> None:
    other = opened.retarget("release", {"new.py": "n = 1\n"})
    said = client.get(f"{R}/pulls/1").json
    assert (said["base"]["ref"], said["base"]["sha"]) == ("release", other)
    assert said["head"]["sha"] == opened.head


@pytest.mark.parametrize(
    ("files", "word"),
    [
        ({f"f{number}.txt": "x\n" for number in range(301)}, "files (300)"),
        ({"long.txt": "x\n" * 20_001}, "lines (20000)"),
        ({"big.txt": "x" * 1_000_001}, "1000000"),
    ],
    ids=["files", "lines", "bytes"],
)
def test_a_diff_that_is_too_large_is_refused(
    hub: Hub, client: Client, files: dict[str, str], word: str
) -> None:
    open_pull_request(hub, {"a": "1\n"}, files)
    refused = client.get(f"{R}/pulls/1", headers=DIFF)
    assert (refused.status, refused.json["errors"][0]["code"]) == (406, "too_large")
    assert word in refused.json["message"]
    assert client.get(f"{R}/pulls/1").json["changed_files"] == len(files)


def test_a_list_of_files_ends_at_three_thousand(hub: Hub, client: Client) -> None:
    open_pull_request(hub, {"a": "1\n"}, {f"f{number}": "x\n" for number in range(3001)})
    last = client.get(f"{R}/pulls/1/files", {"per_page": 100, "page": 30})
    assert (len(last.json), "next" in last.headers["link"]) == (100, False)
    assert client.get(f"{R}/pulls/1").json["changed_files"] == 3001


def test_contents_are_files_folders_and_links(hub: Hub, client: Client) -> None:
    files: Files = {"src/a b.py": "é\n", "src/deep/c.py": "c\n", "to": Link("src")}
    opened = open_pull_request(hub, files, {"src/a b.py": "new\n"})
    file = client.get(f"{R}/contents/src/a%20b.py", {"ref": "main"}).json
    assert base64.b64decode(file["content"]).decode() == "é\n"
    head = client.get(f"{R}/contents/src/a%20b.py", {"ref": opened.head}).json
    assert base64.b64decode(head["content"]) == b"new\n"
    folder = client.get(f"{R}/contents/src").json
    assert [(row["name"], row["type"]) for row in folder] == [("a b.py", "file"), ("deep", "dir")]
    assert client.get(f"{R}/contents/to").json["target"] == "src"
    assert client.get(f"{R}/contents/nothing").status == 404
    raw = client.get(
        f"{R}/contents/src/deep/c.py", headers={"Accept": "application/vnd.github.raw"}
    )
    assert raw.text == b"c\n"


def test_a_commit_says_what_it_did(opened: Opened, client: Client) -> None:
    said = client.get(f"{R}/commits/{opened.head}").json
    assert said["parents"][0]["sha"] == opened.pull.base
    assert {file["filename"] for file in said["files"]} == {"a.py", "gone.py", "new.py"}
    assert client.get(f"{R}/commits/{'0' * 40}").status == 422
    listed = client.get(f"{R}/pulls/1/commits").json
    assert [commit["sha"] for commit in listed] == [opened.head]
    status = {"state": "success", "context": "reviewbot"}
    assert client.post(f"{R}/statuses/{opened.head}", status).json["state"] == "success"
