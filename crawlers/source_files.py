"""Read YAML files of settings and say what is wrong with them: file, line, key, and the valid choices."""

from __future__ import annotations

import difflib
from collections.abc import Hashable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

MAX_BYTES = 200_000
Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: ``key`` is None where it is the file as a whole."""

    file: str
    key: str | None
    message: str

    def __str__(self) -> str:
        return f"{self.file}: {self.key + ': ' if self.key else ''}{self.message}"


class _Loader(yaml.SafeLoader):
    """SafeLoader that refuses a key given twice, and aliases (a small file can name a huge tree with them)."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        if self.check_event(yaml.events.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(None, None, "aliases (*name) are not read here; write it out", mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                message = f"the key {key.value!r} stands here a second time"
                raise yaml.constructor.ConstructorError(None, None, message, key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def read_yaml(file: Path) -> tuple[dict[str, Any], list[Problem]]:
    """Return the mapping that ``file`` holds, or an empty one and why it can't be read (with the line)."""
    try:
        data = file.read_bytes()
        if len(data) > MAX_BYTES:
            return {}, [Problem(str(file), None, f"is over {MAX_BYTES:,} bytes: not a source file")]
        settings = yaml.load(data.decode("utf-8-sig"), _Loader)
    except OSError as error:
        return {}, [Problem(str(file), None, f"cannot be read ({error.strerror})")]
    except UnicodeDecodeError as error:
        return {}, [Problem(str(file), None, f"is not UTF-8 (byte {error.start}); save it as UTF-8")]
    except yaml.YAMLError as error:
        return {}, [Problem(str(file), None, _broken(error))]
    if not isinstance(settings, dict) or not all(isinstance(key, str) for key in settings):
        return {}, [Problem(str(file), None, "must be a list of `key: value` lines")]
    return settings, []


def explain(file: Path, model: type[Model], settings: dict[str, Any]) -> tuple[Model | None, list[Problem]]:
    """Return ``settings`` as ``model``, or None and a problem for each key that is wrong."""
    try:
        return model.model_validate(settings), []
    except ValidationError as error:
        return None, [_problem(file, model, dict(item)) for item in error.errors()]


def _problem(file: Path, model: type[BaseModel], item: dict[str, Any]) -> Problem:
    location = [str(part) for part in item["loc"] if not str(part).startswith(("function-", "tuple["))]
    key = ".".join(location) or None
    value = item.get("input")
    match item["type"]:
        case "extra_forbidden":
            return Problem(str(file), key, _unknown(location[-1], model))
        case "missing":
            return Problem(str(file), key, "is missing")
        case "literal_error":
            return Problem(str(file), key, f"{value!r} is not one of {item['ctx']['expected'].replace(chr(39), '')}")
        case "value_error":
            return Problem(str(file), key, str(item["ctx"]["error"]))
        case "string_pattern_mismatch":
            return Problem(str(file), key, f"{value!r} is not an address that starts with https:// or http://")
        case _:
            return Problem(str(file), key, f"{value!r}: {item['msg'][:1].lower()}{item['msg'][1:]}")


def _unknown(key: str, model: type[BaseModel]) -> str:
    hidden = {"name", "origin", "file"}
    valid = [name for name in model.model_fields if name not in hidden]
    near = difflib.get_close_matches(key, valid, 1)
    guess = f"did you mean {near[0]}? " if near else ""
    return f"no such key; {guess}The keys are {', '.join(valid)}"


def _broken(error: yaml.YAMLError) -> str:
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        mark = error.problem_mark
        return f"line {mark.line + 1}, column {mark.column + 1}: {error.problem or error.context}"
    return f"is not YAML ({error})".replace("\n", " ")
