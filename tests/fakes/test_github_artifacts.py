"""Runs of workflows, and archives on another host."""

import io
import zipfile

from tests.fakes.asking import Client
from tests.fakes.github.hub import Hub
from tests.fakes.github.scenario import open_pull_request

R = "/repos/demo/shapes"


def test_an_archive_lies_elsewhere_and_wants_no_token(hub: Hub, client: Client) -> None:
    opened = open_pull_request(hub, {"a": "1\n"}, {"a": "2\n"}, fork=True, author="eve")
    run = opened.finished_run({"reviewbot-report.json": b"{}"})
    here = f"{R}/actions/runs/{run.id}"
    said = client.get(here).json
    assert (said["head_sha"], said["pull_requests"]) == (opened.head, [])
    assert said["head_repository"]["id"] == opened.pull.head_repository.id  # type: ignore[union-attr]  # just made
    (row,) = client.get(f"{here}/artifacts", {"name": "reviewbot"}).json["artifacts"]
    moved = client.get(row["archive_download_url"].removeprefix(hub.api_url))
    assert (moved.status, moved.text) == (302, b"")
    location = moved.headers["location"]
    assert location.startswith(hub.blobs)
    assert not hub.blobs.startswith(hub.api_url)
    path, _, query = location.removeprefix(hub.blobs).partition("?")
    stranger = Client(hub.blobs, None)
    got = stranger.get(f"{path}?{query}")
    with zipfile.ZipFile(io.BytesIO(got.text)) as archive:
        assert archive.read("reviewbot-report.json") == b"{}"
    assert stranger.get(path).status == 403
    hub.fault("artifact", "502 html")
    assert stranger.get(f"{path}?{query}").status == 502


def test_a_token_shown_to_the_other_host_fails_the_test(hub: Hub, client: Client) -> None:
    opened = open_pull_request(hub, {"a": "1\n"}, {"a": "2\n"})
    run = opened.run_with(b"not a zip")
    (artifact,) = opened.repository.artifacts
    assert client.get(f"{R}/actions/runs/{run.id}").json["pull_requests"][0]["number"] == 1
    Client(hub.blobs, "secret").get(f"/artifacts/{artifact}.zip?sig=signed")
    hub.forgive("a token was sent to another host")


def test_an_archive_expires(hub: Hub, client: Client) -> None:
    opened = open_pull_request(hub, {"a": "1\n"}, {"a": "2\n"})
    opened.finished_run({})
    ((number, artifact),) = opened.repository.artifacts.items()
    artifact.expired = True
    assert client.get(f"{R}/actions/artifacts/{number}/zip").status == 410
    assert client.get(f"{R}/actions/artifacts/1/zip").status == 404
    assert client.get(f"{R}/actions/runs/1").status == 404
