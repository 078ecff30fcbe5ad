"""What is known of a template before any page is written: its texts in one language, addresses, icons, whole pieces.

A page asks for some hundred texts, addresses and pieces that never change while the portal runs. Each language has its
own compiled templates in which they stand already, so a page is written from a few long pieces instead of hundreds of
short ones (decisions/0016). A macro of `components/` depends on nothing but its arguments; that is what allows it.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from jinja2 import nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

PURE_MACROS = "components/"
TEXTS = frozenset(["_", "gettext"])


class Folding(NodeTransformer):
    """Replaces calls whose every argument is written in the template by what they return.

    :param known: functions to call now, by the names templates know them under; `TEXTS` take values by name, the others
        positions alone. One that raises `LookupError` is left to be called when the page is written.
    :param values: what stands in tables that never change, by the table's name: `supplier.phone`.
    :param macro: calls the named macro of the named template.
    :param is_html: whether texts of ours are markup here, as they are where the template escapes.
    """

    def __init__(
        self,
        known: Mapping[str, Callable[..., str]],
        values: Mapping[str, Mapping[str, str]],
        macro: Callable[..., str],
        *,
        is_html: bool,
    ) -> None:
        self.known = dict(known)
        self.values = values
        self.macro = macro
        self.macros: set[str] = set()
        self.is_html = is_html

    def visit_FromImport(self, node: nodes.FromImport) -> nodes.Node:
        if isinstance(node.template, nodes.Const) and node.template.value.startswith(PURE_MACROS):
            for name in node.names:
                original, here = name if isinstance(name, tuple) else (name, name)
                self.known[here] = partial(self.macro, node.template.value, original)
                self.macros.add(here)
        return node

    def visit_Getattr(self, node: nodes.Getattr) -> nodes.Node:
        self.generic_visit(node)
        table = self.values.get(node.node.name) if isinstance(node.node, nodes.Name) else None
        return nodes.Const(table[node.attr], lineno=node.lineno) if table and node.attr in table else node

    def visit_Call(self, node: nodes.Call) -> nodes.Node:
        self.generic_visit(node)
        if not isinstance(node.node, nodes.Name) or node.node.name not in self.known or not self.is_written(node):
            return node
        values = [argument.value for argument in node.args if isinstance(argument, nodes.Const)]
        options = {each.key: each.value.value for each in node.kwargs if isinstance(each.value, nodes.Const)}
        try:
            text: Any = self.known[node.node.name](*values, **options)
        except LookupError:
            return node
        return nodes.Const(Markup(text) if self.is_html else text, lineno=node.lineno)  # noqa: S704  # texts of ours

    def is_written(self, call: nodes.Call) -> bool:
        """Return whether every argument stands in the template; only macros and texts have any by name."""
        assert isinstance(call.node, nodes.Name)
        if call.dyn_args or call.dyn_kwargs or (call.kwargs and call.node.name not in self.macros | TEXTS):
            return False
        return all(isinstance(each, nodes.Const) for each in [*call.args, *(pair.value for pair in call.kwargs)])

    def visit_CallBlock(self, node: nodes.CallBlock) -> nodes.Node:
        """A macro that is given a body is called when the page is written."""
        node.body = [self.visit(each) for each in node.body]
        node.call.args = [self.visit(each) for each in node.call.args]
        for option in node.call.kwargs:
            option.value = self.visit(option.value)
        return node
