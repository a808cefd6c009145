"""The shape of the code: imports flow one way, and our packages are ours."""

import ast
import importlib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MAY_IMPORT = {
    "warehouse": {"warehouse"},
    "crawlers": {"crawlers", "warehouse"},
    "nlp": {"nlp", "warehouse"},
    "views": {"views", "commands", "warehouse", "nlp", "crawlers"},
    "commands": {"commands", "crawlers", "nlp", "warehouse"},
}
OURS = {*MAY_IMPORT, "app", "cli", "benchmarks"}


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_imports_flow_one_way(package: str) -> None:
    wrong = []
    for path in sorted((ROOT / package).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            tops = {name.split(".")[0] for name in names} & OURS
            wrong += [f"{path.relative_to(ROOT)}: imports {top}" for top in sorted(tops - MAY_IMPORT[package])]
    assert wrong == []


@pytest.mark.parametrize("package", ["crawlers", "nlp", "warehouse", "views", "commands"])
def test_a_package_is_the_one_of_this_checkout(package: str) -> None:
    file = importlib.import_module(package).__file__
    assert file is not None
    assert Path(file).is_relative_to(ROOT)


def test_nothing_unpickles() -> None:
    names = {"pickle", "joblib", "dill", "cloudpickle", "marshal", "shelve"}
    for folder in OURS - {"app", "cli"}:
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                found = {a.name.split(".")[0] for a in node.names} if isinstance(node, ast.Import) else set()
                found |= {(node.module or "").split(".")[0]} if isinstance(node, ast.ImportFrom) else set()
                assert not found & names, f"{path}: {found & names}"
