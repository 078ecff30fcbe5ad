"""The supplier's file: every wrong value of it is named, all at once and never by a traceback, and nothing starts."""

import contextlib
import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as tried
from hypothesis import strategies as st

from mojplin.config.brand import GROUNDS, contrast
from mojplin.config.mark import LARGEST_BYTES
from mojplin.config.supplier import Supplier
from mojplin.config.supplier_file import SAMPLE, WrongSupplierFile, supplier_from
from mojplin.interfaces.web.brand import icon_png
from tools.supplier_settings import PAGE, with_tables

ROOT = Path(__file__).resolve().parent.parent
SECRETS = {"MOJPLIN_SECRET_KEY": "s" * 40, "MOJPLIN_DATA_KEY": "d" * 40, "MOJPLIN_DEMO": "0"}
THEM = """[supplier]
name = "Plin Sever, d. o. o."
portal_name = "Moj Plin Sever"
address = "Severna cesta 3, 2000 Maribor"
support_email = "pomoc@plin-sever.example"
support_phone = "02 555 00 00"
[payments]
payee_name = "Plin Sever d.o.o."
"""
FORM = '[orders]\ngas_purchase_form_url = "https://obrazci.plin-sever.example/plin"\n'
SAID = tomllib.loads(SAMPLE.read_text(encoding="utf-8"))
PLACES = [(table, setting) for table, settings in SAID.items() for setting in settings]


def written(folder: Path, text: str | bytes) -> Path:
    file = folder / "supplier.toml"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return file


def wrong_in(folder: Path, text: str | bytes) -> list[str]:
    """Return what is said of a wrong file, a line for each wrong value."""
    with pytest.raises(WrongSupplierFile) as refused:
        supplier_from(written(folder, text))
    return str(refused.value).splitlines()


def start_with(**environment: str) -> subprocess.CompletedProcess[str]:
    """Read the settings in a process of its own, as the web server, the worker and every command do first."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("MOJPLIN_", "DJANGO_"))}
    return subprocess.run(
        [sys.executable, "-c", "import mojplin.config.settings"], cwd=ROOT, env=clean | SECRETS | environment,
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip


def test_what_a_file_leaves_out_is_as_in_the_sample(tmp_path):
    theirs, sample = supplier_from(written(tmp_path, THEM + FORM)), supplier_from(None)
    assert theirs.supplier.name == "Plin Sever, d. o. o."
    assert (theirs.readings, theirs.brand.light) == (sample.readings, sample.brand.light)


def test_who_the_supplier_is_never_comes_from_the_sample(tmp_path):
    theirs = supplier_from(written(tmp_path, THEM + FORM))
    assert (theirs.supplier.emergency_phone, theirs.supplier.tax_number, theirs.payments.ibans) == ("", "", [])
    assert (theirs.direct_debit.creditor_id, theirs.support.reply_email) == ("", "")
    assert wrong_in(tmp_path, "") == [
        "supplier.name: it is missing",
        "supplier.portal_name: it is missing",
        "supplier.address: it is missing",
        "supplier.support_email: it is missing",
        "supplier.support_phone: it is missing",
        "payments.payee_name: it is missing",
        "orders.gas_purchase_form_url = '': gas_purchase_way sends customers there: give its address",
    ]


@pytest.mark.parametrize("name", ["", "24/7", "Moj <plin>", "Moj {plin}", "x" * 41, "Moj\nplin"])
def test_a_portal_is_called_by_a_short_name_of_letters(tmp_path, name):
    lines = wrong_in(tmp_path, (THEM + FORM).replace('"Moj Plin Sever"', json.dumps(name)))
    assert [line.partition(" = ")[0] for line in lines] == ["supplier.portal_name"]


def test_a_file_saved_by_windows_with_a_byte_order_mark_is_read(tmp_path):
    file = written(tmp_path, f"\ufeff{THEM}{FORM}".replace("\n", "\r\n").replace("Plin Sever,", "Žar,"))
    assert supplier_from(file).supplier.name == "Žar, d. o. o."


def test_every_wrong_value_is_named_with_its_place_and_value_in_one_go(tmp_path):
    lines = wrong_in(
        tmp_path,
        '[readings]\nwindow_first_day = 40\n[orders]\ncylinder_form_url = "obrazci"\ngas_purchase_way = "token"\n'
        "[contracts]\noffer_days_before = 20\noffer_latest_days_before = 30\n[messages]\nquiet_from = 7\n[brands]\n"
        + THEM.replace("Plin Sever d.o.o.", "Družba z zelo dolgim imenom za plačilni nalog")
        .replace("pomoc@", "")
        .replace("[supplier]", '[supplier]\nfax = "01"')
        + 'ibans = ["SI56990000000000166", "x"]\n',
    )
    said = {line.partition(":")[0].partition(" = ")[0]: line for line in lines}
    assert sorted(said) == sorted(
        [
            "brands", "contracts.offer_latest_days_before", "messages.quiet_until", "orders.cylinder_form_url",
            "orders.gas_purchase_form_url", "payments.ibans", "payments.payee_name", "readings.window_first_day",
            "supplier.fax", "supplier.support_email",
        ]
    )  # fmt: skip
    assert said["readings.window_first_day"].startswith("readings.window_first_day = 40: ")
    assert said["supplier.fax"] == "supplier.fax = '01': no such setting"
    assert said["contracts.offer_latest_days_before"].endswith("= 30: cannot be more than offer_days_before")
    assert "'SI56990000000000166', 'x'" in said["payments.ibans"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"[supplier", "no TOML"),
        (b"name = 1 = 2", "no TOML"),
        (b"a = " + b"[" * 5_000, "nested too deeply"),
        (b"a = " + b"9" * 5_000, "no TOML"),
        (b"\xff\xfe\x00", "not in UTF-8: line 1"),
        ('[supplier]\nname = "Žar"'.encode("cp1250"), "not in UTF-8: line 2"),
        ("[supplier]".encode("utf-16"), "not in UTF-8"),
        (b"#" * 1_000_001, "more than 1000000 bytes"),
    ],
)
def test_what_is_not_toml_is_one_sentence(tmp_path, content, said):
    (line,) = wrong_in(tmp_path, content)
    assert said in line


def test_a_folder_and_no_file_at_all_are_one_sentence(tmp_path):
    for path in (tmp_path, tmp_path / "none.toml"):
        with pytest.raises(WrongSupplierFile, match=r"the file: (Is a directory|No such file or directory)"):
            supplier_from(path)


def test_hostile_texts_are_shown_on_one_line_without_their_signs(tmp_path):
    lines = wrong_in(tmp_path, THEM + FORM + '[answers]\norders = "a\\n\\u202e\\u001b[31m"\n"\\u0007x" = 1\n')
    assert lines == [
        "answers.orders = 'a\\n\\u202e\\x1b[31m': Input should be 'erp' or 'office'",
        "answers.\\x07x = 1: no such setting",
    ]
    (line,) = wrong_in(tmp_path, THEM + FORM + f'[answers]\norders = "{"x" * 9_999}"\n')
    assert len(line) < 300 and "(10001 characters)" in line
    (line,) = wrong_in(tmp_path, THEM + FORM + f"[answers]\norders = 0x{'f' * 9_000}\n")
    assert "a number of thousands of digits" in line


HOSTILE = ["", "\x00", "\u202e", "'; DROP TABLE", "{{ 7*7 }}", "<script>", "%s%n", "../../etc/passwd", "\ud7ff", "𝔘"]
ANY_VALUE = st.one_of(
    st.booleans(),
    st.integers(-10, 10**30),
    st.floats(),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=60),
    st.sampled_from(HOSTILE),
    st.dates(),
    st.times(),
    st.lists(st.integers() | st.text("ab", max_size=3), max_size=2),
    st.dictionaries(st.text("ab", min_size=1, max_size=3), st.integers(), max_size=2),
)


def as_toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return '"' + "".join(f"\\U{ord(sign):08x}" for sign in value) + '"'
    if isinstance(value, list):
        return f"[{', '.join(map(as_toml, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{as_toml(name)} = {as_toml(each)}" for name, each in value.items()) + "}"
    return str(value)


def as_file(said: dict[str, Any]) -> str:
    """Write tables as `name = {...}`, so that a table can be anything."""
    return "".join(f"{as_toml(name)} = {as_toml(table)}\n" for name, table in said.items())


@tried(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(changes=st.lists(st.tuples(st.sampled_from(PLACES), ANY_VALUE), min_size=1, max_size=6), data=st.data())
def test_a_file_of_any_values_is_taken_or_each_wrong_one_named(tmp_path, changes, data):
    said = {name: dict(table) for name, table in SAID.items() if name != "brand"} | {"brand": dict(SAID["brand"])}
    for (table, setting), value in changes:
        said[table][setting] = value
    for strange in data.draw(st.lists(st.text("xyž \"'.", min_size=1, max_size=5), max_size=2)):
        said[strange] = data.draw(ANY_VALUE)
    if data.draw(st.booleans()):
        said[data.draw(st.sampled_from(sorted(SAID)))] = data.draw(ANY_VALUE)
    try:
        assert isinstance(supplier_from(written(tmp_path, as_file(said))), Supplier)
    except WrongSupplierFile as refused:
        told = refused.wrong
    else:
        told = []
    assert all(each.name and each.reason and each.name != "the file" for each in told)
    assert all(str(each).isprintable() and len(str(each)) < 600 for each in told)


@tried(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    places=st.sets(st.sampled_from([place for place in PLACES if place[1] not in ("mark",)]), min_size=2, max_size=8)
)
def test_of_several_wrong_values_none_is_passed_over(tmp_path, places):
    said = {name: dict(table) for name, table in SAID.items()}
    for table, setting in places:
        said[table][setting] = [[1979]]
    lines = wrong_in(tmp_path, as_file(said))
    for table, setting in places:
        assert any(line.startswith(f"{table}.{setting}") for line in lines), (table, setting)


@tried(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(at=st.integers(0, len(SAMPLE.read_bytes()) - 1), put=st.binary(max_size=4), cut=st.integers(0, 40))
def test_a_damaged_file_is_taken_or_refused_with_a_sentence(tmp_path, at, put, cut):
    whole = SAMPLE.read_bytes()
    with contextlib.suppress(WrongSupplierFile):
        supplier_from(written(tmp_path, whole[:at] + put + whole[at + cut :]))


def with_colour(scheme: str, name: str, colour: str) -> str:
    colours = {each: dict(SAID["brand"][each]) for each in ("light", "dark")}
    colours[scheme][name] = colour
    return THEM + FORM + "".join(f"brand.{each} = {as_toml(said)}\n" for each, said in colours.items())


def in_front(text: str) -> str:
    """Put what stands in no table before the first one."""
    lines = text.splitlines(keepends=True)
    free = [line for line in lines if line.startswith("brand.")]
    return "".join(free + [line for line in lines if line not in free])


@pytest.mark.parametrize(
    ("scheme", "name", "colour", "said"),
    [
        ("light", "on_brand", "#777777", "brand.light.on_brand = '#777777': contrast with brand (#0b5566) is 1.87 : 1"),
        ("light", "brand", "#8ab6c0", "brand.light.brand = '#8ab6c0': contrast with surface (#ffffff) is"),
        ("dark", "focus", "#333333", "brand.dark.focus = '#333333': contrast with surface (#122227) is"),
        ("dark", "flame_soft", "#808080", "brand.dark.flame_soft = '#808080': contrast with ink (#e9f1f3) is"),
        ("dark", "deep", "#ffb84d", "brand.dark.flame = '#ffb84d': contrast with deep (#ffb84d) is 1.00 : 1, 3.0 : 1"),
    ],
)
def test_colours_too_close_to_be_read_are_named_with_their_figures(tmp_path, scheme, name, colour, said):
    lines = wrong_in(tmp_path, in_front(with_colour(scheme, name, colour)))
    assert [line for line in lines if line.startswith(said)], lines


def test_what_is_no_colour_and_colours_by_halves_are_named(tmp_path):
    assert wrong_in(tmp_path, in_front(with_colour("light", "deep", "teal"))) == [
        "brand.light.deep = 'teal': give a colour as #0b5566"
    ]
    lines = wrong_in(tmp_path, THEM + FORM + '[brand.light]\nbrand = "#0b5566"\n')
    assert "brand.light.flame: it is missing" in lines and "brand.dark: it is missing" in lines


def test_contrast_is_the_one_of_wcag():
    assert contrast("#ffffff", "#000000") == 21
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48
    assert contrast("#b85c00", "#b85c00") == 1


def test_the_grounds_are_those_of_the_style_sheet():
    sheet = (ROOT / "mojplin/interfaces/web/static/portal/portal.css").read_text(encoding="utf-8")
    tokens = sheet.split("@layer tokens {")[1].split("@layer base {")[0]
    light, dark, by_hand = tokens.partition("@media (prefers-color-scheme: dark)")[::2][0], *tokens.split("dark;")[1:]
    for scheme, text in (("light", light), ("dark", dark), ("dark", by_hand)):
        there = {
            name.replace("-", "_"): colour if len(colour) == 7 else f"#{colour[1:] * 2}"
            for name, colour in re.findall(r"--([\w-]+): (#[0-9a-f]+);", text)
        }
        for name in ("bg", "surface", "inset", "ink", "ink_2"):
            assert there[name] == GROUNDS[scheme][name], (scheme, name)
    assert f"--bad: {GROUNDS['light']['error_on_deep']};" in sheet


SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8">{}</svg>'


@pytest.mark.parametrize(
    ("drawing", "said"),
    [
        (SVG.format("<script>alert(1)</script>"), "script is not taken"),
        (SVG.format('<path onload="x()" d="M0 0"/>'), "the attribute onload of path is not taken"),
        (SVG.format('<image href="https://evil.example/x.png"/>'), "image is not taken"),
        (SVG.format('<use href="#a"/>'), "use is not taken"),
        (SVG.format('<path style="fill:url(https://evil.example)" d="M0 0"/>'), "the attribute style of path"),
        (SVG.format('<path fill="url(https://evil.example#a)" d="M0 0"/>'), "fill of path leads elsewhere"),
        (SVG.format("<foreignObject><p>x</p></foreignObject>"), "foreignObject is not taken"),
        (SVG.format('<a xlink:href="x" xmlns:xlink="http://www.w3.org/1999/xlink"/>'), "a is not taken"),
        (f'<?xml-stylesheet href="https://evil.example/x.css"?>{SVG.format("")}', "beside the drawing"),
        (f'<!DOCTYPE svg [<!ENTITY a "b">]>{SVG.format("&a;")}', "DOCTYPE"),
        (SVG.format("").replace("0 0 8 8", "0 0 8 9"), "a square viewBox"),
        (SVG.format("").replace("0 0 8 8", "0 0 nan nan"), "a square viewBox"),
        ("<html/>", "its root is not svg"),
        ("PNG", "no SVG"),
        ("", "no SVG"),
        (SVG.format("<!--" + "x" * LARGEST_BYTES + "-->"), "at most 32768"),
    ],
)
def test_a_mark_that_could_do_more_than_be_looked_at_is_refused(tmp_path, drawing, said):
    (tmp_path / "mark.svg").write_text(drawing, encoding="utf-8")
    (line,) = wrong_in(tmp_path, THEM + FORM + '[brand]\nmark = "mark.svg"\n')
    assert line.startswith("brand.mark = 'mark.svg': ") and said in line


@pytest.mark.parametrize("name", ["../mark.svg", "/etc/passwd", "none.svg", ".", "a\\u0000b"])
def test_a_mark_lies_beside_the_file(tmp_path, name):
    (line,) = wrong_in(tmp_path, THEM + FORM + f'[brand]\nmark = "{name}"\n')
    assert line.startswith("brand.mark = ")


def test_a_mark_with_gradients_is_taken_and_drawn_as_an_icon(tmp_path):
    (tmp_path / "mark.svg").write_text(
        SVG.format(
            '<!-- made by hand --><defs><linearGradient id="a"><stop offset="0" stop-color="red"/></linearGradient>'
            "</defs>"
            '<rect width="8" height="8" fill="url(#a)"/>'
        )
    )
    mark = supplier_from(written(tmp_path, THEM + FORM + '[brand]\nmark = "mark.svg"\n')).brand.mark
    assert "url(#a)" in mark and "by hand" not in mark
    assert icon_png(mark, "#ffffff", 16, 1.0).startswith(b"\x89PNG")


def test_the_page_for_operators_says_of_every_setting_what_it_may_be_and_means():
    page = PAGE.read_text(encoding="utf-8")
    assert page == with_tables(page), "python -m tools.supplier_settings writes it"


def test_the_portal_does_not_start_and_names_all_that_is_wrong_of_both_without_a_traceback(tmp_path):
    file = written(tmp_path, THEM + FORM + "[readings]\nwindow_first_day = 0\n")
    ended = start_with(
        MOJPLIN_SUPPLIER_FILE=str(file), MOJPLIN_SMTP_PORT="smtp", MOJPLIN_OFFICE_PATH="../x", MOJPLIN_SMPT_HOST="a"
    )
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.splitlines() == [
        "The portal cannot start:",
        "",
        "in environment:",
        "  MOJPLIN_OFFICE_PATH = '../x': small letters, digits and hyphens",
        "  MOJPLIN_SMTP_PORT = 'smtp': Input should be a valid integer, unable to parse string as an integer",
        "  MOJPLIN_SMPT_HOST: no such setting",
        "",
        f"in {file}:",
        "  readings.window_first_day = 0: Input should be greater than or equal to 1",
    ]


def test_outside_a_demo_the_file_must_be_named_and_no_secret_is_printed():
    ended = start_with(
        MOJPLIN_SECRET_KEY="short-but-secret", MOJPLIN_DATABASE_URL="mysql://moj:geheim@db/moj",
        MOJPLIN_ANSWERS_MAILBOX="imap://a:geheim@posta.example.si/A",
    )  # fmt: skip
    assert ended.returncode == 1
    assert "short-but-secret" not in ended.stderr and "geheim" not in ended.stderr
    for said in (
        "MOJPLIN_SECRET_KEY = (hidden, 16 characters): at least 32 characters are needed",
        "MOJPLIN_DATABASE_URL = (hidden, 25 characters): postgresql://",
        "MOJPLIN_ANSWERS_MAILBOX = (hidden, ",
        "MOJPLIN_SUPPLIER_FILE: name the supplier's file",
    ):
        assert said in ended.stderr


def test_the_second_example_starts():
    ended = start_with(MOJPLIN_SUPPLIER_FILE="docs/examples/gorski-plin/supplier.toml", MOJPLIN_DATA_DIR="var/none")
    assert (ended.returncode, ended.stderr) == (0, "")
