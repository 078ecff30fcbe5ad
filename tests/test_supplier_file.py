"""The supplier's file: another supplier is another file; every wrong value of it is named, and nothing starts."""

import contextlib
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mojplin.config.supplier import SAMPLE, Supplier, WrongSupplierFile, supplier_from

ROOT = Path(__file__).resolve().parent.parent
SECRETS = {"MOJPLIN_SECRET_KEY": "s" * 40, "MOJPLIN_DATA_KEY": "d" * 40, "MOJPLIN_DEMO": "0"}
ANY_VALUE = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-10, 10**9),
    st.floats(),
    st.text(max_size=60),
    st.lists(st.integers(), max_size=2),
)


def written(folder: Path, text: str) -> Path:
    file = folder / "supplier.toml"
    file.write_text(text, encoding="utf-8")
    return file


def start_with(**environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("MOJPLIN_", "DJANGO_"))}
    return subprocess.run(
        [sys.executable, "manage.py", "check"], cwd=ROOT, env=clean | SECRETS | environment,
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def test_what_a_file_leaves_out_is_as_in_the_sample(tmp_path):
    file = written(tmp_path, '[supplier]\nname = "Plin Sever, d. o. o."\n')
    theirs, sample = supplier_from(file), supplier_from(None)
    assert theirs.supplier.name == "Plin Sever, d. o. o."
    assert theirs.supplier.address == sample.supplier.address
    assert theirs.readings == sample.readings


def test_a_file_saved_by_windows_with_a_byte_order_mark_is_read(tmp_path):
    file = tmp_path / "supplier.toml"
    file.write_bytes('\ufeff[supplier]\nname = "Žar"\n'.encode())
    assert supplier_from(file).supplier.name == "Žar"


def test_every_wrong_value_is_named_with_its_place(tmp_path):
    file = written(
        tmp_path,
        '[readings]\nwindow_first_day = 40\n[payments]\npayee_name = "Družba z zelo dolgim imenom za plačilni nalog"\n'
        '[orders]\ncylinder_form_url = "obrazci"\n[supplier]\nfax = "01"\n[brands]\n',
    )
    with pytest.raises(WrongSupplierFile) as wrong:
        supplier_from(file)
    lines = str(wrong.value).splitlines()
    assert len(lines) == 5 and all(line.startswith(f"{file}: ") for line in lines)
    for said in (
        "readings.window_first_day = 40",
        "payments.payee_name = 'Družba",
        "orders.cylinder_form_url = 'obrazci'",
        "supplier.fax: no such setting",
        "brands: no such setting",
    ):
        assert said in str(wrong.value)


@pytest.mark.parametrize("content", [b"[supplier", b"\xff\xfe\x00", b"name = 1 = 2"])
def test_what_is_not_toml_is_said_with_the_name_of_the_file(tmp_path, content):
    file = tmp_path / "supplier.toml"
    file.write_bytes(content)
    with pytest.raises(WrongSupplierFile, match=r"supplier\.toml: "):
        supplier_from(file)


@given(data=st.data())
def test_a_file_of_any_values_is_taken_or_each_wrong_one_named(tmp_path_factory, data):
    sample = tomllib.loads(SAMPLE.read_text(encoding="utf-8"))
    table = data.draw(st.sampled_from(sorted(sample)))
    setting = data.draw(st.sampled_from(sorted(sample[table])))
    value = data.draw(ANY_VALUE)
    file = written(tmp_path_factory.mktemp("any"), f"[{table}]\n{setting} = {as_toml(value)}\n")
    with contextlib.suppress(WrongSupplierFile):
        assert isinstance(supplier_from(file), Supplier)


def as_toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        escaped = "".join(f"\\U{ord(mark):08x}" if not mark.isalnum() and mark.isascii() else mark for mark in value)
        return f'"{escaped}"'
    return "1979-05-27" if value is None else str(value)


def test_the_portal_does_not_start_with_a_wrong_file_and_says_why_without_a_traceback(tmp_path):
    file = written(tmp_path, "[readings]\nwindow_first_day = 0\n")
    ended = start_with(MOJPLIN_SUPPLIER_FILE=str(file))
    assert ended.returncode == 1
    assert ended.stderr.splitlines()[0] == "The portal cannot start:"
    assert "readings.window_first_day = 0" in ended.stderr and "Traceback" not in ended.stderr


def test_outside_a_demo_the_file_must_be_named_and_no_secret_is_printed():
    ended = start_with(MOJPLIN_SECRET_KEY="short-but-secret")
    assert ended.returncode == 1
    assert "MOJPLIN_SECRET_KEY" in ended.stderr and "short-but-secret" not in ended.stderr
    ended = start_with()
    assert ended.stderr.splitlines()[1] == "MOJPLIN_SUPPLIER_FILE: name the supplier's file"
