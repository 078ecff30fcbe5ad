"""PDF files of contracts in the feed: tied by their names, kept by their content, set aside when they are none."""

import pytest
from django.core.files.storage import default_storage

from mojplin.domain.contracts.models import Contract, ContractFile
from tests.erp.feeds import Feed, exit_code_of, found

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 pogodba"


def content_of(path: str) -> bytes:
    with default_storage.open(path) as file:
        return file.read()


@pytest.fixture
def feed() -> Feed:
    feed = Feed()
    feed.attached["contracts/OGR-2024-1184.pdf"] = PDF
    return feed


def test_a_file_is_tied_to_its_row_and_stays_without_being_sent_again(feed, tmp_path):
    assert exit_code_of(feed.write(tmp_path / "1")) == 0
    file = ContractFile.objects.get()
    assert (file.contract.number, file.kind, file.file_name) == ("OGR-2024/1184", "contract", "OGR-2024-1184.pdf")
    assert content_of(file.path) == PDF

    feed.attached.clear()
    feed.change("contract_files.csv", dated_on="2025-01-13")
    assert exit_code_of(feed.write(tmp_path / "2", sequence=2)) == 0
    after = ContractFile.objects.get()
    assert (after.path, after.public_id, str(after.dated_on)) == (file.path, file.public_id, "2025-01-13")


def test_another_content_under_the_same_name_replaces_the_file(feed, tmp_path):
    exit_code_of(feed.write(tmp_path / "1"))
    feed.attached["contracts/OGR-2024-1184.pdf"] = PDF + b" 2"
    exit_code_of(feed.write(tmp_path / "2", sequence=2))
    assert content_of(ContractFile.objects.get().path) == PDF + b" 2"


def test_a_row_waits_for_its_file(feed, tmp_path):
    feed.attached.clear()
    assert exit_code_of(feed.write(tmp_path)) == 0
    assert ContractFile.objects.get().path == ""


def test_what_is_no_pdf_or_belongs_to_no_row_is_set_aside(feed, tmp_path):
    feed.attached["contracts/OGR-2024-1184.pdf"] = b"<html>"
    feed.attached["contracts/tuja.pdf"] = PDF
    assert exit_code_of(feed.write(tmp_path)) == 2
    assert found() == [
        ("contracts/OGR-2024-1184.pdf", 0, "", "The file is no PDF."),
        ("contracts/tuja.pdf", 0, "", "No row of contract_files.csv names it."),
    ]
    assert ContractFile.objects.get().path == ""


def test_a_row_of_a_contract_that_is_not_there_is_set_aside(feed, tmp_path):
    feed.change("contract_files.csv", contract_number="OGR-0")
    exit_code_of(feed.write(tmp_path))
    assert ("contract_files.csv", 2, "contract_number", "There is no such row in contracts.csv.") in found()
    assert not ContractFile.objects.exists()


@pytest.mark.parametrize("values", [{"price_basis": ""}, {"price_eur": "", "unit": "", "price_basis": "fixed"}])
def test_a_price_without_basis_and_a_basis_without_price_are_set_aside(feed, tmp_path, values):
    feed.change("contracts.csv", **values)
    exit_code_of(feed.write(tmp_path))
    assert ("contracts.csv", 2, "price_basis", "A price needs its basis, and a basis its price.") in found()
    assert not Contract.objects.exists()
