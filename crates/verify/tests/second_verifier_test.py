#!/usr/bin/env python3
"""Holds the two verifiers to each other: `candor verify` and second_verifier.py, which was written from the page alone.

A register is played and published: a provisional letter, a closing with withheld rows, a restatement, a key, a receipt.
Both must say that it holds. Then it is altered file by file, and both must refuse it and name the same promises.

    second_verifier_test.py CANDOR SCRATCH      (CANDOR: the binary; SCRATCH: a folder that is made anew)
"""

import concurrent.futures
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

sys.dont_write_bytecode = True
import second_verifier  # noqa: E402

ROOT = Path(__file__).resolve().parents[3]
CLERK = ["--as", "person_clerk"]


# The register that is published.


@dataclass(frozen=True)
class Published:
    candor: str
    place: Path

    @property
    def out(self) -> Path:
        return self.place / "out"

    def run(self, *command: str | Path) -> str:
        done = subprocess.run([self.candor, *map(str, command)], capture_output=True, text=True, cwd=ROOT)
        if done.returncode:
            sys.exit(f"failed: candor {' '.join(map(str, command))}\n{done.stderr}")
        return done.stdout

    def as_clerk(self, at: str, name: str, *command: str | Path) -> str:
        return self.run(name, self.place / "register", *command, *CLERK, "--at", at)

    def receive(self, form: str, day: str, changes: dict[str, str]) -> str:
        """Registers a paper of the demonstration as one that came on a day, and tells its id."""
        text = (ROOT / f"demonstration/forms/{form}.toml").read_text(encoding="utf-8")
        text = re.sub(r'at = "[0-9-]*T', f'at = "{day}T', re.sub("issued_on = .*", f"issued_on = {day}", text))
        for old, new in changes.items():
            text = text.replace(old, new)
        (self.place / "form.toml").write_text(text, encoding="utf-8")
        said = self.as_clerk(f"{day}T23:58-05:00", "receive", self.place / "form.toml")
        return re.search(r"^registered (req_[a-z0-9-]*) ", said, re.MULTILINE)[1]

    def record(self, at: str, commands: str) -> None:
        (self.place / "commands.toml").write_text(commands, encoding="utf-8")
        self.as_clerk(at, "record", self.place / "commands.toml")


def publish(candor: str, place: Path) -> Published:
    """The end of 2022 with every table, a provisional letter, a closing in January and a restatement after it."""
    of = Published(candor, place)
    place.mkdir(parents=True)
    clerk, register, out = of.as_clerk, place / "register", of.out
    of.run("init", register, "--pack", "us-ma-boston", "--demonstration", *CLERK, "--at", "2022-11-16T09:00-05:00")
    setup = (ROOT / "demonstration/setup.toml").read_text(encoding="utf-8").replace("from = 2022-01-01", "from = 2022-11-16")
    of.record("2022-11-16T09:10-05:00", setup)
    first = of.receive("11", "2022-11-16", {})
    alike = {"i-247a": "i-247n", '"hold", "notify"': '"notify"', "FENWICK": "OTHER", "000100012": "000100099", "INVENTED-12": "X"}
    unclear = of.receive("12", "2022-11-17", alike)
    shielded = of.receive("10", "2022-12-15", {})
    twice = of.receive("09", "2022-12-16", {})
    (place / "reason").write_text("invented", encoding="utf-8")
    clerk("2022-12-17T00:00-05:00", "decide", first, "--facts", ROOT / "demonstration/facts/bail-posted.toml", "--do",
          "hold=honored", "--do", "notify=declined", "--departure", "mistake", "--reason-file", place / "reason")
    of.record("2022-12-17T00:10-05:00", DEEDS.format(first=first, unclear=unclear, shielded=shielded))
    clerk("2022-12-17T00:20-05:00", "receipt", twice, "--to", place / "receipt.txt")
    clerk("2022-12-30T10:00-05:00", "grow")
    clerk("2022-12-30T10:00-05:00", "file", "--year", "2022")
    of.run("publish", register, "--to", out)
    shutil.copy(out / "checkpoint", place / "older")
    clerk("2023-01-02T10:00-05:00", "grow")
    clerk("2023-01-02T10:00-05:00", "file", "--year", "2022")
    of.run("publish", register, "--to", out)
    of.record("2023-01-03T10:00-05:00", AFTERWARDS.format(unclear=unclear, twice=twice))
    clerk("2023-01-03T11:00-05:00", "grow")
    clerk("2023-01-03T11:00-05:00", "file", "--year", "2022", "--restate", "late", "--restate", "outcome")
    clerk("2023-01-04T11:00-05:00", "grow")
    of.run("publish", register, "--to", out)
    return of


DEEDS = """
[[command]]
do = "outcome"
request = "{first}"
outcome = "transferred"
at = "2022-11-16T18:00-05:00"
authority = "detainer-alone"

[[command]]
do = "hold"
request = "{first}"
authority = "criminal-warrant"
at = "2022-11-16"

[[command]]
do = "reimburse"
request = "{first}"
cents = 125000
on = 2022-11-18

[[command]]
do = "outcome"
request = "{unclear}"
outcome = "released-bail"
at = "2022-11-17T22:00-05:00"

[[command]]
do = "shield"
request = "{shielded}"
cause = "minor"

[[command]]
do = "hold"
request = "{shielded}"
authority = "judicial-order"
at = "2022-12-16"
"""

AFTERWARDS = """
[[command]]
do = "outcome"
request = "{twice}"
outcome = "transferred"
at = "2022-12-17T18:00-05:00"
authority = "judicial-order"
"""


# What is done to the folder. Each alteration is done in place and taken back.


@dataclass(frozen=True)
class Alteration:
    """What is written instead of a file, or beside the others; None takes a file away."""

    what: str
    writes: dict[str, bytes | None]


def alterations(files: dict[str, bytes]) -> Iterator[Alteration]:
    law = [path for path in files if path.startswith("law/")]
    kept = {Path(path).name: path for path in law if "/scenarios/" not in path and "/sections/" not in path}
    some_law = [*kept.values(), next(path for path in law if "/sections/" in path), next(path for path in law if "/scenarios/" in path)]
    for path in [path for path in files if path not in law or path in some_law]:
        yield from of_one_file(path, files[path])
    yield from swaps(files, some_law)
    yield from additions(files, law[0].split("/")[1])


def of_one_file(path: str, bytes_: bytes) -> Iterator[Alteration]:
    def becomes(what: str, now: bytes | None) -> Alteration:
        return Alteration(f"{what} {path}", {path: now})

    yield becomes("remove", None)
    yield becomes("empty", b"")
    yield becomes("cut the last byte of", bytes_[:-1])
    yield becomes("cut half of", bytes_[:len(bytes_) // 2])
    yield becomes("lengthen", bytes_ + b"\n")
    for at in sorted({0, len(bytes_) // 3, len(bytes_) // 2, 2 * len(bytes_) // 3, len(bytes_) - 1}):
        yield becomes(f"flip a bit of byte {at} of", bytes_[:at] + bytes([bytes_[at] ^ 1]) + bytes_[at + 1:])
    if path.startswith("tile/") or path.endswith(".html"):
        return
    lines = bytes_.splitlines(keepends=True)
    yield becomes("repeat the last line of", bytes_ + lines[-1])
    yield becomes("take away the middle line of", b"".join(lines[:len(lines) // 2] + lines[len(lines) // 2 + 1:]))
    if len(lines) > 2:
        yield becomes("swap the last two lines of", b"".join(lines[:-2] + [lines[-1], lines[-2]]))
    yield becomes("write CR LF in", bytes_.replace(b"\n", b"\r\n"))


def swaps(files: dict[str, bytes], some_law: list[str]) -> Iterator[Alteration]:
    alike = [[path for path in files if re.search(pattern, path)] for pattern in (
        "^tile/0/", "^tile/entries/", "^tile/1/", "^openings/", "/(report.json|report.html)$", "/filing$|^keys/")]
    for group in [*alike, some_law, ["checkpoint", next(path for path in files if path.startswith("keys/"))]]:
        for one, other in zip(group, group[1:]):
            yield Alteration(f"swap {one} and {other}", {one: files[other], other: files[one]})
    # A whole filing under the name of another, and only some of it.
    moved = {path.replace("restatement-1", "restatement-2"): bytes_ for path, bytes_ in files.items() if "restatement-1" in path}
    gone: dict[str, bytes | None] = {path: None for path in files if "restatement-1" in path}
    yield Alteration("rename a restatement", {**gone, **moved})
    yield Alteration("take away the provisional letter", {path: None for path in files if "/provisional/" in path})
    yield Alteration("take away the closing", {path: None for path in files if re.match("(filings|openings)/2022/[^/]*$", path)})
    yield Alteration("take away the law pack", {path: None for path in files if path.startswith("law/")})


def additions(files: dict[str, bytes], law: str) -> Iterator[Alteration]:
    key = next(path for path in files if path.startswith("keys/"))
    for path in ("extra", ".hidden", "tile/0/002", "tile/0/000.p/3", "tile/0/000.p/256", "tile/0/001.p/0", "tile/0/001.p/1",
                 "tile/0/001.p/200", "tile/2/000.p/1", "tile/entries/000.p/2", "tile/entries/001.p/1", "tile/x", "keys/1", "keys/x",
                 "keys/01", "keys/" + key[5:] + "0", f"law/{law}/extra.toml", "law/" + "0" * 64 + "/pack.toml", "filings/2022/extra",
                 "filings/2023/filing", "filings/2022/restatement-2/filing", "filings/2022/restatement-02/filing",
                 "openings/2022/extra", "openings/2023/counts-as", "openings/2022/restatement-1/withheld.old", "withheld/2022",
                 "checkpoint.old", "CHECKPOINT", "filings/2024/report.json", "filings/2024/report.html", "filings/2024/extra", "filings/2024/a/b", "openings/2024/x",
                 "openings/2024/withheld", "filings/2022/restatement-7/report.json", "filings/2022/draft/report.json",
                 "filings/2024/provisional/report.json", "openings/2022/provisional/closing", "filings/20245/report.json",
                 "filings/2022/closing/report.json", "filings/2022/closing/filing", "filings/1800/filing", "filings/1800/report.json",
                 "openings/2022/restatement-1/report.json", "filings/2023/withheld", "filings/2023/closing", "filings/2022/report.json~"):
        yield Alteration(f"add {path}", {path: b"more\n"})
    # Whole tiles that are older, and so may stay, or that begin another tile and may not.
    tile, bundle = files["tile/0/000"], files["tile/entries/000"]
    yield Alteration("add a partial tile with a hash too few", {"tile/0/000.p/7": tile[:192]})
    yield Alteration("add a partial tile of another one", {"tile/0/001.p/7": tile[:224]})
    yield Alteration("add a partial bundle of another one", {"tile/entries/001.p/7": bundle[:238]})
    report = {"filings/2022/report.json": b"{}\n"}
    yield Alteration("break a bundle and a report", {"tile/entries/000": bundle[:-1]} | report)
    yield Alteration("break an older tile and a report", {"tile/0/001.p/16": tile[:512]} | report)
    yield Alteration("add a copy of a key", {"keys/0": files[key]})
    yield Alteration("add a copy of a filing", {"filings/2022/restatement-3/filing": files["filings/2022/filing"]})


# The two verifiers, and what they say.


@dataclass(frozen=True)
class Said:
    status: int
    promises: frozenset[str]
    findings: str


def ask_candor(of: Published, folder: Path) -> Said:
    done = subprocess.run([of.candor, "verify", folder, "--key", of.place / "register/log.vkey", "--since", of.place / "older",
                           "--receipt", of.place / "receipt.txt", "--json"], capture_output=True, text=True)
    if done.returncode not in (0, 1):
        return Said(done.returncode, frozenset(), done.stderr)
    findings = json.loads(done.stdout)["findings"]
    lines = [f"{one['promise']} {one['place']}: {one['what']}" for one in findings]
    return Said(done.returncode, frozenset(one["promise"] for one in findings), "\n".join(lines))


def ask_second(of: Published, folder: Path) -> Said:
    key = second_verifier.given_key(str(of.place / "register/log.vkey"))
    found = second_verifier.verify(folder, key, (of.place / "older").read_bytes(), (of.place / "receipt.txt").read_bytes()).found
    lines = [f"{promise} {place}: {what}" for promise, place, what in found]
    return Said(int(bool(found)), frozenset(promise for promise, _, _ in found), "\n".join(lines))


# What must be true of them.

AT_ONCE = 2


def disagreement(of: Published, folder: Path, alteration: Alteration, before: dict[str, bytes]) -> str | None:
    """How the two differ over an altered folder; the folder is put back."""
    for path, bytes_ in alteration.writes.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).unlink(missing_ok=True)
        if bytes_ is not None:
            (folder / path).write_bytes(bytes_)
    try:
        first, second = ask_candor(of, folder), ask_second(of, folder)
    finally:
        for path in alteration.writes:
            (folder / path).unlink(missing_ok=True)
            if path in before:
                (folder / path).write_bytes(before[path])
    expected = 0 if is_harmless(alteration, before) else 1
    if first.status != expected or second.status != expected or first.promises != second.promises:
        return f"{alteration.what}\n  candor {first.status}:\n{first.findings}\n  second {second.status}:\n{second.findings}"
    return None


def is_harmless(alteration: Alteration, before: dict[str, bytes]) -> bool:
    """What the page lets pass: a tile of an older size may go (section 2), and one signature may stand there twice."""
    size = int(before["checkpoint"].split(b"\n")[1])
    present = f".p/{size % 256}"
    [*paths] = alteration.writes
    gone = len(paths) == 1 and alteration.writes[paths[0]] is None
    older = gone and re.match(r"tile/(0|entries)/.*[.]p/", paths[0]) and not paths[0].endswith(present)
    return bool(older) or alteration.what == "repeat the last line of checkpoint"


def worker(of: Published, number: int, before: dict[str, bytes]) -> tuple[int, list[str]]:
    """Every so many-th alteration, on a copy of its own."""
    folder = of.place / f"copy-{number}"
    shutil.copytree(of.out, folder)
    mine = [one for at, one in enumerate(alterations(before)) if at % AT_ONCE == number and is_one(one, before)]
    found = [disagreement(of, folder, one, before) for one in mine]
    return len(mine), [one for one in found if one]


def is_one(alteration: Alteration, before: dict[str, bytes]) -> bool:
    """Whether it changes anything at all."""
    return any(before.get(path) != bytes_ for path, bytes_ in alteration.writes.items())


def main() -> None:
    candor, place = sys.argv[1], Path(sys.argv[2]).resolve()
    shutil.rmtree(place, ignore_errors=True)
    of = publish(str(Path(candor).resolve()), place)
    before = {path.relative_to(of.out).as_posix(): path.read_bytes() for path in sorted(of.out.rglob("*")) if path.is_file()}
    for name, said in (("candor", ask_candor(of, of.out)), ("the second verifier", ask_second(of, of.out))):
        if said.status:
            sys.exit(f"{name} does not believe an honest folder:\n{said.findings}")
    with concurrent.futures.ProcessPoolExecutor(AT_ONCE) as pool:
        done = list(pool.map(worker, [of] * AT_ONCE, range(AT_ONCE), [before] * AT_ONCE))
    found = [one for _, some in done for one in some]
    if found:
        sys.exit("\n".join([*found, f"the two verifiers differ over {len(found)} folders"]))
    print(f"two verifiers agree on {len(before)} files and on each of {sum(tried for tried, _ in done)} alterations of them")
    shutil.rmtree(place)


if __name__ == "__main__":
    main()
