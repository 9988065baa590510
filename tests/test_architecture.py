"""The guards of the house: floors, circles, sizes, shelves, words, documentation."""

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from pathlib import Path

import pytest

from quizapp.config import Settings
from quizapp.web.messages import MESSAGES

ROOT = Path(__file__).resolve().parent.parent
PRODUCT = ROOT / "quizapp"
FLOORS = {
    "domain": {"domain"},
    "formats": {"domain", "formats"},
    "store": {"domain", "store"},
    "service": {"domain", "formats", "store", "service"},
    "web": {"domain", "service", "web", "config"},
    "cli": {"domain", "service", "cli", "cli_edge"},
    "cli_edge": {"domain"},
    "config": {"config"},
    "app": {"domain", "formats", "store", "service", "web", "cli", "config", "app"},
    "__init__": set[str](),
}
"""What each floor may import of the product."""
NEVER = {
    "formats": ("flask", "sqlalchemy", "wtforms"),
    "store": ("flask", "wtforms"),
    "service": ("flask", "wtforms", "sqlalchemy"),
    "web": ("sqlalchemy",),
    "cli": ("sqlalchemy", "wtforms"),
    "cli_edge": ("sqlalchemy", "flask"),
    "config": ("flask", "sqlalchemy"),
    "app": (),
    "__init__": (),
}
"""Foreign packages (by prefix) a floor must not know; `domain` knows the standard library only."""
SHELVES = (
    "domain/question_types",
    "domain/metrics",
    "domain/awards",
    "formats",
    "formats/questions",
)
PARTS_OF_FORMATS = {
    "pictures", "tabular", "yaml_text", "bank_yaml", "law_file",
    "word_paper", "word_style", "word_template", "sheet_template",
}  # fmt: skip
TOP_EDGES = {"web/errors.py", "web/rounds.py", "cli_edge.py"}
CLOCK_CALLS = {"now", "utcnow", "today"}
FILE_MAX, FILE_P95, FUNCTION_MAX, FUNCTION_P95 = 400, 250, 60, 30


@cache
def sources() -> dict[str, Path]:
    """Every module of the product by its dotted name, migrations apart."""
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts): path
        for path in sorted(PRODUCT.rglob("*.py"))
        if "migrations" not in path.parts
    }


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def nodes(path: Path) -> list[ast.AST]:
    return list(ast.walk(tree(path)))


def floor_of(module: str) -> str:
    return [*module.split("."), "__init__"][1]


@cache
def imported(path: Path) -> tuple[str, ...]:
    """Names of the modules a file imports; `from a import b` gives `a.b` where that is one."""
    return tuple(_imported(path))


def _imported(path: Path) -> Iterator[str]:
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            for alias in node.names:
                deeper = f"{base}.{alias.name}"
                yield deeper if deeper in sources() else base


def of_product(path: Path) -> set[str]:
    return {name for name in imported(path) if name.startswith("quizapp.")}


def p95(values: list[int]) -> int:
    return sorted(values)[int(len(values) * 0.95)] if values else 0


def place(path: Path) -> str:
    return str(path.relative_to(PRODUCT))


def test_arrows_between_floors_point_down_only() -> None:
    wrong = [
        f"{module} imports {name}"
        for module, path in sources().items()
        for name in of_product(path)
        if floor_of(name) not in FLOORS[floor_of(module)]
    ]
    assert not wrong


def test_floors_do_not_know_the_frameworks_of_others() -> None:
    wrong = []
    for module, path in sources().items():
        floor = floor_of(module)
        for name in imported(path):
            top = name.split(".")[0].lower()
            foreign = top not in sys.stdlib_module_names and top != "quizapp"
            if floor == "domain":
                bad = foreign or top in ("os", "time", "sqlite3")
            else:
                bad = top.startswith(NEVER[floor]) and place(path) != "store/db.py"
            if bad:
                wrong.append(f"{module} imports {name}")
    assert not wrong


def test_no_two_modules_need_each_other() -> None:
    graph = {module: of_product(path) & set(sources()) for module, path in sources().items()}
    done: set[str] = set()

    def visit(module: str, trail: tuple[str, ...]) -> None:
        assert module not in trail, " → ".join((*trail, module))
        if module not in done:
            for needed in sorted(graph[module]):
                visit(needed, (*trail, module))
            done.add(module)

    for module in graph:
        visit(module, ())


def test_imports_stand_at_the_top_and_are_absolute() -> None:
    wrong = []
    for path in sources().values():
        top = {id(node) for node in tree(path).body}
        for node in nodes(path):
            if isinstance(node, ast.Import | ast.ImportFrom):
                hidden = id(node) not in top
                relative = isinstance(node, ast.ImportFrom) and node.level > 0
                if hidden or relative:
                    wrong.append(f"{place(path)}:{node.lineno}")
    assert not wrong


def test_nobody_below_the_edges_reads_the_clock() -> None:
    wrong = [
        f"{place(path)}:{node.lineno}"
        for module, path in sources().items()
        if floor_of(module) in ("domain", "formats", "store")
        for node in nodes(path)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in CLOCK_CALLS
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in ("datetime", "date")
    ]
    assert not wrong


def test_only_the_top_edges_catch_everything() -> None:
    wrong = [
        f"{place(path)}:{node.lineno}"
        for path in sources().values()
        if place(path) not in TOP_EDGES
        for node in nodes(path)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id == "Exception"))
    ]
    assert not wrong


def test_files_stay_short() -> None:
    lengths = {
        place(path): len(path.read_text(encoding="utf-8").splitlines())
        for path in sources().values()
    }
    assert {name: n for name, n in lengths.items() if n > FILE_MAX} == {}
    assert p95(list(lengths.values())) <= FILE_P95


def test_functions_stay_short() -> None:
    lengths = {
        f"{place(path)}:{node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for path in sources().values()
        for node in nodes(path)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert {name: n for name, n in lengths.items() if n > FUNCTION_MAX} == {}
    assert p95(list(lengths.values())) <= FUNCTION_P95


@pytest.mark.parametrize("shelf", SHELVES)
def test_every_member_stands_in_the_list_of_its_shelf(shelf: str) -> None:
    folder = PRODUCT / shelf
    prefix = f"quizapp.{shelf.replace('/', '.')}."
    files = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    if files <= {"base"}:
        return  # a shelf that is still empty
    reached, waiting = set(), {"all"}
    while waiting:
        name = waiting.pop()
        reached.add(name)
        near = {n.removeprefix(prefix) for n in of_product(folder / f"{name}.py")}
        waiting |= (near & files) - reached
    assert files - reached - PARTS_OF_FORMATS == set()


def refusal_codes() -> dict[str, str]:
    """Every code that can be raised, with the place where it is named."""
    classes = {node.name: node for path in sources().values() for node in nodes(path)
               if isinstance(node, ast.ClassDef)}  # fmt: skip
    refusals = {"Refusal"}
    while (
        more := {
            name
            for name, node in classes.items()
            if any(isinstance(base, ast.Name) and base.id in refusals for base in node.bases)
        }
        - refusals
    ):
        refusals |= more
    codes: dict[str, str] = {}
    for path in sources().values():
        for node in nodes(path):
            if isinstance(node, ast.ClassDef) and node.name in refusals:
                codes |= dict.fromkeys(_class_codes(node), node.name)
            elif isinstance(node, ast.Call) and _name(node.func) in refusals and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    codes[first.value] = f"{place(path)}:{node.lineno}"
    return codes


def _class_codes(node: ast.ClassDef) -> Iterator[str]:
    for line in node.body:
        target = line.target if isinstance(line, ast.AnnAssign) else None
        if isinstance(line, ast.Assign):
            target = line.targets[0]
        value = getattr(line, "value", None)
        if _name(target) == "code" and isinstance(value, ast.Constant):
            yield str(value.value)


def _name(node: ast.AST | None) -> str:
    return node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")


def test_every_refusal_has_its_words() -> None:
    codes = refusal_codes()
    assert len(codes) > 10
    assert {code: where for code, where in codes.items() if code not in MESSAGES} == {}


def test_every_command_and_setting_is_documented() -> None:
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    commands = {
        match
        for path in PRODUCT.glob("cli*.py")
        for match in re.findall(r'click\.command\(\s*"([^"]+)"', path.read_text(encoding="utf-8"))
    }
    assert commands
    assert {name for name in commands if f"`{name}" not in text} == set()
    names = {f.name for f in fields(Settings)} - {"secret_key", "database_url"}
    missing = {f"QUIZAPP_{name.upper()}" for name in names} - set(re.findall(r"\w+", text))
    assert missing - {"SECRET_KEY", "DATABASE_URL"} == set()


def test_pages_load_nothing_from_elsewhere() -> None:
    files = [
        *ROOT.glob("templates/**/*.html"),
        *ROOT.glob("static/*.css"),
        *ROOT.glob("static/*.js"),
    ]
    assert files
    foreign = re.compile(
        r"""(?:src|href|action)\s*=\s*["']?(?:https?:)?//|url\(\s*["']?(?:https?:)?//|@import"""
    )
    inline = re.compile(
        r"""<script(?![^>]*(?:\bsrc=|type="application/json"))[^>]*>|<style|\sstyle\s*=|\son[a-z]+\s*=\s*["']"""
    )
    wrong = []
    for path in files:
        text = path.read_text(encoding="utf-8")
        found = [foreign.search(text), inline.search(text) if path.suffix == ".html" else None]
        wrong += [f"{path.relative_to(ROOT)}: {match.group()}" for match in found if match]
    assert not wrong
    assert not list((ROOT / "static").rglob("*.min.*"))
