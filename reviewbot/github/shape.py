"""Does a successful answer hold what was asked for?"""

from collections.abc import Mapping

from reviewbot.github.answer import Answer, Garbled, parse_json
from reviewbot.github.call import Expected

_LARGEST_ID = 2**63 - 1
_DIFF_TYPES = ("application/vnd.github", "text/plain")


def shaped(expects: Expected, answer: Answer) -> object:
    """The content of a 2xx.

    Raises:
        Garbled: it is something else: the page of a captive portal, half an answer, nothing.
    """
    match expects:
        case "nothing":
            return parse_json(answer.text) if answer.text else None
        case "diff":
            return _diff(answer)
        case "place":
            raise Garbled("a place was asked for, and no redirect came")
        case _:
            return _checked(expects, parse_json(answer.text))


def is_id(value: object) -> bool:
    """Whether it is a number that GitHub gives to things."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value <= _LARGEST_ID


def id_in(record: object, name: str = "id") -> int | None:
    """The number of a thing in GitHub's JSON, or None when there is none."""
    value = record.get(name) if isinstance(record, Mapping) else None
    return value if isinstance(value, int) and is_id(value) else None


def _diff(answer: Answer) -> str:
    """A page of HTML and an error in JSON parse as a diff without files, so the type decides.

    Raises:
        Garbled: another media type, or a text that does not start as git's diffs do.
    """
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not kind.startswith(_DIFF_TYPES) or kind.endswith("json"):
        raise Garbled(f"a diff was asked for and {kind[:80] or 'something'} came")
    if answer.text and not answer.text.startswith("diff --git "):
        raise Garbled("a diff was asked for and a text came")
    return answer.text


def _checked(expects: Expected, value: object) -> object:
    if expects == "list":
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            raise Garbled("a list of objects was asked for")
        return value
    if not isinstance(value, Mapping):
        raise Garbled("an object was asked for")
    if expects == "item" and id_in(value) is None:
        raise Garbled("there is no id in it")
    if expects == "graphql" and not (isinstance(value.get("data"), dict) or value.get("errors")):
        raise Garbled("there is neither data nor an error in it")
    return value
