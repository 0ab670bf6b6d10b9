"""Half of a body, cut where a paragraph ends, with everything closed that was open."""

_REST = "… the rest stands in the job summary."
_FENCES = ("```", "~~~")


def shortened(body: str) -> str:
    """The first paragraphs of a body, at most half of its bytes, and a word that there is more.

    The first paragraph stays whatever its size, for the marker stands on its first line. A cut
    never falls into a fence of code, and an open ``<details>`` is closed. Bytes are those of UTF-8.
    """
    most = len(body.encode("utf-8", "replace")) // 2
    first, *others = body.split("\n\n")
    kept, size = [first], len(first.encode("utf-8", "replace"))
    for paragraph in others:
        size += 2 + len(paragraph.encode("utf-8", "replace"))
        if size > most:
            break
        kept.append(paragraph)
    while len(kept) > 1 and _in_fence("\n\n".join(kept)):
        kept.pop()
    said = "\n\n".join(kept)
    opened = said.count("<details>") - said.count("</details>")
    return "\n\n".join((said, *(["</details>"] * opened), _REST))


def _in_fence(text: str) -> bool:
    """Whether a fence of code is open at the end."""
    return sum(line.lstrip().startswith(_FENCES) for line in text.splitlines()) % 2 == 1
