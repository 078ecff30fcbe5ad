"""Write the tables of the supplier's file in docs/operating.md: every setting, what it may be, what it means.

    python -m tools.supplier_settings

The words are the docstrings of the settings, the limits those that the start of the portal checks.
"""

import ast
import inspect
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

from pydantic import BaseModel

from mojplin.config import brand, supplier, supplier_ways
from mojplin.config.brand import Palette
from mojplin.config.supplier import Supplier
from mojplin.config.supplier_ways import Hours

PAGE = Path(__file__).resolve().parent.parent / "docs/operating.md"
BEGINS, ENDS = "<!-- written by python -m tools.supplier_settings -->\n", "<!-- end of what is written -->\n"
HEAD = ("| setting | may be | meaning |", "|---|---|---|")


def with_tables(page: str) -> str:
    """Return the page with its tables as the models have them now."""
    before, _begins, rest = page.partition(BEGINS)
    _old, ends, after = rest.partition(ENDS)
    assert ends, "the marks of the tables are gone"
    return f"{before}{BEGINS}\n{written()}\n{ENDS}{after}"


def written() -> str:
    lines = [*HEAD]
    for table, field in Supplier.model_fields.items():
        assert isinstance(field.annotation, type)
        lines += rows(field.annotation, f"{table}.", leave_out=(Palette,))
    lines += ["", "Colours as `#0b5566`, in `[brand.light]` and in `[brand.dark]`:", "", *HEAD, *rows(Palette, "")]
    lines += ["", "Hours, one `[[support.hours]]` or more:", "", *HEAD, *rows(Hours, "")]
    return "\n".join(lines) + "\n"


def rows(table: type[BaseModel], prefix: str, leave_out: tuple[type, ...] = ()) -> Iterator[str]:
    """Yield the row of each setting of a table; one without words is a mistake."""
    schema = table.model_json_schema()["properties"]
    meanings = words_of(table)
    for name, field in table.model_fields.items():
        if field.annotation not in leave_out:
            yield f"| `{prefix}{name}` | {may_be(schema[name])} | {meanings[name]} |"


def may_be(schema: dict[str, Any]) -> str:
    if "enum" in schema:
        return ", ".join(f"`{each}`" for each in schema["enum"])
    numbers = [each for each in (schema, *schema.get("anyOf", [])) if "minimum" in each]
    if numbers:
        return f"{numbers[0]['minimum']:.0f} to {numbers[0]['maximum']:.0f}"
    if schema.get("format") == "time":
        return "a time of the day"
    kinds = {"boolean": "`true`, `false`", "array": "a list", "object": "a table", "string": "text"}
    text = kinds[schema["type"]]
    return f"{text}, at most {schema['maxLength']}" if "maxLength" in schema else text


def words_of(table: type[BaseModel]) -> dict[str, str]:
    """Return what stands under each setting of the table in its source, on one line."""
    module = inspect.getmodule(table)
    assert isinstance(module, ModuleType) and module in (brand, supplier, supplier_ways)
    classes = [each for each in ast.parse(inspect.getsource(module)).body if isinstance(each, ast.ClassDef)]
    body = next(each for each in classes if each.name == table.__name__).body
    found = {}
    for setting, words in pairwise(body):
        if isinstance(setting, ast.AnnAssign) and isinstance(words, ast.Expr) and isinstance(words.value, ast.Constant):
            assert isinstance(setting.target, ast.Name)
            found[setting.target.id] = " ".join(str(words.value.value).split())
    return found


if __name__ == "__main__":
    PAGE.write_text(with_tables(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    print(f"Written: {PAGE}")
