"""The Slovene catalogue: extract strings, add translations, compile, and check that nothing is missing.

    python -m tools.catalogue update           extract from the sources, merge, compile
    python -m tools.catalogue add FILE.json    add translations, then update
    python -m tools.catalogue check            fail on a missing or fuzzy entry, or a stale file

A JSON file maps English to Slovene: {"Sign in": "Prijava"}; a plural is
{"%(n)s day|||%(n)s days": ["%(n)s dan", "%(n)s dneva", "%(n)s dni", "%(n)s dni"]}.
"""

import fcntl
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "mojplin/locale/sl/LC_MESSAGES/django.po"
COMPILED = CATALOGUE.with_suffix(".mo")
PLURAL_FORMS = "nplurals=4; plural=(n%100==1 ? 0 : n%100==2 ? 1 : n%100==3 || n%100==4 ? 2 : 3);"
KEYWORDS = "_ gettext gettext_lazy ngettext:1,2 ngettext_lazy:1,2 pgettext:1c,2 pgettext_lazy:1c,2 npgettext:1c,2,3"


def extract() -> polib.POFile:
    """Return every string of the sources as an untranslated catalogue, without line numbers."""
    with tempfile.NamedTemporaryFile(suffix=".pot") as pot:
        command = [
            sys.executable, "-m", "babel.messages.frontend", "--quiet", "extract", "-F", "tools/babel.cfg",
            "--no-default-keywords", "--no-location", "--sort-output", "--omit-header", "-o", pot.name,
        ]  # fmt: skip
        for keyword in KEYWORDS.split():
            command += ["-k", keyword]
        subprocess.run([*command, "."], cwd=ROOT, check=True)
        return polib.pofile(pot.name)


def identity(entry: polib.POEntry) -> tuple[str | None, str, str]:
    return (entry.msgctxt, entry.msgid, entry.msgid_plural)


def merged(known: polib.POFile, found: polib.POFile) -> polib.POFile:
    """Return the strings of the sources with the translations that are known; drop what is no longer used."""
    translations = {identity(entry): entry for entry in known}
    result = polib.POFile(wrapwidth=110)
    result.metadata = {
        "Project-Id-Version": "Moj Butan plin",
        "Language": "sl",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURAL_FORMS,
    }
    for entry in sorted(found, key=lambda each: (each.msgid, each.msgctxt or "")):
        old = translations.get(identity(entry))
        entry.flags = [flag for flag in entry.flags if flag != "fuzzy"]
        if old:
            entry.msgstr, entry.msgstr_plural = old.msgstr, old.msgstr_plural
        elif entry.msgid_plural:
            entry.msgstr_plural = {form: "" for form in range(4)}
        result.append(entry)
    return result


def update(additions: dict[str, str | list[str]] | None = None) -> None:
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    known = polib.pofile(str(CATALOGUE)) if CATALOGUE.exists() else polib.POFile()
    catalogue = merged(known, extract())
    spare = {identity(entry) for entry in catalogue}
    for key, slovene in (additions or {}).items():
        msgid, _, plural = key.partition("|||")
        context, _, text = msgid.rpartition("\x04")
        entry = catalogue.find(text, msgctxt=context or False)
        if entry is None:
            print(f"Not in the sources (yet): {msgid!r}")
        elif plural:
            entry.msgstr_plural = dict(enumerate(slovene))
        else:
            entry.msgstr = slovene
    assert len(spare) == len(catalogue)
    catalogue.save(str(CATALOGUE))
    catalogue.save_as_mofile(str(COMPILED))


def problems() -> list[str]:
    """Return what keeps the catalogue from being complete, one sentence each."""
    catalogue = polib.pofile(str(CATALOGUE))
    wrong = [f"untranslated: {entry.msgid!r}" for entry in catalogue.untranslated_entries()]
    wrong += [f"fuzzy: {entry.msgid!r}" for entry in catalogue.fuzzy_entries()]
    wrong += [
        f"needs four plural forms: {entry.msgid!r}"
        for entry in catalogue
        if entry.msgid_plural and (len(entry.msgstr_plural) != 4 or not all(entry.msgstr_plural.values()))
    ]
    in_sources, in_catalogue = {identity(e) for e in extract()}, {identity(e) for e in catalogue}
    wrong += [f"not in the catalogue: {text!r}" for _, text, _ in sorted(in_sources - in_catalogue, key=str)]
    wrong += [f"no longer used: {text!r}" for _, text, _ in sorted(in_catalogue - in_sources, key=str)]
    compiled = {identity(e): (e.msgstr, e.msgstr_plural) for e in polib.mofile(str(COMPILED))}
    if any(compiled.get(identity(e)) != (e.msgstr, e.msgstr_plural) for e in catalogue.translated_entries()):
        wrong.append("the compiled catalogue is stale: run python -m tools.catalogue update")
    return wrong


def main(arguments: list[str]) -> int:
    with open(ROOT / "tools" / "babel.cfg") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        match arguments:
            case ["update"]:
                update()
            case ["add", path]:
                update(json.loads(Path(path).read_text(encoding="utf-8")))
            case ["check"]:
                wrong = problems()
                print("\n".join(wrong) or "The catalogue is complete.")
                return bool(wrong)
            case _:
                print(__doc__)
                return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
