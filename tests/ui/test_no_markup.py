"""No text of a customer reaches an API that parses markup (faults F2, libraries.md 2).

An AST look at every file of `ui`: what those APIs are given must be a literal without brackets or
something that makes `Content`. Stricter than needed, so that it cannot be argued with.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import wa_console.ui

ROOT = Path(wa_console.ui.__file__).parent
FILES = sorted(ROOT.rglob("*.py"))

# Callables that parse their first argument as markup when it is a `str`.
PARSING = frozenset(
    {
        "Static", "Label", "Button", "Checkbox", "RadioButton", "Option", "Collapsible", "Tab",
        "TabPane", "Placeholder", "Tooltip", "ListItem", "DataTable", "Tree", "Select",
        "SelectionList", "RichLog",
    }
)  # fmt: skip
# The same for a second argument: Hit(score, display, …).
SECOND = {"Hit": 1, "DiscoveryHit": 0}
METHODS = frozenset({"update", "add_option", "set_options", "replace_option_prompt_at_index"})
ATTRIBUTES = frozenset({"border_title", "border_subtitle", "tooltip", "label"})
BANNED = frozenset({"escape", "Markdown", "from_ansi", "from_markup", "render_markup"})
# Receivers of `.update(…)` that are no widgets.
NO_WIDGETS = frozenset({"_messages", "seen", "values", "cache", "_values"})


def content_makers(tree: ast.Module) -> set[str]:
    """Return the functions of a file that say they return Content."""
    return {
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and isinstance(node.returns, ast.Name)
        and node.returns.id == "Content"
    }


def name_of(node: ast.expr) -> str:
    """Return the last part of a dotted name, empty for anything else."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def content_names(tree: ast.Module, makers: set[str]) -> set[str]:
    """Return the names that are only ever bound to Content: assigned, or annotated so."""
    names: dict[str, bool] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    good = is_content(node.value, makers, set())
                    names[target.id] = names.get(target.id, True) and good
        elif isinstance(node, ast.arg) and node.annotation is not None:
            if ast.unparse(node.annotation) in ("Content", "list[Content]"):
                names[node.arg] = names.get(node.arg, True)
        elif isinstance(node, ast.comprehension) and isinstance(node.target, ast.Name):
            good = name_of(node.iter) in names
            names[node.target.id] = names.get(node.target.id, True) and good
    return {name for name, good in names.items() if good}


def is_content(node: ast.expr, makers: set[str], names: set[str]) -> bool:
    """Whether an expression can only be Content, or a literal that holds no markup."""
    match node:
        case ast.Constant(value=None):
            return True
        case ast.Constant(value=str(text)):
            return "[" not in text
        case ast.Call(func=ast.Name(id="Content")):
            return True
        case ast.Call(func=ast.Attribute(value=ast.Name(id="Content"), attr=attr)):
            return attr not in BANNED
        case ast.Call(func=ast.Attribute(value=ast.Call() as inner, attr="join")):
            return is_content(inner, makers, names)
        case ast.Call(func=func):
            return name_of(func) in makers
        case ast.Await(value=value):
            return is_content(value, makers, names)
        case ast.IfExp(body=body, orelse=orelse):
            return is_content(body, makers, names) and is_content(orelse, makers, names)
        case ast.Name(id=name):
            return name in names
        case ast.Starred(value=value):
            return is_content(value, makers, names)
        case _:
            return False


def suspects(source: str) -> list[str]:
    """Return every place where text could be parsed as markup."""
    tree = ast.parse(source)
    makers = content_makers(tree)
    names = content_names(tree, makers)
    found: list[str] = []

    def check(value: ast.expr, what: str) -> None:
        if isinstance(value, ast.Starred | ast.GeneratorExp | ast.ListComp):
            return  # their elements are looked at where they are made
        if not is_content(value, makers, names):
            found.append(f"{value.lineno}: {what} {ast.unparse(value)[:60]}")

    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Attribute) and target.attr in ATTRIBUTES:
                    check(node.value, target.attr)
        if not isinstance(node, ast.Call):
            continue
        name = name_of(node.func)
        if name in BANNED:
            found.append(f"{node.lineno}: {name}()")
        if name == "notify" and not any(
            k.arg == "markup" and isinstance(k.value, ast.Constant) and k.value.value is False
            for k in node.keywords
        ):
            found.append(f"{node.lineno}: notify without markup=False")
        if name in PARSING and node.args:
            check(node.args[0], name)
        if name in SECOND and len(node.args) > SECOND[name]:
            check(node.args[SECOND[name]], name)
        if (
            name in METHODS
            and isinstance(node.func, ast.Attribute)
            and node.args
            and name_of(node.func.value) not in NO_WIDGETS
        ):
            check(node.args[-1], name)
        found += [
            f"{node.lineno}: {name}({keyword.arg}=)"
            for keyword in node.keywords
            if keyword.arg == "tooltip" and isinstance(keyword.value, ast.JoinedStr)
        ]
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_text_reaches_the_screen_as_content(path: Path) -> None:
    assert suspects(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "line",
    [
        "Static(name)",
        "Static(f'Hi {name}')",
        "Label('a' + name)",
        "self.query_one('#x').update(name)",
        "box.border_title = name",
        "box.border_title = f'{name}'",
        "self.notify(name)",
        "self.notify('x', markup=True)",
        "Option(customer.name)",
        "Hit(1.0, name, go)",
        "Static(escape(name))",
        "Static(Content.from_markup(name))",
        "Markdown('x')",
        "Static('[b]x')",
        "widget.tooltip = name",
        "Static(str(safe_text(name)))",
    ],
)
def test_the_look_finds_what_it_is_for(line: str) -> None:
    assert suspects(line)


@pytest.mark.parametrize(
    "line",
    [
        "Static(Content(name))",
        "Static(Content.assemble(('x', 'bold'), name))",
        "box.border_title = Content(name)",
        "self.notify(name, markup=False)",
        "Static('plain')",
        "def f(x: str) -> Content: ...\nStatic(f(name))",
        "line = Content(name)\nStatic(line)",
    ],
)
def test_the_look_lets_content_pass(line: str) -> None:
    assert suspects(line) == []
