"""The Python that templates are compiled to, with short cuts for what a page does some hundred times.

Jinja wraps every value that is written into a new `Markup`, only to join it with the rest as text, asks of everything
that is called whether it wants the context, and looks anew for every template that is imported from. A page escapes up
to six hundred values, calls a hundred macros and functions and imports from ten templates (decisions/0016).
"""

import keyword
from typing import Any

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from markupsafe import (  # the function of C below `escape`; held to it by a test
    Markup,
    _escape_inner,  # type: ignore[attr-defined]
    escape,
)

from mojplin.interfaces.web.folding import PURE_MACROS

OF_VALUES = frozenset(["url", "static", "kept", "filled", "repeated", "language"])
"""Functions every template knows that depend on their arguments alone."""
OF_TEXTS = frozenset(["_", "gettext", "ngettext", "pgettext"])
"""Functions every template knows that also ask whether the page escapes."""


def text_of(value: Any) -> str:
    """Return the value as text that may stand in HTML: what `escape` returns, but nothing that must be `Markup`."""
    kind = type(value)
    if kind is str:
        return _escape_inner(value)
    return value if kind is Markup else escape(value)


class PageCode(CodeGenerator):
    macros: frozenset[str] = frozenset()
    """Names that are macros in this template: made here, or imported from `components/`."""

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:
        imported = [
            name[-1] if isinstance(name, tuple) else name
            for each in node.find_all(nodes.FromImport)
            if isinstance(each.template, nodes.Const) and each.template.value.startswith(PURE_MACROS)
            for name in each.names
        ]
        self.macros = frozenset(imported) | {each.name for each in node.find_all(nodes.Macro)}
        self.writeline(f"from {__name__} import {text_of.__name__}")
        super().visit_Template(node, frame)

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write(f"{text_of.__name__}(")

    def _import_common(self, node: nodes.Import | nodes.FromImport, frame: Frame) -> None:
        if isinstance(node.template, nodes.Const) and node.template.value.startswith(PURE_MACROS):
            self.write(f"environment.macros_of({node.template.value!r})")
        else:
            super()._import_common(node, frame)

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:
        is_of_texts = self.is_plain_call_of(OF_TEXTS - self.macros, node)
        if not is_of_texts and not self.is_plain_call_of(OF_VALUES | self.macros, node):
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        self.visit(node.node, frame)
        self.write("(context.eval_ctx, " if is_of_texts else "(")
        for argument in (*node.args, *node.kwargs):
            self.visit(argument, frame)
            self.write(", ")
        self.write("caller=caller)" if forward_caller else ")")

    @staticmethod
    def is_plain_call_of(names: frozenset[str], call: nodes.Call) -> bool:
        is_plain = not (call.dyn_args or call.dyn_kwargs or any(keyword.iskeyword(each.key) for each in call.kwargs))
        return is_plain and isinstance(call.node, nodes.Name) and call.node.name in names
