"""Which options of a repository's mypy configuration we pass on.

Everything else is dropped: options that run code or write files, and those that are ours to
decide. From ``PER_MODULE_OPTIONS`` of mypy/options.py and mypy's documentation of its
configuration file; a test compares the list with the installed mypy.
"""

PER_MODULE = frozenset(
    {
        "allow_redefinition",
        "allow_redefinition_new",
        "allow_redefinition_old",
        "allow_untyped_globals",
        "always_false",
        "always_true",
        "check_unreachable",
        "check_untyped_defs",
        "disable_error_code",
        "disallow_any_decorated",
        "disallow_any_explicit",
        "disallow_any_expr",
        "disallow_any_generics",
        "disallow_any_unimported",
        "disallow_incomplete_defs",
        "disallow_subclassing_any",
        "disallow_untyped_calls",
        "disallow_untyped_decorators",
        "disallow_untyped_defs",
        "enable_error_code",
        "extra_checks",
        "follow_imports",
        "follow_imports_for_stubs",
        "follow_untyped_imports",
        "ignore_errors",
        "ignore_missing_imports",
        "implicit_optional",
        "implicit_reexport",
        "local_partial_types",
        "strict_concatenate",
        "strict_equality",
        "strict_equality_for_none",
        "strict_optional",
        "warn_no_return",
        "warn_return_any",
        "warn_unreachable",
        "warn_unused_ignores",
    }
)
"""Options that may stand globally and in the section of a module."""

GLOBAL = PER_MODULE | {
    "deprecated_calls_exclude",
    "disable_bytearray_promotion",
    "disable_memoryview_promotion",
    "enable_incomplete_feature",
    "explicit_package_bases",
    "mypy_path",
    "namespace_packages",
    "platform",
    "python_version",
    "report_deprecated_as_note",
    "strict",
    "strict_bytes",
    "untyped_calls_exclude",
    "warn_redundant_casts",
}
"""Options that may stand globally."""

OURS = frozenset(
    {
        "cache_dir",
        "cache_fine_grained",
        "color_output",
        "error_summary",
        "exclude",
        "files",
        "hide_error_codes",
        "incremental",
        "local_cache",
        "modules",
        "native_parser",
        "num_workers",
        "output",
        "packages",
        "pretty",
        "show_absolute_path",
        "show_column_numbers",
        "show_error_code_links",
        "show_error_codes",
        "show_error_context",
        "show_error_end",
        "show_traceback",
        "skip_cache_mtime_checks",
        "sqlite_cache",
        "verbosity",
        "warn_incomplete_stub",
        "warn_unused_configs",
    }
)
"""Options that change how mypy runs or prints, not what it finds: left out without a word."""


def is_allowed(key: str, allowed: frozenset[str]) -> bool:
    """Whether a key, or the key it is the opposite of, is in the list.

    mypy reads ``no_x`` as not ``x``, ``allow_x`` as not ``disallow_x`` and ``disallow_x`` as not
    ``allow_x`` (``parse_section`` of mypy/config_parser.py).
    """
    spellings = {key, key.removeprefix("no_")}
    if key.startswith("allow"):
        spellings.add(f"dis{key}")
    if key.startswith("disallow"):
        spellings.add(key.removeprefix("dis"))
    return not spellings.isdisjoint(allowed)
