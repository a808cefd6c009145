"""What is taken from others: no code inside data, weights that are pinned, versions that are exact."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FOLDERS = ("crawlers", "nlp", "warehouse", "views", "commands", "benchmarks")
FILES = [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))]
FILES += [ROOT / "app.py", ROOT / "cli.py"]
MODULES = {"pickle", "cPickle", "joblib", "dill", "cloudpickle", "marshal", "shelve"}
CALLS = {"torch.load", "pandas.read_pickle", "pd.read_pickle", "yaml.load", "yaml.unsafe_load", "yaml.full_load"}
SWITCHES = {"trust_remote_code", "allow_pickle", "persist"}
NAME = re.compile(r"^[A-Za-z0-9_.\[\]-]+")


def finds(source: str) -> list[str]:
    """Return what in a module could run code that comes in data."""
    found = []
    for node in ast.walk(ast.parse(source)):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        found += [name for name in names if name.split(".")[0] in MODULES]
        if isinstance(node, ast.Call):
            call = ast.unparse(node.func)
            is_safe = call == "yaml.load" and "SafeLoader" in source
            found += [call] if call in CALLS and not is_safe else []
            given = [(word.arg, ast.unparse(word.value)) for word in node.keywords if word.arg in SWITCHES]
            found += [f"{name}={value}" for name, value in given if value not in ("False", "None")]
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_runs_code_that_comes_in_data(path: Path) -> None:
    assert finds(path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        "import pickle", "from joblib import load", "import numpy as np\nnp.load(f, allow_pickle=True)",
        "import torch\ntorch.load(f)", "SentenceTransformer(p, trust_remote_code=True)", "yaml.load(f)",
        "st.cache_data(persist='disk')",
    ],
)  # fmt: skip
def test_the_search_for_it_finds(source: str) -> None:
    assert finds(source)


def test_weights_are_safetensors_and_no_file_of_ours_unpickles() -> None:
    suffixes = {".bin", ".pkl", ".pickle", ".pt", ".pth", ".joblib", ".ckpt"}
    found = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*") if path.suffix in suffixes]
    assert found == []


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_every_dependency_has_one_exact_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pins = [line for line in lines if line.strip() and not line.startswith("#")]
    assert all(re.fullmatch(r"[A-Za-z0-9_.-]+==[A-Za-z0-9_.!+-]+", line) for line in pins)
    names = [canonical(line.split("==")[0]) for line in pins]
    assert len(names) == len(set(names))
    missing = [name for one in wanted if (name := canonical(NAME.findall(one)[0])) not in {*names, "torch"}]
    assert missing == []
    assert any(one.startswith("torch==") for one in wanted)


def test_uploads_and_messages_of_the_app_are_small() -> None:
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))
    server = settings["server"]
    assert server["address"] == "127.0.0.1"
    assert server["enableXsrfProtection"] is True
    assert (server["maxUploadSize"], server["maxMessageSize"], server["maxWidgetStateSize"]) == (10, 50, 5)
    assert settings["client"]["showErrorDetails"] == "none"
