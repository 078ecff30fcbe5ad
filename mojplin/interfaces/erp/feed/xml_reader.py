"""A business document in XML, read by the reader of its format: e-SLOG 2.0, or UBL 2.1 after EN 16931."""

from collections.abc import Callable

from django.utils.translation import gettext_noop as _
from lxml import etree

from mojplin.interfaces.erp.feed import eslog_reader, ubl_reader
from mojplin.interfaces.erp.feed.xml_document import Unreadable, XmlDocument, parsed

READERS: dict[str, Callable[[etree._Element], XmlDocument]] = {
    eslog_reader.ROOT: eslog_reader.read_eslog,
    ubl_reader.INVOICE: ubl_reader.read_ubl,
    ubl_reader.CREDIT_NOTE: ubl_reader.read_ubl,
}
"""By the name of the root element."""


def read_xml(content: bytes) -> XmlDocument:
    """Return what the file says.

    :raises Unreadable: not XML, with a DOCTYPE, too big, or of no format that has a reader.
    """
    root = parsed(content)
    reader = READERS.get(str(root.tag))
    if reader is None:
        raise Unreadable(_("The XML is no e-SLOG 2.0 and no UBL 2.1 document."))
    return reader(root)
