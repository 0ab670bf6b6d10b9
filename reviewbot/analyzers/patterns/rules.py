"""What the built-in scan looks for: one table."""

from dataclasses import dataclass
from enum import Enum

from reviewbot.review.finding import Confidence, Severity


class Concern(Enum):
    """What a rule is about."""

    SECRET = "secret"  # noqa: S105 -- the name of a concern
    CORS = "cors"
    CODE = "code"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One thing that should not be in a program.

    Attributes:
        id: stable, for suppressions and links.
        message: one line.
        impact: what can go wrong.
        remediation: what to do instead.
        cwe: number of the weakness at cwe.mitre.org.
        pattern: a regular expression over the text of any file, comments included; empty for a
            rule over the syntax tree, which ``scan.py`` knows by its id.
        needles: every match of the pattern holds one of them; plain text is found a hundred times
            quicker than a pattern, and nearly no file has any.
    """

    id: str
    concern: Concern
    message: str
    impact: str
    remediation: str
    cwe: int
    severity: Severity = Severity.ERROR
    confidence: Confidence = Confidence.HIGH
    pattern: str = ""
    needles: tuple[str, ...] = ()


_LEAKED = "Whoever can read the repository, now or in its history, can use it."
_ROTATE = "Revoke it, make a new one, and read it from the environment or a secret store."


def _secret(
    kind: str, what: str, needles: str, pattern: str, confidence: Confidence = Confidence.HIGH
) -> Rule:
    return Rule(
        id=f"secret-{kind}",
        concern=Concern.SECRET,
        message=f"{what} in the source",
        impact=_LEAKED,
        remediation=_ROTATE,
        cwe=798,
        confidence=confidence,
        pattern=pattern,
        needles=tuple(needles.split()),
    )


_SECRETS = (
    _secret("aws", "AWS access key id", "AKIA ASIA", r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    _secret(
        "github",
        "GitHub token",
        "ghp_ gho_ ghu_ ghs_ ghr_ github_pat_",
        r"\b(?:gh[pousr]_\w{36,255}|github_pat_\w{60,255})\b",
    ),
    _secret("gitlab", "GitLab token", "glpat-", r"\bglpat-[\w-]{20,255}"),
    _secret("slack", "Slack token", "xox", r"\bxox[abeprs]-[0-9A-Za-z-]{20,255}"),
    _secret(
        "slack-hook",
        "Slack webhook address",
        "hooks.slack.com",
        r"hooks\.slack\.com/services/T\w{5,20}/B\w{5,20}/\w{16,64}",
    ),
    _secret("stripe", "Stripe live key", "k_live_", r"\b[sr]k_live_[0-9a-zA-Z]{20,255}"),
    _secret("google", "Google API key", "AIza", r"\bAIza[\w-]{35}"),
    _secret("anthropic", "Anthropic API key", "sk-ant-", r"\bsk-ant-[\w-]{24,255}"),
    _secret("openai", "OpenAI API key", "sk-", r"\bsk-(?!ant-)(?:proj-)?[\w-]{32,255}"),
    _secret("pypi", "PyPI token", "pypi-", r"\bpypi-AgEIcHlwaS5vcmc[\w-]{50,255}"),
    _secret("npm", "npm token", "npm_", r"\bnpm_[A-Za-z0-9]{36}\b"),
    _secret("sendgrid", "SendGrid key", "SG.", r"\bSG\.[\w-]{22}\.[\w-]{43}"),
    _secret("huggingface", "Hugging Face token", "hf_", r"\bhf_[A-Za-z0-9]{34,64}\b"),
    _secret(
        "jwt",
        "JSON web token",
        "eyJ",
        r"\beyJ[\w-]{10,400}\.eyJ[\w-]{10,400}\.[\w-]{10,400}",
        Confidence.MEDIUM,
    ),
    _secret(
        "private-key",
        "Private key",
        "-----BEGIN",
        r"-----BEGIN (?:[A-Z]{2,9} ){0,2}PRIVATE KEY(?: BLOCK)?-----",
    ),
    _secret(
        "url-password",
        "Password in an address",
        "://",
        r"\b[a-z][a-z0-9+.-]{1,20}://[^\s:/@'\"]{1,64}:(?P<secret>[^\s:/@'\"]{3,64})@",
        Confidence.MEDIUM,
    ),
)
"""Well-known prefixes with the length their providers give them; bounded, so that no text is slow.

``scan.py`` drops placeholders: repeated letters, words such as ``example``, ``${…}``.
"""

_CORS = (
    Rule(
        id="cors-any-origin",
        concern=Concern.CORS,
        message="CORS allows every origin",
        impact="A page that a user visits can read what this service answers to that user.",
        remediation="List the origins that need it.",
        cwe=942,
        severity=Severity.WARNING,
    ),
    Rule(
        id="cors-any-origin-with-credentials",
        concern=Concern.CORS,
        message="CORS allows every origin, with cookies",
        impact="A page that a user visits can act with that user's session.",
        remediation="List the origins that need it, or turn credentials off.",
        cwe=942,
    ),
)

_CODE = (
    Rule(
        id="sql-built-from-text",
        concern=Concern.CODE,
        message="SQL is built from text and values",
        impact="A value can make it read, change or delete other rows.",
        remediation="Pass the values as parameters of execute().",
        cwe=89,
        confidence=Confidence.MEDIUM,
    ),
    Rule(
        id="code-from-data",
        concern=Concern.CODE,
        message="eval() or exec() of what is no constant",
        impact="Whoever controls the text runs code with the rights of the program.",
        remediation="Use ast.literal_eval(), a parser or a table of functions.",
        cwe=95,
    ),
    Rule(
        id="unsafe-deserialization",
        concern=Concern.CODE,
        message="Loading a format that can hold code",
        impact="Data made by somebody else runs code when it is loaded.",
        remediation="Use JSON, or yaml.safe_load().",
        cwe=502,
        severity=Severity.WARNING,
    ),
    Rule(
        id="shell-command-from-text",
        concern=Concern.CODE,
        message="A shell runs a command that is built at run time",
        impact="A value that reaches the command line can add commands of its own.",
        remediation="Pass a list of arguments and leave the shell out.",
        cwe=78,
        confidence=Confidence.MEDIUM,
    ),
    Rule(
        id="password-literal",
        concern=Concern.CODE,
        message="A password or key is written in the source",
        impact=_LEAKED,
        remediation=_ROTATE,
        cwe=798,
        severity=Severity.WARNING,
        confidence=Confidence.MEDIUM,
    ),
)

RULES = {rule.id: rule for rule in (*_SECRETS, *_CORS, *_CODE)}
