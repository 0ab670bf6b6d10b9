"""The scan itself: a program of its own, because it reads hostile bytes. Standard library only.

Standard input: ``{"files": […], "patterns": {rule: [regex, needle…]}}``, paths relative to the
working directory; a match holds a needle. Standard output: ``{"matches": [{path, rule, line,
column, end_line}], "unread": {path: reason}}``, lines and columns from 1, columns in characters. A
file in ``unread`` was still searched, unless it could not be opened; what is no Python never is.
"""

import ast
import json
import math
import re
import sys
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TypedDict

_SQL = re.compile(
    r"\s*(?:select|insert|update|delete|replace|merge|create|drop|alter|truncate|grant|with)\s",
    re.IGNORECASE,
)
_EXECUTES = frozenset({"execute", "executemany", "executescript", "raw", "read_sql", "text"})
_LOADS = frozenset(
    {
        *("pickle.load", "pickle.loads", "pickle.Unpickler", "cPickle.load", "cPickle.loads"),
        *("_pickle.load", "_pickle.loads", "dill.load", "dill.loads", "cloudpickle.load"),
        *("cloudpickle.loads", "joblib.load", "jsonpickle.decode", "pandas.read_pickle"),
        *("marshal.load", "marshal.loads", "shelve.open"),
        *("yaml.unsafe_load", "yaml.unsafe_load_all", "yaml.full_load", "yaml.full_load_all"),
    }
)
_YAML_LOADS = frozenset({"yaml.load", "yaml.load_all"})
_SAFE_LOADERS = frozenset({"SafeLoader", "CSafeLoader", "BaseLoader", "CBaseLoader"})
_SHELLS = frozenset({"os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput"})
_PASSWORD = re.compile(
    r"(?:^|_)(?:pass(?:word|wd|phrase)|pwd|secret(?:_key)?|(?:api|access|private|auth)_?key"
    r"|(?:auth|access|api|bearer)_?token)$",
    re.IGNORECASE,
)
_PLACEHOLDER = re.compile(
    r"example|placeholder|change.?me|dummy|redacted|sample|your|insert|todo|fake|mock|xxx+|\*{3}"
    r"|\.{3}|^(?:password|passwd|secret|token|key|none|null|test(?:ing)?|user|pass)$|^[<{$%\[]",
    re.IGNORECASE,
)
_LEAST_ENTROPY = 2.5
"""Shannon's entropy in bits per letter: keys of providers have 3.5 and more, ``1212`` has 1."""
_LONG_ENOUGH = 16
_SHORTEST = 6
_ORIGIN_HEADER = "access-control-allow-origin"
_ORIGIN_OPTIONS = frozenset({"allow_origins", "origins", "cors_allowed_origins"})
_CREDENTIALS = frozenset({"allow_credentials", "supports_credentials"})
_ORIGIN_SETTINGS = frozenset({"CORS_ALLOW_ALL_ORIGINS", "CORS_ORIGIN_ALLOW_ALL"})

Match = dict[str, object]


class Request(TypedDict):
    """What is read from standard input."""

    files: list[str]
    patterns: dict[str, list[str]]


def main() -> None:
    """Read the request, scan its files, print the answer."""
    sys.stdout.write(json.dumps(scan(json.load(sys.stdin))))


def scan(request: Request) -> dict[str, object]:
    """All matches in all files of a request."""
    matches: list[Match] = []
    unread: dict[str, str] = {}
    for path in request["files"]:
        try:
            text = Path(path).read_bytes().decode("utf-8-sig", "replace")
        except OSError as error:
            unread[path] = f"cannot be read: {error.strerror}"
            continue
        matches += _in_text(path, text, request["patterns"])
        if path.endswith((".py", ".pyi")):
            try:
                matches += _in_code(path, text)
            except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
                unread[path] = f"no syntax tree: {type(error).__name__}"
    return {"matches": matches, "unread": unread}


def _in_text(path: str, text: str, patterns: dict[str, list[str]]) -> Iterator[Match]:
    for rule, (pattern, *needles) in patterns.items():
        for found in re.finditer(pattern, text) if any(each in text for each in needles) else ():
            value = found.groupdict().get("secret") or found.group()
            if not is_placeholder(value):
                line = text.count("\n", 0, found.start()) + 1
                column = found.start() - text.rfind("\n", 0, found.start())
                yield {"path": path, "rule": rule, "line": line, "column": column, "end_line": line}


def is_placeholder(value: str) -> bool:
    """Whether a would-be secret is a word that stands for one, or too regular to be one."""
    shares = [count / len(value) for count in Counter(value).values()]
    entropy = -sum(share * math.log2(share) for share in shares)
    regular = len(value) >= _LONG_ENOUGH and entropy < _LEAST_ENTROPY
    return regular or bool(_PLACEHOLDER.search(value))


def _in_code(path: str, text: str) -> Iterator[Match]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = ast.parse(text)
    lines = text.split("\n")
    for rule, node in _Module(tree).matches():
        before = lines[node.lineno - 1].encode()[: node.col_offset]
        yield {
            "path": path,
            "rule": rule,
            "line": node.lineno,
            "column": len(before.decode("utf-8", "ignore")) + 1,
            "end_line": node.end_lineno or node.lineno,
        }


class _Module:
    """A syntax tree with the names that its imports and plain assignments give."""

    def __init__(self, tree: ast.Module) -> None:
        self.nodes = list(ast.walk(tree))
        self.imported = dict(_imports(self.nodes))
        self.sql = {
            target.id
            for node in self.nodes
            if isinstance(node, ast.Assign) and _is_built_sql(node.value)
            for target in node.targets
            if isinstance(target, ast.Name)
        }

    def matches(self) -> Iterator[tuple[str, ast.expr]]:
        """Every rule that matches, with the expression it matches at."""
        for node in self.nodes:
            if isinstance(node, ast.Call):
                yield from ((rule, node) for rule in self._of_call(node))
                yield from _of_keywords(node)
            elif isinstance(node, ast.Assign | ast.AnnAssign):
                yield from _of_assignment(node)
            elif isinstance(node, ast.Dict):
                yield from _of_dict(node)

    def _of_call(self, call: ast.Call) -> Iterator[str]:
        name = self._name(call.func)
        first = call.args[0] if call.args else None
        if name in ("eval", "exec", "builtins.eval", "builtins.exec"):
            if not isinstance(first, ast.Constant):
                yield "code-from-data"
        elif name in _LOADS or (name in _YAML_LOADS and not _loads_safely(call)):
            yield "unsafe-deserialization"
        elif name in _SHELLS or _is_true(_option(call, "shell")):
            if first is not None and not _is_constant(first):
                yield "shell-command-from-text"
        elif name.rpartition(".")[2] in _EXECUTES and first is not None and self._is_sql(first):
            yield "sql-built-from-text"
        yield from self._cors(call, name)

    def _cors(self, call: ast.Call, name: str) -> Iterator[str]:
        texts = [each.value for each in call.args[:2] if isinstance(each, ast.Constant)]
        sets_header = [str(each).lower() for each in texts] == [_ORIGIN_HEADER, "*"]
        options = {word.arg: word.value for word in call.keywords}
        opens = any(_is_any(options[key]) for key in _ORIGIN_OPTIONS & options.keys())
        default = name == "flask_cors.CORS" and not {"origins", "resources", None} & options.keys()
        if sets_header or opens or default:
            cookies = any(_is_true(options[key]) for key in _CREDENTIALS & options.keys())
            yield "cors-any-origin-with-credentials" if cookies else "cors-any-origin"

    def _is_sql(self, value: ast.expr) -> bool:
        if isinstance(value, ast.Name):
            return value.id in self.sql
        return _is_built_sql(value)

    def _name(self, function: ast.expr) -> str:
        """The dotted name of what is called, with import aliases resolved."""
        parts: list[str] = []
        while isinstance(function, ast.Attribute):
            parts.append(function.attr)
            function = function.value
        if isinstance(function, ast.Name):
            parts.append(self.imported.get(function.id, function.id))
        return ".".join(reversed(parts))


def _imports(nodes: list[ast.AST]) -> Iterator[tuple[str, str]]:
    for node in nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.asname:
                    yield alias.asname, alias.name
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                yield alias.asname or alias.name, f"{node.module}.{alias.name}"


def _is_built_sql(value: ast.expr) -> bool:
    """Whether SQL text and something that is no constant are put together."""
    if isinstance(value, ast.JoinedStr):
        holes = any(isinstance(part, ast.FormattedValue) for part in value.values)
        return holes and bool(_SQL.match(_leading_text(value)))
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add | ast.Mod):
        return not _is_constant(value) and bool(_SQL.match(_leading_text(value)))
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute):
        formats = value.func.attr in ("format", "format_map")
        return formats and bool(_SQL.match(_leading_text(value.func.value)))
    return False


def _leading_text(value: ast.expr) -> str:
    while isinstance(value, ast.BinOp):
        value = value.left
    if isinstance(value, ast.JoinedStr) and value.values:
        value = value.values[0]
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        return value.value
    return ""


def _is_constant(value: ast.expr) -> bool:
    """Whether nothing in it is known only at run time."""
    if isinstance(value, ast.List | ast.Tuple):
        return all(isinstance(each, ast.Constant) for each in value.elts)
    while isinstance(value, ast.BinOp):
        if not isinstance(value.right, ast.Constant):
            return False
        value = value.left
    return isinstance(value, ast.Constant)


def _option(call: ast.Call, name: str) -> ast.expr | None:
    return next((word.value for word in call.keywords if word.arg == name), None)


def _is_true(value: ast.expr | None) -> bool:
    return isinstance(value, ast.Constant) and value.value is True


def _is_any(value: ast.expr) -> bool:
    if isinstance(value, ast.List | ast.Tuple | ast.Set):
        return any(_is_any(each) for each in value.elts)
    return isinstance(value, ast.Constant) and value.value == "*"


def _loads_safely(call: ast.Call) -> bool:
    loader = call.args[1] if len(call.args) > 1 else _option(call, "Loader")
    name = loader.attr if isinstance(loader, ast.Attribute) else getattr(loader, "id", "")
    return name in _SAFE_LOADERS


def _of_keywords(call: ast.Call) -> Iterator[tuple[str, ast.expr]]:
    values = (word.value for word in call.keywords if _is_password(word.arg or "", word.value))
    return (("password-literal", value) for value in values)


def _of_assignment(node: ast.Assign | ast.AnnAssign) -> Iterator[tuple[str, ast.expr]]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    if (value := node.value) is None:
        return
    for target in targets:
        name = _target_name(target)
        opens = name in _ORIGIN_SETTINGS and _is_true(value)
        if opens or (name.lower() == _ORIGIN_HEADER and _is_any(value)):
            yield "cors-any-origin", target
        elif _is_password(name, value):
            yield "password-literal", value


def _target_name(target: ast.expr) -> str:
    if isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Constant):
        return str(target.slice.value)
    return target.attr if isinstance(target, ast.Attribute) else getattr(target, "id", "")


def _of_dict(node: ast.Dict) -> Iterator[tuple[str, ast.expr]]:
    for key, value in zip(node.keys, node.values, strict=True):
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            if key.value.lower() == _ORIGIN_HEADER and _is_any(value):
                yield "cors-any-origin", key
            elif _is_password(key.value, value):
                yield "password-literal", value


def _is_password(name: str, value: ast.expr) -> bool:
    """A literal of six letters or more, without spaces, that is no word for a secret."""
    if not (_PASSWORD.search(name) and isinstance(value, ast.Constant)):
        return False
    text = value.value
    if not isinstance(text, str) or len(text) < _SHORTEST or any(map(str.isspace, text)):
        return False
    return text.lower() != name.lower() and not is_placeholder(text)


if __name__ == "__main__":
    main()
