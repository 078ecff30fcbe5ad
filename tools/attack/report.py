"""docs/attack.md, from the figures of a run."""

from typing import Any

HEAD = """# Attacks on linking, simulated

Written by `make attack`: do not edit. {tries} tries, {payers} payers, {accounts} accounts that are old enough to have all
their tries, {addresses} networks; the clock is simulated, one try every 18 seconds, so that the portal judges nearly all. On {machine}:
{attacked:.0f} s for the attackers, {all:.0f} s in all.

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
* M took over somebody's mailbox and account. What was linked asks for the newest document number before it does more than show, and
  shows no such number: five wrong ones, and only a code by post proves anything.
* E cannot be counted out. **{told} of {linked}** payers whose place was linked were told, by mail or by a line on the next
  invoice, each mail with a way to end the link; then only a code leads back.

## Answers

{failures} mixed failures through the real pages: **{different} different answer{plural}**, after taking out the keys of the form
and what the sender typed; each with **{statements} statements** to the database.

Time without the floor of 400 ms, in which all of them end: one failure of each kind in every round, in an order drawn by lot. Two kinds are
compared within the round, so that a machine busy with something else shifts nothing.

| failure | median, ms | CPU of the process, ms |
|---|--:|--:|
{kinds}

Furthest apart: {wall:.1f} ms, {wall_percent:.1f} % by the clock; {cpu:.1f} ms, {cpu_percent:.1f} % of CPU (allowed: 5 ms or 5 %).

## Signing in

{sign_in[failures]} refused sign-ins, with the product's own hash of passwords: **{sign_in[different]} different answer{sign_in[plural]}**.

| refused | median, ms | CPU of the process, ms |
|---|--:|--:|
{sign_in[kinds]}

Apart: {sign_in[wall]:.1f} ms, {sign_in[wall_percent]:.1f} % by the clock; {sign_in[cpu]:.1f} ms, {sign_in[cpu_percent]:.1f} % of CPU (allowed: 5 ms or 5 %).
"""


def markdown(rows: list[dict[str, Any]], answers: dict[str, Any], facts: dict[str, Any]) -> str:
    told = next(row for row in rows if row["name"] == "told")
    outcomes = [row for row in rows if row["name"] != "told"]
    seconds = facts.pop("seconds")
    head = HEAD.format(tries=sum(row["tries"] for row in outcomes), **facts, **seconds)
    tail = TAIL.format(
        closed_by_one=next(row for row in outcomes if row["name"] == "P")["closed"],
        told=told["told"],
        linked=told["linked"],
        statements=" or ".join(map(str, answers["statements"])),
        sign_in=_of_answers(answers["sign_in"]),
        **_of_answers(answers),
    )
    return head + "\n".join(map(_row, outcomes)) + "\n" + tail


def _of_answers(answers: dict[str, Any]) -> dict[str, Any]:
    said = {
        "failures": answers["tries"],
        "different": answers["different"],
        "plural": "" if answers["different"] == 1 else "s",
        "kinds": "\n".join(_kind(kind, figures) for kind, figures in answers["kinds"].items()),
    }
    for what in ("wall", "cpu"):
        said[what], said[f"{what}_percent"] = _difference(answers, what)
    return said


def _kind(kind: str, figures: dict[str, float]) -> str:
    return f"| {kind.replace('_', ' + ')} | {figures['wall_ms']:.1f} | {figures['cpu_ms']:.1f} |"


def _difference(answers: dict[str, Any], what: str) -> tuple[float, float]:
    """Return how far apart the kinds are that are furthest apart: in ms, and in percent of the quickest."""
    apart_ms: float = answers[f"{what}_apart_ms"]
    return apart_ms, 100 * apart_ms / min(figures[f"{what}_ms"] for figures in answers["kinds"].values())


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
    if len(answers["statements"]) != 1:
        wrong.append("failures take more or less statements")
    if answers["sign_in"]["different"] != 1:
        wrong.append("a refused sign-in tells who is a user")
    for which, name in ((answers, "failures"), (answers["sign_in"], "refused sign-ins")):
        for what, clock in (("wall", "by the clock"), ("cpu", "of CPU")):
            difference, percent = _difference(which, what)
            if difference > 5 and percent > 5:
                wrong.append(f"{name} differ by {difference:.1f} ms {clock}")
    return wrong


def _row(row: dict[str, Any]) -> str:
    return (
        f"| {row['name']} | {row['knows']} | {row['tries']} | {row['judged']} | {row['targets']} | {row['successes']} "
        f"| {row['effective']} | {row['reached']:.2g} | {row['bound']:.2g} | {'yes' if row['is_within'] else '**no**'} |"
    )
