"""What a PDF of ours says: its words, read back through the tables that say what each glyph stands for."""

import io
import re

import pikepdf


def text_of_pdf(content: bytes) -> str:
    """Return the text of all pages; pieces of a line that stand apart are joined by a blank."""
    words: list[str] = []
    with pikepdf.open(io.BytesIO(content)) as file:
        for page in file.pages:
            meanings = {str(name): _meanings(font) for name, font in page.Resources.Font.items()}
            font: dict[int, str] = {}
            for operands, operator in pikepdf.parse_content_stream(page):
                if str(operator) == "Tf":
                    font = meanings[str(operands[0])]
                elif str(operator) in ("Tj", "TJ"):
                    pieces = operands[0] if str(operator) == "TJ" else operands
                    words.append("".join(_read(each, font) for each in pieces if isinstance(each, pikepdf.String)))
    return re.sub(r"[\s\u00a0]+", " ", " ".join(words))


def colours_of_pdf(content: bytes) -> set[str]:
    """Return the colours in which something is filled on its pages, as "#0b5566"."""
    found = set()
    with pikepdf.open(io.BytesIO(content)) as file:
        for page in file.pages:
            for operands, operator in pikepdf.parse_content_stream(page):
                if str(operator) in ("rg", "scn") and len(operands) == 3:
                    found.add("#" + "".join(f"{round(float(part) * 255):02x}" for part in operands))
    return found


def pages_of_pdf(content: bytes) -> int:
    with pikepdf.open(io.BytesIO(content)) as file:
        return len(file.pages)


def _read(piece: pikepdf.String, font: dict[int, str]) -> str:
    codes = bytes(piece)
    return "".join(font.get(int.from_bytes(codes[at : at + 2]), "?") for at in range(0, len(codes), 2))


def _meanings(font: pikepdf.Object) -> dict[int, str]:
    """Return what each glyph's number stands for."""
    table = bytes(font.ToUnicode.read_bytes()).decode("latin-1")
    found: dict[int, str] = {}
    for part in re.findall(r"beginbfchar(.*?)endbfchar", table, re.DOTALL):
        for code, text in re.findall(r"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>", part):
            found[int(code, 16)] = bytes.fromhex(text).decode("utf-16-be")
    for part in re.findall(r"beginbfrange(.*?)endbfrange", table, re.DOTALL):
        for first, last, text in re.findall(r"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>", part):
            start = ord(bytes.fromhex(text).decode("utf-16-be"))
            for code in range(int(first, 16), int(last, 16) + 1):
                found[code] = chr(start + code - int(first, 16))
    return found
