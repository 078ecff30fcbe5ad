"""docs/attack.md, from the figures of a run."""

from typing import Any

HEAD = """# Attacks on linking, simulated

Written by `make attack`: do not edit. {tries} tries, {payers} payers, {accounts} accounts that are old enough to have all
their tries, {addresses} networks; the clock is simulated, one try every 18 seconds, so that the portal judges nearly all.

| attacker | knows | tries | judged | targets | opened | most tries that counted, for one target | chance reached | bound | within |
|---|---|--:|--:|--:|--:|--:|--:|--:|---|
"""
TAIL = """
What is judged costs the attacker; what is not judged is answered alike. A try counts while three right numbers would
still have opened that target. The chance is that of opening one given target (for A: any of them, with all tries).

* After five near misses (two right numbers) the payer is closed: only a code sent to the payer, or staff, links then.
* After 20 tries in a day or 60 in all with one right number, three numbers need a code besides. Nobody is closed by that:
  the code goes out by itself, and whoever signs in with the payer's own e-mail address needs none.
* P knows one number and types anything beside it: **{closed_by_one} payers closed** by it.
* E cannot be counted out. **{told} of {linked}** payers whose place was linked were told, by mail or by a line on the next
  invoice, each mail with a way to end the link; then only a code leads back.

## Answers

{failures} mixed failures through the real pages: **{different} different answer{plural}**, after taking out the keys of the form
and what the sender typed. Medians without the floor of 400 ms, in which all of them end:

| failure | median, ms |
|---|--:|
{medians}

Largest difference {difference:.1f} ms, {percent:.1f} % (allowed: 5 ms or 5 %).
"""


def markdown(rows: list[dict[str, Any]], answers: dict[str, Any], facts: dict[str, Any]) -> str:
    told = next(row for row in rows if row["name"] == "told")
    outcomes = [row for row in rows if row["name"] != "told"]
    medians = answers["medians_ms"]
    difference = max(medians.values()) - min(medians.values())
    return HEAD.format(tries=sum(row["tries"] for row in outcomes), **facts) + "\n".join(map(_row, outcomes)) + "\n" + TAIL.format(
        closed_by_one=next(row for row in outcomes if row["name"] == "P")["closed"],
        told=told["told"],
        linked=told["linked"],
        failures=answers["tries"],
        different=answers["different"],
        plural="" if answers["different"] == 1 else "s",
        medians="\n".join(f"| {kind.replace('_', ' + ')} | {median:.1f} |" for kind, median in medians.items()),
        difference=difference,
        percent=100 * difference / min(medians.values()),
    )  # fmt: skip


def faults(rows: list[dict[str, Any]], answers: dict[str, Any]) -> list[str]:
    """Return what did not hold, one sentence each."""
    wrong = [f"{row['name']} is outside its bound" for row in rows if row.get("is_within") is False]
    told = next(row for row in rows if row["name"] == "told")
    if told["told"] != told["linked"]:
        wrong.append("somebody was linked and nobody told")
    if next(row for row in rows if row["name"] == "P")["closed"]:
        wrong.append("one known number closed a payer")
    if answers["different"] != 1:
        wrong.append("failures do not answer alike")
    medians = answers["medians_ms"].values()
    difference = max(medians) - min(medians)
    if difference > 5 and difference > 0.05 * min(medians):
        wrong.append(f"failures differ in time by {difference:.1f} ms")
    return wrong


def _row(row: dict[str, Any]) -> str:
    return (
        f"| {row['name']} | {row['knows']} | {row['tries']} | {row['judged']} | {row['targets']} | {row['successes']} "
        f"| {row['effective']} | {row['reached']:.2g} | {row['bound']:.2g} | {'yes' if row['is_within'] else '**no**'} |"
    )
