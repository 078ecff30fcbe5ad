"""The page for the supplier's IT names every message the portal leaves for the ERP, with the fields it has."""

import ast
import importlib
from pathlib import Path

import mojplin.domain
from mojplin.interfaces.erp.feed.document import PLACE
from mojplin.interfaces.erp.outgoing import MESSAGES

ROOMS = Path(mojplin.domain.__file__).parent
NOT_OF_THE_MESSAGE = {"wakes_worker", "expires_at"}


def posted():
    """Return the fields of every `Message.post` of an ERP topic in the rooms, by topic."""
    found = {}
    for path in ROOMS.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "Message.post":
                topic = topic_of(node.args[0], path)
                if topic.startswith("erp."):
                    found[topic] = [each.arg for each in node.keywords if each.arg not in NOT_OF_THE_MESSAGE]
    return found


def topic_of(argument, path):
    if isinstance(argument, ast.Constant):
        return argument.value
    module = ".".join(path.relative_to(ROOMS.parent.parent).with_suffix("").parts)
    return getattr(importlib.import_module(module), argument.id, "")  # "": an argument, of a mail


def test_every_message_is_described_with_its_fields():
    assert posted() == {message.topic: list(message.fields) for message in MESSAGES}


def test_the_page_names_them():
    page = PLACE.read_text(encoding="utf-8")
    assert [message.topic for message in MESSAGES if f"### {message.topic}\n" not in page] == []
