"""Who does the work, told by what it does: module, name and bytecode, without lines and files."""

import types
from collections.abc import Callable
from functools import lru_cache, partial
from hashlib import sha256
from typing import Any, TypeAlias

Identity: TypeAlias = tuple[object, ...]
Carried: TypeAlias = Callable[[Any], str]

_CODE = (
    types.FunctionType,
    types.BuiltinFunctionType,
    types.MethodType,
    partial,
    type,
)


def is_code(value: object) -> bool:
    """Whether it counts by its code: a function, a method, a partial of one, or a class."""
    return isinstance(value, _CODE)


def identity(run: Any, carried: Carried, above: tuple[int, ...] = ()) -> Identity:  # noqa: ANN401 - any callable
    """Nested tuples of texts that are the same for the same code in every process.

    `carried` tells the content of what the code takes along: defaults, closures, the arguments of a
    partial, the fields of an object. `above` are the functions this one stands in a closure of.
    """
    if id(run) in above:
        return ("itself", above.index(id(run)))
    if isinstance(run, partial):
        inner = identity(run.func, carried, above)
        return ("partial", inner, carried(run.args), carried(run.keywords))
    if isinstance(run, types.MethodType):
        return ("method", identity(run.__func__, carried, above), carried(run.__self__))
    if isinstance(run, types.FunctionType):
        return _function(run, carried, (*above, id(run)))
    if is_code(run):
        return ("named", run.__module__, run.__qualname__)
    return _object(run, carried, above)


def _function(run: types.FunctionType, carried: Carried, above: tuple[int, ...]) -> Identity:
    cells = tuple(_cell(cell, carried, above) for cell in run.__closure__ or ())
    defaults = (carried(run.__defaults__), carried(run.__kwdefaults__))
    return (run.__module__, run.__qualname__, _bytecode(run.__code__), *defaults, cells)


def _cell(cell: types.CellType, carried: Carried, above: tuple[int, ...]) -> object:
    try:
        content = cell.cell_contents
    except ValueError:  # a name that the enclosing function has not bound yet
        return "empty"
    return identity(content, carried, above) if is_code(content) else carried(content)


def _object(run: Any, carried: Carried, above: tuple[int, ...]) -> Identity:  # noqa: ANN401 - as above
    kind = type(run)
    call = getattr(kind, "__call__", None)  # noqa: B004 - the method itself is asked for
    code = identity(call, carried, above) if isinstance(call, types.FunctionType) else ()
    return ("object", kind.__module__, kind.__qualname__, code, carried(run))


@lru_cache(maxsize=4096)
def _bytecode(code: types.CodeType) -> str:
    """The digest of a code object: many functions share one."""
    constants = tuple(_constant(each) for each in code.co_consts)
    names = (code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars)
    parts = (code.co_code.hex(), code.co_flags, constants, names)
    return sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _constant(value: object) -> object:
    if isinstance(value, types.CodeType):
        return _bytecode(value)
    if isinstance(value, frozenset):  # `x in {...}`: its order is another in every process
        return ("set", sorted(map(repr, value)))
    return (type(value).__name__, repr(value))
