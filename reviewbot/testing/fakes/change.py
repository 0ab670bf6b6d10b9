"""A Change made of texts: in memory, or with both its trees in a directory."""

from hashlib import sha1
from pathlib import Path

from reviewbot.review.analysis import Change, Tree, Trust
from reviewbot.testing.fakes.texts import Files, Texts


def change_of(texts: Texts, *, trust: Trust = Trust.UNTRUSTED) -> Change:
    """The change, for analyzers that read no files; its roots exist nowhere."""
    return _change(texts, Path("/"), trust)


def written(texts: Texts, folder: Path, *, trust: Trust = Trust.UNTRUSTED) -> Change:
    """The change, for analyzers that start tools: trees in `folder/base` and `folder/head`."""
    for side, files in (("base", texts.before), ("head", texts.after)):
        (folder / side).mkdir(parents=True)
        for path, text in files.items():
            target = folder / side / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(text.encode())
    return _change(texts, folder, trust)


def _change(texts: Texts, folder: Path, trust: Trust) -> Change:
    return Change(
        diff=texts.diff,
        head=_tree(texts.after, folder / "head"),
        base=_tree(texts.before, folder / "base"),
        trust=trust,
    )


def _tree(files: Files, root: Path) -> Tree:
    blobs = {path: blob(text) for path, text in files.items()}
    return Tree(root=str(root), commit=blob(repr(sorted(blobs.items()))), files=blobs)


def blob(text: str) -> str:
    """The id git gives a file of this text."""
    content = text.encode()
    return sha1(b"blob %d\0%s" % (len(content), content), usedforsecurity=False).hexdigest()
