"""A stored credential is found wherever a checkout or a person leaves one, and never shown."""

from pathlib import Path

import pytest

from reviewbot.review.analysis import Trust
from reviewbot.workspace.credentials import credentials_in, stored_credentials
from tests.fakes.repository import Repository
from tests.workspace.conftest import opened

CANARY = "canary7f3a91c2canary7f3a91c2"
HOLDS = {
    f'[http "https://example.org/"]\n\textraheader = AUTHORIZATION: basic {CANARY}\n': (
        "http.*.extraheader"
    ),
    f"[http]\n\textraheader = {CANARY}\n": "http.extraheader",
    f'[remote "origin"]\n\turl = https://me:{CANARY}@example.org/a\n': "remote.*.url",
    f'[remote "origin"]\n\turl = https://{CANARY}@example.org/a\n': "remote.*.url",
    f'[url "https://x:{CANARY}@example.org/"]\n\tinsteadOf = https://example.org/\n': (
        "url.*.insteadof"
    ),
    "[credential]\n\thelper = store\n": "credential.helper",
    f'[credential "https://x"]\n\thelper = "!echo password={CANARY}"\n': "credential.*.helper",
    "[core]\n\tsshCommand = ssh -i /tmp/key\n": "core.sshcommand",
    f"[sendemail]\n\tsmtpPass = {CANARY}\n": "sendemail.smtppass",
    f"[github]\n\ttoken = {CANARY}\n": "github.token",
}
HARMLESS = (
    "",
    "[core]\n\tbare = false\n\tsshCommand = ssh -o BatchMode=yes\n",
    '[remote "origin"]\n\turl = https://example.org/a\n\tpushurl = git@example.org:a.git\n',
    '[remote "origin"]\n\turl = ssh://git@example.org/a\n',
    '[remote "origin"]\n\turl = https://me@example.org/a\n',
    "[http]\n\textraheader =\n[credential]\n\thelper =\n",
    "# [http]\n#\textraheader = x\n",
)


@pytest.mark.feature("Q02")
@pytest.mark.parametrize("text", HOLDS)
def test_a_setting_that_holds_a_credential_is_named_without_it(text: str) -> None:
    assert credentials_in(text) == (HOLDS[text],)


@pytest.mark.parametrize("text", HARMLESS)
def test_other_settings_are_no_credentials(text: str) -> None:
    assert credentials_in(text) == ()


@pytest.mark.feature("Q02")
def test_a_file_that_is_included_is_looked_into_once(repo: Repository, tmp_path: Path) -> None:
    repo.commit({"a.py": "x = 1\n"})
    kept = tmp_path / "temp" / "git-credentials-1.config"
    kept.parent.mkdir()
    kept.write_text(f"[include]\n\tpath = git-credentials-1.config\n{next(iter(HOLDS))}")
    repo.git("config", f"includeIf.gitdir:{repo.root}/.git.path", str(kept))

    found = stored_credentials([repo.root / ".git"], temporary=str(kept.parent))

    assert found == (f"{kept} (http.*.extraheader)",)


@pytest.mark.feature("Q02")
def test_every_place_is_looked_into(repo: Repository, tmp_path: Path) -> None:
    header, home, temporary = next(iter(HOLDS)), tmp_path / "home", tmp_path / "temp"
    places = {
        repo.root / ".git" / "modules" / "libs" / "one" / "config": header,
        repo.root / ".git" / "modules" / "info" / "config": header,
        repo.root / ".git" / "worktrees" / "two" / "config.worktree": header,
        temporary / "3f2a" / "config": header,
        temporary / "key": "-----BEGIN OPENSSH PRIVATE KEY-----\n",
        home / ".gitconfig": header,
        home / ".git-credentials": CANARY,
        home / ".netrc": CANARY,
        home / ".ssh" / "id_ed25519": CANARY,
    }
    for path, text in {**places, home / ".ssh" / "id_ed25519.pub": "public"}.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    found = stored_credentials([repo.root / ".git"], home=str(home), temporary=str(temporary))

    assert sorted(each.partition(" (")[0] for each in found) == sorted(map(str, places))
    assert CANARY not in "".join(found)


def test_places_that_are_not_there_hold_nothing(tmp_path: Path) -> None:
    gone = tmp_path / "gone"

    assert stored_credentials([gone], home=str(gone), temporary=str(gone)) == ()


@pytest.mark.feature("Q02")
@pytest.mark.parametrize("untrusted", [True, False])
def test_a_strangers_change_says_what_it_could_read(
    untrusted: bool,  # noqa: FBT001 - a table gives it
    repo: Repository,
) -> None:
    repo.commit({"a.py": "x = 1\n"})
    repo.commit({"a.py": "x = 2\n"})
    repo.git("config", "http.https://example.org/.extraheader", CANARY)

    with opened(repo, base="HEAD~1", untrusted=untrusted) as found:
        named = (f"{repo.root}/.git/config (http.*.extraheader)",)
        assert (found.change.trust is Trust.UNTRUSTED) is untrusted
        assert found.change.exposed == (named if untrusted else ())
