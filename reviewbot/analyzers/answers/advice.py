"""What can go wrong and what to do, for the weaknesses that bandit and ruff number alike."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from reviewbot.review.finding import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What can go wrong, and what to do instead."""

    impact: str
    remediation: str


def _advice(impact: str, remediation: str) -> Advice:
    return Advice(impact=impact, remediation=remediation)


_SHELL = _advice(
    "A value that reaches the command line can add commands of its own.",
    "Pass a list of arguments without shell=True; quote with shlex.quote() where a shell must be.",
)
_SQL = _advice(
    "A value can change what the statement does: read, change or delete other rows.",
    "Pass values as parameters of the query; take names of tables and columns from a fixed set.",
)
_PASSWORD = _advice(
    "Whoever can read the repository, now or in its history, can use it.",
    "Revoke it, make a new one, and read it from the environment or a secret store.",
)
_LOADING = _advice(
    "Data made by somebody else runs code when it is loaded.",
    "Use JSON or another format without code, or verify a signature before loading.",
)
_HASH = _advice(
    "Collisions can be made: a signature or checksum by it proves nothing.",
    "Use SHA-256 or better; say usedforsecurity=False where no secret depends on it.",
)
_CERTIFICATE = _advice(
    "Anybody on the way can read and change what is sent.",
    "Leave verification on; name a CA file for a private authority.",
)
_PROTOCOL = _advice(
    "What is sent, passwords included, can be read on the way.",
    "Use the encrypted successor: SSH, SFTP or HTTPS.",
)
_XML = _advice(
    "A small document can use up all memory or read local files.",
    "Use defusedxml for documents of others.",
)
_ESCAPING = _advice(
    "A value can put script into the page of another user.",
    "Leave escaping on; mark only constants as safe.",
)
_SWALLOWED = _advice(
    "A failure goes unnoticed, and the program continues with what it has not done.",
    "Catch the one error that is expected, and log it.",
)
_EVALUATED = _advice(
    "Whoever controls the text runs code with the rights of the program.",
    "Use ast.literal_eval(), a parser or a table of functions.",
)
_TEMPORARY = _advice(
    "Another user of the machine can put a file or link there first.",
    "Use tempfile.NamedTemporaryFile() or mkdtemp().",
)

ADVICE: Mapping[str, Advice] = {
    "101": _advice("python -O removes the check.", "Raise an error where the check matters."),
    **dict.fromkeys(("102", "307"), _EVALUATED),
    "103": _advice("Other users of the machine can change the file.", "Use 0o600 or 0o700."),
    "104": _advice(
        "Every network the machine is on can reach the service.",
        "Bind to 127.0.0.1 or to the one address that is meant.",
    ),
    **dict.fromkeys(("105", "106", "107"), _PASSWORD),
    **dict.fromkeys(("108", "306"), _TEMPORARY),
    **dict.fromkeys(("110", "112"), _SWALLOWED),
    "113": _advice("A server that never answers stops the program.", "Pass timeout=."),
    "201": _advice(
        "The debugger in the browser runs code for every visitor.", "Turn debug off outside tests."
    ),
    "202": _advice(
        "A member named ../x is written outside the directory.",
        "Pass filter='data' to extract() and extractall().",
    ),
    **dict.fromkeys(("301", "302", "506", "614"), _LOADING),
    **dict.fromkeys(("303", "324"), _HASH),
    **dict.fromkeys(("308", "702", "703", "704", "701"), _ESCAPING),
    "310": _advice(
        "An address like file:/etc/passwd reads local files.", "Check the scheme before opening."
    ),
    "311": _advice("Its numbers can be predicted.", "Use secrets for tokens and keys."),
    **dict.fromkeys(("312", "321", "401", "402"), _PROTOCOL),
    **dict.fromkeys(("313", "314", "315", "316", "317", "318", "319", "320"), _XML),
    **dict.fromkeys(("323", "501", "507"), _CERTIFICATE),
    **dict.fromkeys(("601", "602", "604", "605", "609"), _SHELL),
    **dict.fromkeys(("608", "610", "611"), _SQL),
}
"""Number of the rule without its letter → advice; the texts are ours."""


def advised(finding: Finding) -> Finding:
    """A finding of bandit or of ruff's S rules with what we have to say about it."""
    advice = ADVICE.get(finding.rule[1:])
    if advice is None:
        return finding
    return replace(finding, impact=advice.impact, remediation=advice.remediation)
