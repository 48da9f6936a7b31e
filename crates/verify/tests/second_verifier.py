#!/usr/bin/env python3
"""A second verifier of a published folder, written from docs/LOG-FORMAT.md alone (and docs/LAW-FORMAT.md for law packs).

It shares no line with the program whose folders it checks, and was not written from its source. Python 3.11 and its
standard library suffice; signatures are checked by ed25519.py beside it. Sections in comments are those of LOG-FORMAT.md.

    second_verifier.py OUT --key VKEY [--since CHECKPOINT] [--receipt FILE]

It prints a line for each broken promise, `PROMISE place: what`, and exits with 0 if there is none, 1 if there is one,
2 if what it was given cannot be read. The auditor's bag, witnesses and the paper of a receipt are not its business.
"""

import argparse
import base64
import contextlib
import hashlib
import json
import os
import re
import sys
import tomllib
import zoneinfo
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import ed25519

DEMONSTRATION = "demonstration, invented rows"

# Section 3: the slots of a leaf that are opened to the public, and their numbers.
SLOTS = {"counts-as": 0, "year": 1, "set": 2, "row": 3, "filing": 4, "key": 5, "summary": 6, "withheld": 7, "day": 8,
         "paper-match": 9, "facts": 10, "answer": 11, "law": 12, "body": 31}

# Section 6: what a leaf counts as. Every word but `nothing` has a year.
COUNTS_AS = ("nothing request request-unclear request-withdrawn held transferred reimbursed filing key closing "
             "request-unclear-withdrawn held-withdrawn transferred-withdrawn reimbursed-withdrawn").split()

# Section 7: the lists of words, in the order of their lists.
FORMS = ("i-247 i-247d i-247n i-247x i-247a i-247g i-200 i-205 i-203 ao-442 other-judicial subpoena information-request "
         "interview-request joint-operation-request other detainer-not-recorded").split()
SURE_FORMS = ["i-247", "i-247d", "i-247a", "detainer-not-recorded"]
UNCLEAR_FORMS = ["i-247n", "i-247x", "i-247g"]
GROUNDS = "final-order pending-proceedings biometric-match statements resume-custody".split()
OUTCOMES = ["transferred", "unknown", "not-transferred"]
AUTHORITIES = "criminal-warrant judicial-order detainer-alone not-recorded".split()
ASKS = "hold transfer notify interview information access arrest joint-operation support inquire count".split()
CODES = "court-paper directed emergency mistake other".split()
MEASURES = ("transmissions asks-decided outcomes-known bookings-answered line-hours-proven gateway-accounted "
            "tours-reported inquiries-found carrier-accounted arrivals-read bookings-counted").split()
OF_LINES = "transmissions line-hours-proven gateway-accounted carrier-accounted arrivals-read".split()
KNOWN_BY = ["individual", "episode", "request"]
CAUSES = "late correction duplicate outcome coverage rule".split()
TABLES = "period requests outcomes held transferred reimbursed departures coverage".split()
WITHHOLDABLE = ["requests", "held", "transferred", "reimbursed"]

# Section 9: the measures of each format, and the SHA-256 of the rules of each edition as a report writes them.
MEASURES_OF = {"report/1": MEASURES[:8], "report/2": MEASURES}
COUNTING_RULES = {1: "4e02bd9e53943846bb6bc645b2caa4cac2312792099abaf76c137cef15c1301c"}


class Refused(ValueError):
    """What was read breaks a rule of the page."""


def need(holds: object, what: str) -> None:
    if not holds:
        raise Refused(what)


@dataclass
class Findings:
    """Broken promises, each with its place."""

    found: list[tuple[str, str, str]] = field(default_factory=list)

    def add(self, promise: str, place: str, what: str) -> None:
        self.found.append((promise, place, what))

    @contextlib.contextmanager
    def under(self, promise: str, place: str) -> Iterator[None]:
        """Whatever is refused inside breaks this promise at this place."""
        try:
            yield
        except Refused as refused:
            self.add(promise, place, str(refused))


# Section 2: base64, hashes, the tree.


def sha(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def node(left: bytes, right: bytes) -> bytes:
    return sha(b"\x01", left, right)


def base64_of(text: str, size: int) -> bytes:
    try:
        bytes_ = base64.b64decode(text, validate=True)
    except ValueError:
        raise Refused("not base64") from None
    need(base64.b64encode(bytes_).decode() == text, "base64 in another spelling")
    need(size in (len(bytes_), -1), f"{len(bytes_)} bytes where {size} belong")
    return bytes_


def digits(text: str) -> int:
    need(re.fullmatch("0|[1-9][0-9]{0,19}", text) and int(text) < 2**64, "not a number in plain digits")
    return int(text)


def utf8(bytes_: bytes) -> str:
    try:
        return bytes_.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused("not UTF-8") from None


def tree_root(leaves: list[bytes]) -> bytes:
    """RFC 6962, section 2.1. Joining pairs, with the odd one carried up, is the same as splitting at a power of two."""
    level = leaves or [sha()]
    while len(level) > 1:
        joined = [node(left, right) for left, right in zip(level[::2], level[1::2])]
        level = joined + level[len(joined) * 2:]
    return level[0]


# Section 2: keys, notes, checkpoints.


@dataclass(frozen=True)
class Key:
    name: str
    id_: bytes
    public: bytes


def parse_key(text: str) -> Key:
    parts = text.split("+", 2)
    need(len(parts) == 3 and parts[0] and not re.search(r"\s", parts[0]), "not a key `name+id+base64`")
    bytes_ = base64_of(parts[2], 33)
    need(bytes_[0] == 1, "not an Ed25519 key")
    id_ = sha(parts[0].encode(), b"\n", bytes_)[:4]
    need(id_.hex() == parts[1], "the id is not that of the key")
    return Key(parts[0], id_, bytes_[1:])


@dataclass(frozen=True)
class Note:
    text: str
    signatures: list[tuple[str, bytes, bytes]]

    def signed_by(self, key: Key) -> bool:
        """A missing signature of the key, or a wrong one, breaks the note; those of unknown keys are ignored."""
        its = [signature for name, id_, signature in self.signatures if (name, id_) == (key.name, key.id_)]
        return bool(its) and all(ed25519.holds(key.public, self.text.encode(), one) for one in its)


def parse_note(bytes_: bytes) -> Note:
    need(len(bytes_) <= 1_000_000, "a note of more than 1000000 bytes")
    all_ = utf8(bytes_)
    need(not re.search(r"[\x00-\x09\x0b-\x1f]", all_), "a control character")
    text, parted, lines = all_.rpartition("\n\n")
    need(parted and lines.endswith("\n"), "no note: an empty line and signatures are missing")
    signatures = []
    for line in lines[:-1].split("\n"):
        mark, name, signature = (line.split(" ") + ["", ""])[:3]
        need(mark == "\u2014" and name and line.count(" ") == 2, "not a signature line")
        raw = base64_of(signature, -1)
        need(len(raw) > 4, "a signature line without a signature")
        signatures.append((name, raw[:4], raw[4:]))
    need(1 <= len(signatures) <= 100, "not 1 to 100 signatures")
    return Note(text + "\n", signatures)


@dataclass(frozen=True)
class Checkpoint:
    origin: str
    size: int
    root: bytes


def parse_checkpoint(bytes_: bytes, key: Key) -> Checkpoint:
    note = parse_note(bytes_)
    need(note.signed_by(key), "not signed by the key")
    lines = note.text[:-1].split("\n")
    need(len(lines) >= 3 and all(lines), "not origin, size and root, each on its line")
    need(lines[0] == key.name, "the origin is not the name of the key")
    return Checkpoint(lines[0], digits(lines[1]), base64_of(lines[2], 32))


# Section 2: tiles and entry bundles.


@dataclass
class Folder:
    """The published files by path, and those that something accounts for."""

    files: dict[str, Path]
    accounted: set[str] = field(default_factory=set)

    def read(self, path: str) -> bytes:
        need(path in self.files, "missing")
        self.accounted.add(path)
        return self.files[path].read_bytes()


def tile_path(level: str, index: int, width: int) -> str:
    groups = [f"{index % 1000:03}"]
    while index := index // 1000:
        groups.insert(0, f"x{index % 1000:03}")
    return f"tile/{level}/{'/'.join(groups)}" + ("" if width == 256 else f".p/{width}")


def tiles_of(count: int) -> Iterator[tuple[int, int]]:
    """Index and width of the tiles that `count` hashes fill."""
    yield from ((index, min(256, count - index * 256)) for index in range((count + 255) // 256))


def read_tiles(folder: Folder, size: int, findings: Findings) -> list[bytes]:
    """The leaf hashes of level 0, once every higher tile follows from those below it."""
    leaves: list[bytes] = []
    level, count = 0, size
    hashes: list[bytes] = []
    while count:
        for index, width in tiles_of(count):
            bytes_ = folder.read(tile_path(str(level), index, width))
            need(len(bytes_) == 32 * width, f"tile {level}/{index} has another length")
            tile = [bytes_[at:at + 32] for at in range(0, len(bytes_), 32)]
            if level == 0:
                leaves += tile
            need(level == 0 or tile == hashes[index * 256:index * 256 + width], f"tile {level}/{index} is not of the tiles below")
            check_older(folder, str(level), index, width, lambda older: (bytes_[:32 * older]), findings)
        below = leaves if level == 0 else hashes
        hashes = [tree_root(below[at:at + 256]) for at in range(0, len(below) - 255, 256)]
        level, count = level + 1, len(hashes)
    return leaves


def check_older(folder: Folder, level: str, index: int, width: int, whole: Callable[[int], bytes], findings: Findings) -> None:
    """Older partial tiles and bundles may stay, if they are the beginning of the present one."""
    for older in range(1, width):
        path = tile_path(level, index, older)
        if path in folder.files:
            with findings.under("tree", path):
                need(folder.read(path) == whole(older), "an older partial one that does not begin the present one")


def check_bundles(folder: Folder, leaves: list[bytes], findings: Findings) -> None:
    """Every entry is 32 bytes behind their length, and hashes to its leaf: so a bundle has one text."""
    for index, width in tiles_of(len(leaves)):
        path = tile_path("entries", index, width)
        with findings.under("tree", path):
            bytes_ = folder.read(path) if path in folder.files else b""
            check_older(folder, "entries", index, width, lambda older: bytes_[:34 * older], findings)
            need(len(bytes_) == 34 * width, "missing, or of another length")
            for at in range(width):
                entry = bytes_[at * 34:at * 34 + 34]
                need(entry[:2] == b"\x00\x20", "an entry that is not of 32 bytes")
                need(sha(b"\x00", entry[2:]) == leaves[index * 256 + at], "an entry that is not the leaf's")


# Section 4: openings.

Leaves = dict[int, dict[str, str]]


@dataclass(frozen=True)
class Opening:
    position: int
    slot: str
    salt: bytes
    path: bytes
    value: str


def opened_leaf(opening: Opening) -> bytes:
    hash_ = sha(b"\x00", opening.salt, opening.value.encode())
    for level in range(5):
        sibling = opening.path[level * 32:level * 32 + 32]
        hash_ = node(sibling, hash_) if SLOTS[opening.slot] >> level & 1 else node(hash_, sibling)
    return sha(b"\x00", hash_)


def parse_openings(bytes_: bytes, origin: str) -> list[Opening]:
    text = utf8(bytes_)
    mode = DEMONSTRATION if origin.endswith("/demonstration") else "live"
    header = f"candor openings v1\n{origin}\n{mode}\n"
    need(text.startswith(header), "another header")
    need(text.endswith("\n"), "the last line does not end")
    found: list[Opening] = []
    last = (-1, -1)
    for line in text[len(header):].split("\n")[:-1]:
        parts = line.split(" ", 4)
        need(len(parts) == 5, "not position, slot, salt, path and value")
        opening = Opening(digits(parts[0]), parts[1], base64_of(parts[2], 32), base64_of(parts[3], 160), parts[4])
        need(opening.slot in SLOTS, "an unknown slot")
        need((opening.position, SLOTS[opening.slot]) > last, "out of order")
        last = (opening.position, SLOTS[opening.slot])
        found.append(opening)
    return found


# Section 12: canonical JSON; section 11: types.

Check = Callable[[Any], bool]


def canonical(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def parse_json(text: str) -> Any:
    """Decode, encode, compare: so spaces, keys twice, needless escapes and floats are refused."""
    try:
        value = json.loads(text)
        same = canonical(value) == text
    except (ValueError, RecursionError):
        raise Refused("not JSON") from None
    need(same, "not canonical JSON")
    return value


def fields(value: Any, checks: dict[str, Check], what: str) -> dict[str, Any]:
    need(isinstance(value, dict) and list(value) == list(checks), f"{what}: other fields, or in another order")
    for name, check in checks.items():
        need(check(value[name]), f"{what}: `{name}` is not what it must be")
    return value


def is_number(value: Any) -> bool:
    return type(value) is int and 0 <= value < 2**64


def is_positive(value: Any) -> bool:
    return is_number(value) and value > 0


def matching(pattern: str) -> Check:
    return lambda value: isinstance(value, str) and re.fullmatch(pattern, value, re.ASCII) is not None


def is_year(value: Any) -> bool:
    return matching("[0-9]{4}")(value) and 1900 <= int(value) <= 9000


def is_day(value: Any) -> bool:
    return matching("[0-9]{4}-[0-9]{2}-[0-9]{2}")(value) and is_date(value)


def is_date(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


def is_hash(value: Any) -> bool:
    try:
        return isinstance(value, str) and len(base64_of(value, 32)) == 32
    except Refused:
        return False


def is_instant(value: Any) -> bool:
    shape = matching(r"[0-9-]{10}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{0,8}[1-9])?Z")(value)
    return shape and is_day(value[:10])


def instant(text: str) -> tuple[datetime, str]:
    """For comparing: the second, and its fraction as text that sorts."""
    need(is_instant(text), "not an instant")
    return datetime.fromisoformat(text[:19]).replace(tzinfo=timezone.utc), text[20:-1]


def word(words: list[str]) -> Check:
    return lambda value: isinstance(value, str) and value in words


def or_null(check: Check) -> Check:
    return lambda value: value is None or check(value)


def in_list_order(words: list[str], least: int) -> Check:
    """Some words of a list, in its order, none twice."""
    return lambda value: isinstance(value, list) and len(value) >= least and value == [one for one in words if one in value]


def is_sums(words: list[str]) -> Check:
    """Words with their numbers, in the order of the list, none of them 0."""
    return lambda value: (isinstance(value, list) and all(isinstance(one, list) and len(one) == 2 for one in value)
                          and all(is_positive(one[1]) for one in value) and in_list_order(words, 0)([one[0] for one in value]))


is_text: Check = matching("(?s:.*)")
is_hex: Check = matching("[0-9a-f]{64}")
is_label: Check = lambda value: (matching(r"(?s:.){1,60}")(value) and value == value.strip(" ")
                                 and all(one.isalnum() or one in " .,'()/&-" for one in value))


# Section 7: rows.

PERIOD: dict[str, Check] = {
    "year": is_year, "mode": word(["live", "demonstration"]), "as_of": is_instant, "filed_on": is_day,
    "provisional_on": or_null(is_day), "frozen_size": is_number, "frozen_root": is_hash, "pack_id": is_text,
    "pack_version": is_text, "pack_hash": is_hex, "other_requests": is_number}
REQUEST: dict[str, Check] = {"month": matching("[0-9]{4}-(0[1-9]|1[0-2])"), "form": word(SURE_FORMS + UNCLEAR_FORMS),
                             "grounds": in_list_order(GROUNDS, 0)}
OF_A_PERSON: dict[str, Check] = {"authorities": in_list_order(AUTHORITIES, 1), "known_by": word(KNOWN_BY)}
SUMS_OF_PERSONS: dict[str, Check] = {"known_by": is_sums(KNOWN_BY), "authorities": is_sums(AUTHORITIES)}

ROWS: dict[str, tuple[str, dict[str, Check]]] = {
    "period/1": ("period", PERIOD),
    "period/2": ("period", {"period": lambda value: bool(fields(value, PERIOD, "period")), "restatement": is_positive,
                            "causes": in_list_order(CAUSES, 1)}),
    "request/1": ("requests", REQUEST),
    "request/2": ("requests", REQUEST | {"form": word(SURE_FORMS), "counting": word(["unclear"])}),
    "outcome/1": ("outcomes", {"outcome": word(OUTCOMES)}),
    "held/1": ("held", OF_A_PERSON),
    "transferred/1": ("transferred", OF_A_PERSON),
    "reimbursed/1": ("reimbursed", {"cents": is_positive}),
    "requests-withheld/1": ("requests", {"counted": is_number, "unclear": is_number, "forms": is_sums(SURE_FORMS),
                                         "grounds": is_sums(GROUNDS), "without_ground": is_number}),
    "held-withheld/1": ("held", SUMS_OF_PERSONS),
    "transferred-withheld/1": ("transferred", SUMS_OF_PERSONS),
    "reimbursed-withheld/1": ("reimbursed", {"cases": is_positive, "cents": is_positive}),
    "departure/1": ("departures", {"ask": word(ASKS), "code": word(CODES)}),
    "coverage/1": ("coverage", {"of": lambda value: isinstance(value, dict) and len(value) == 1, "measure": word(MEASURES),
                                "seen": is_number, "due": or_null(is_number)}),
}


@dataclass(frozen=True)
class Row:
    table: str
    kind: str
    is_: dict[str, Any]


def parse_row(text: str, table: str, year: str) -> Row:
    value = parse_json(text)
    need(isinstance(value, dict) and len(value) == 1, "not a row")
    [(kind, row)] = value.items()
    need(kind in ROWS, f"an unknown kind of row: {kind}")
    need(ROWS[kind][0] == table, f"{kind} in the table {table}")
    fields(row, ROWS[kind][1], kind)
    need(row.get("month", year)[:4] == year, "a month of another year")
    if kind == "coverage/1":
        [(of, name)] = row["of"].items()
        need(of == ("line" if row["measure"] in OF_LINES else "agency") and is_label(name), "a measure of something else")
    if kind.endswith("-withheld/1"):
        need(sums_agree(row), "sums that no rows have")
    return Row(table, kind, row)


def total(sums: list[list[Any]]) -> int:
    return sum(number for _, number in sums)


def sums_agree(row: dict[str, Any]) -> bool:
    """Section 7: the sums are of rows, so each request has one form, and each subject one word of what it is known by."""
    if "forms" in row:
        counted, with_ground = row["counted"], row["counted"] - row["without_ground"]
        grounds = [number for _, number in row["grounds"]]
        return (counted + row["unclear"] > 0 and total(row["forms"]) == counted and with_ground >= 0
                and all(number <= with_ground for number in grounds) and sum(grounds) >= with_ground)
    if "known_by" in row:
        rows = total(row["known_by"])
        authorities = [number for _, number in row["authorities"]]
        return rows > 0 and all(number <= rows for number in authorities) and sum(authorities) >= rows
    return row["cents"] >= row["cases"]


# Section 8: filings and law packs.

FILING: dict[str, Check] = {
    "year": is_year, "kind": matching("provisional|closing|restatement-[1-9][0-9]{0,8}"), "as_of": is_instant,
    "frozen": lambda value: bool(fields(value, {"size": is_number, "root": is_hash}, "frozen")),
    "pack": lambda value: bool(fields(value, {"id": is_text, "version": is_text, "hash": is_hex}, "pack")),
    "format": word(list(MEASURES_OF)),
    "opens": or_null(lambda value: isinstance(value, list) and len(value) == 2 and all(map(is_number, value))),
    "files": lambda value: (isinstance(value, dict) and all(map(is_hex, value.values()))
                            and list(value) == sorted(value, key=str.encode))}

# The part of a path that tells year and kind: none of a closing filing.
PLACE = "[0-9]{4}/(?:(?:provisional|restatement-[1-9][0-9]{0,8})/)?"


@dataclass
class Pack:
    """What a report takes from a law pack (LAW-FORMAT.md)."""

    zone: zoneinfo.ZoneInfo
    report: dict[str, Any]
    reported: list[dict[str, Any]]


@dataclass
class Filing:
    path: str
    position: int
    says: dict[str, Any]
    pack: Pack | None = None
    readable: bool = False
    rows: list[Row] = field(default_factory=list)
    withheld: set[int] = field(default_factory=set)
    report: dict[str, Any] | None = None

    @property
    def year(self) -> str:
        return self.says["year"]

    @property
    def size(self) -> int:
        return self.says["frozen"]["size"]

    @property
    def opens(self) -> tuple[int, int]:
        return tuple(self.says["opens"] or (0, 0))

    def named(self, place: str) -> str:
        """Its kind's own part of a path: none of a closing filing."""
        kind = "" if self.says["kind"] == "closing" else self.says["kind"] + "/"
        return f"{place}/{self.year}/{kind}"


def parse_filing(path: str, opened: Leaves) -> Filing:
    need(len(opened) == 1, "not of one leaf")
    [(position, slots)] = opened.items()
    need(set(slots) == {"counts-as", "year", "filing"}, "not slots 0, 1 and 4 of one leaf")
    value = fields(parse_json(slots["filing"]), {"filing/1": lambda value: isinstance(value, dict)}, "filing")
    filing = Filing(path, position, fields(value["filing/1"], FILING, "filing/1"))
    need(path == filing.named("filings") + "filing", "a filing of another year or kind")
    need((slots["counts-as"], slots["year"]) == ("filing", filing.year), "its leaf does not count as a filing of its year")
    need((filing.says["opens"] is None) == (filing.says["kind"] == "provisional"), "`opens` is of closings and restatements")
    return filing


def check_named(filing: Filing) -> None:
    """The folder's table says which files a filing accounts for; section 12: `report.html` is among them."""
    must = {filing.named("filings") + name for name in ("report.json", "report.html")}
    may = set()
    if filing.says["opens"]:
        must |= {filing.named("openings") + name for name in ("closing", "counts-as")}
        may = {filing.named("openings") + "withheld"}
    law = f"law/{filing.says['pack']['hash']}/"
    named = {path for path in filing.says["files"] if not path.startswith(law)}
    need(must <= named, "a file that it must name is not named: " + " ".join(sorted(must - named)))
    need(named <= must | may, "it names a file that is not its own: " + " ".join(sorted(named - must - may)))
    parts = [part for path in filing.says["files"] for part in path.split("/")]
    need(not {"", ".", ".."} & set(parts), "a path with an empty part, `.` or `..`")


def read_pack(folder: Folder, filing: Filing) -> Pack:
    """LAW-FORMAT.md: the hash is over all files in byte order of their paths, with the length of each."""
    says = filing.says["pack"]
    law = f"law/{says['hash']}/"
    files = {path[len(law):]: folder.read(path) for path in filing.says["files"] if path.startswith(law)}
    hashed = [path.encode() + b"\0" + str(len(text)).encode() + b"\0" + text for path, text in files.items()]
    need(sha(*hashed).hex() == says["hash"], "the files of the law pack do not have its hash")
    try:
        read = {name: tomllib.loads(utf8(files.get(name, b""))) for name in
                ("pack.toml", "calendar.toml", "report.toml", "history.toml")}
        own = (read["pack.toml"].get("id"), read["pack.toml"].get("version"))
        pack = Pack(zoneinfo.ZoneInfo(read["calendar.toml"]["time_zone"]), read["report.toml"],
                    read["history.toml"].get("reported", []))
    except (tomllib.TOMLDecodeError, KeyError, zoneinfo.ZoneInfoNotFoundError) as error:
        raise Refused(f"the law pack cannot be read: {error}") from None
    need(own == (says["id"], says["version"]), "the law pack calls itself otherwise")
    return pack


def day_of(as_of: str, zone: zoneinfo.ZoneInfo) -> str:
    return instant(as_of)[0].astimezone(zone).date().isoformat()


def check_filing(world: "World", filing: Filing) -> None:
    """Section 8, checking a closing filing, step 2; of a provisional letter likewise."""
    findings, folder, says = world.findings, world.folder, filing.says
    whole = True
    for path, hash_ in says["files"].items():
        with findings.under("filing", path):
            folder.accounted.add(path)
            whole = whole and path in folder.files
            bytes_ = folder.read(path)
            whole = whole and sha(bytes_).hex() == hash_
            need(sha(bytes_).hex() == hash_, "not the file that was filed")
    with findings.under("filing", filing.path):
        check_named(filing)
    with findings.under("filing", filing.path):
        need(filing.size <= len(world.leaves), "the freeze is larger than the log")
        need(tree_root(world.leaves[:filing.size]) == base64_of(says["frozen"]["root"], 32), "the freeze is not of this log")
    law = f"law/{says['pack']['hash']}/"
    if all(path in folder.files and sha(folder.read(path)).hex() == hash_
           for path, hash_ in says["files"].items() if path.startswith(law)):
        with findings.under("filing", law):
            filing.pack = read_pack(folder, filing)
            in_year = day_of(says["as_of"], filing.pack.zone)[:4] <= filing.year
            need(in_year == (says["kind"] == "provisional"), "`as_of` is on the wrong side of the end of the year")


# Section 8, steps 3 to 6: what is opened, and what counts.


@dataclass
class World:
    folder: Folder
    key: Key
    leaves: list[bytes]
    findings: Findings
    filings: list[Filing] = field(default_factory=list)
    counted: dict[int, tuple[str, str]] = field(default_factory=dict)
    receipt_keys: dict[str, int] = field(default_factory=dict)

    def openings(self, path: str, *allowed: str) -> Leaves | None:
        """Slots by position: those that are for this file and lead to their leaf. None where it cannot be read at all."""
        with self.findings.under("openings", path):
            found: Leaves = {}
            for one in parse_openings(self.folder.read(path), self.key.name):
                with self.findings.under("openings", path):
                    need(one.slot in allowed, f"leaf {one.position}: slot {one.slot} is not for this file")
                    need(one.position < len(self.leaves), f"leaf {one.position} is not in the tree")
                    need(opened_leaf(one) == self.leaves[one.position], f"leaf {one.position} does not hold this {one.slot}")
                    found.setdefault(one.position, {})[one.slot] = one.value
            return found
        return None

    def closings(self, year: str | None = None) -> list[Filing]:
        """Closings and restatements, in the order of the log."""
        return [one for one in self.filings if one.says["opens"] and year in (None, one.year)]


def read_counts(world: World, filing: Filing) -> None:
    """Step 3: each leaf in `opens`, and no other, says what it counts as."""
    path = filing.named("openings") + "counts-as"
    opened = world.openings(path, "counts-as", "year") or {}
    with world.findings.under("counted", path):
        need(list(opened) == list(range(*filing.opens)), "not every leaf of `opens`, and no other, says what it counts as")
    for position, slots in opened.items():
        with world.findings.under("counted", f"{path}: leaf {position}"):
            counts_as = slots.get("counts-as", "")
            need(counts_as in COUNTS_AS, "an unknown word")
            need(("year" in slots) == (counts_as != "nothing"), "a year without a count, or a count without it")
            need("year" not in slots or is_year(slots["year"]), "no year")
            world.counted[position] = (counts_as, slots.get("year", ""))


def read_rows(world: World, filing: Filing) -> None:
    """Step 4: closing entries lie at or after the freeze; each opens its row, or says why it stays shut."""
    path = filing.named("openings")
    shown = world.openings(path + "closing", "set", "row")
    if shown is None:
        return
    filing.readable = True
    shut = world.openings(path + "withheld", "withheld") or {} if path + "withheld" in world.folder.files else {}
    for position, slots in (shown | shut).items():
        with world.findings.under("rows", f"{path}closing: leaf {position}"):
            need(position >= filing.size, "an entry older than the freeze")
            need(world.counted.get(position) == ("closing", filing.year), "it does not count as a closing entry of the year")
            need((position in shown) != (position in shut), "shown and withheld")
            if position in shut:
                need(slots["withheld"] == "person", "an unknown reason to withhold it")
                continue
            need(set(slots) == {"set", "row"}, "not slots 2 and 3")
            filing.rows.append(parse_row(slots["row"], slots["set"], filing.year))
    filing.withheld = set(shut)


def check_counts(world: World, filing: Filing) -> None:
    """Steps 5 and 6."""
    place = filing.named("filings") + "report.json"
    leaves = Counter(word_ for position, (word_, year) in world.counted.items() if year == filing.year and position < filing.size)
    left = {word_: leaves[word_] - leaves[word_ + "-withdrawn"] for word_ in
            ("request", "request-unclear", "held", "transferred", "reimbursed")}
    tables = {table: Tally(filing.rows, table) for table in WITHHOLDABLE}
    requests = tables["requests"]
    with world.findings.under("rows", place):
        need(min(left.values()) >= 0, "more was taken out than was there")
        need(requests.sure == left["request"], f"{requests.sure} rows counted, {left['request']} leaves")
        need(requests.all - requests.sure == left["request-unclear"], "rows that are unclear are not as many as leaves")
        need(sum(row.table == "outcomes" for row in filing.rows) == requests.all, "outcomes are not as many as requests")
        for table in WITHHOLDABLE[1:]:
            need(bool(left[table]) == bool(tables[table].all) and tables[table].all <= left[table], f"rows of {table} and leaves")
        need(sum(tally.withheld for tally in tables.values()) == len(filing.withheld), "sums of more or fewer rows than are withheld")
        need(all(tally.sums <= 1 for tally in tables.values()), "two sums of one table")
        check_entries(world, filing)
    for position in range(filing.size, filing.opens[1]):
        what = world.counted.get(position, ("nothing", ""))
        with world.findings.under("rows", f"leaf {position}"):
            need(what in (("nothing", ""), ("closing", filing.year)), "it counts between the freeze and the end of `opens`")


def check_entries(world: World, filing: Filing) -> None:
    """Step 5: all rows are the closing entries of the year; a restatement has those from its freeze on."""
    same = world.closings(filing.year)
    after = same[same.index(filing) + 1:]
    entries = [position for position, what in world.counted.items() if what == ("closing", filing.year)
               and (filing == same[0] or position >= filing.size) and (not after or position < after[0].size)]
    need(len(entries) == len(filing.rows) + len(filing.withheld), "rows are not as many as closing entries")


@dataclass
class Tally:
    """The rows of a table, those in its sums with them."""

    rows: list[Row]
    table: str

    def __post_init__(self) -> None:
        mine = [row for row in self.rows if row.table == self.table]
        self.shown = [row for row in mine if not row.kind.endswith("-withheld/1")]
        self.hidden = [row.is_ for row in mine if row.kind.endswith("-withheld/1")]
        self.sums = len(self.hidden)
        self.withheld = sum(map(self.rows_of, self.hidden))
        self.all = len(self.shown) + self.withheld

    def rows_of(self, sums: dict[str, Any]) -> int:
        if self.table == "requests":
            return sums["counted"] + sums["unclear"]
        return sums["cases"] if self.table == "reimbursed" else total(sums["known_by"])

    @property
    def sure(self) -> int:
        """Of requests: those counted on every reading (section 9)."""
        return sum(map(counted, self.shown)) + sum(sums["counted"] for sums in self.hidden)

    def of_word(self, name: str, words: list[str]) -> Counter[str]:
        """How many rows have a word: of a field that has one word or several, in rows and in sums."""
        plural = name if name in ("grounds", "authorities", "known_by") else name + "s"
        found: Counter[str] = Counter()
        for row in self.shown:
            if self.table != "requests" or counted(row):
                found.update(row.is_[name] if isinstance(row.is_[name], list) else [row.is_[name]])
        for sums in self.hidden:
            found.update(dict(sums[plural]))
        return Counter({word_: found[word_] for word_ in words if found[word_]})


def counted(row: Row) -> bool:
    return row.kind == "request/1" and row.is_["form"] in SURE_FORMS


# Section 9: report.json.


def reasons(counts: Counter[str], words: list[str], least: int) -> list[dict[str, Any]]:
    return [{"reason": word_, "count": counts[word_]} for word_ in words if counts[word_] >= least]


def grouped(tally: Tally, by: str) -> list[dict[str, Any]]:
    if by == "form":
        return reasons(tally.of_word("form", FORMS), FORMS, 1)
    if by == "authority":
        return reasons(tally.of_word("authorities", AUTHORITIES), AUTHORITIES, 1)
    without = sum(counted(row) and not row.is_["grounds"] for row in tally.shown)
    without += sum(sums["without_ground"] for sums in tally.hidden)
    counts = tally.of_word("grounds", GROUNDS) + Counter({"no-ground-recorded": without})
    return reasons(counts, GROUNDS + ["no-ground-recorded"], 0)


def totals(tally: Tally, unit: str) -> tuple[int, int]:
    """The total, and that of the other reading."""
    if tally.table == "requests":
        return tally.sure, tally.all
    if tally.table == "reimbursed":
        return tally.all, tally.all
    known = tally.of_word("known_by", KNOWN_BY)
    return tally.all, known["individual"] + (known["episode"] if unit == "episodes" else 0)


def item_of(item: dict[str, Any], rows: list[Row]) -> dict[str, Any]:
    tally = Tally(rows, item["counts"])
    first, other = totals(tally, item["unit"])
    made = {name: item[name] for name in ("id", "citation", "title", "unit")} | {"total": first}
    if other != first:
        made["total_other_reading"] = other
    if tally.table == "reimbursed":
        made["total_cents"] = sum(one["cents"] for one in [row.is_ for row in tally.shown] + tally.hidden)
    return made | {"by": [line for by in item.get("by", []) for line in grouped(tally, by)]}


def coverage_of(rows: list[Row], measures: list[str]) -> dict[str, Any]:
    measured = [{"of": of, "name": name, "measure": row["measure"], "seen": row["seen"], "due": row["due"]}
                for row in (one.is_ for one in rows if one.table == "coverage") for of, name in row["of"].items()]
    measured.sort(key=lambda one: (one["of"], one["name"].encode(), MEASURES.index(one["measure"])))
    seen = {one["measure"] for one in measured}
    return {"measured": measured, "not_measured": [measure for measure in measures if measure not in seen]}


def deadline(period: dict[str, Any], law: dict[str, Any]) -> dict[str, Any]:
    first_on = period["provisional_on"] or period["filed_on"]
    if "due" not in law:
        return {"due": None, "first_on": first_on, "status": "no-due-date", "days_late": None}
    due = date(int(period["year"]) + (law["due"]["year"] == "next"), law["due"]["month"], law["due"]["day"])
    late = max(0, (date.fromisoformat(first_on) - due).days)
    return {"due": due.isoformat(), "first_on": first_on, "status": "late" if late else "on-time", "days_late": late}


def changes(old: dict[str, Any], new: dict[str, Any]) -> list[dict[str, Any]]:
    found = []
    for before, after in zip(old["items"], new["items"]):
        read_twice = "total_other_reading" in before or "total_other_reading" in after
        for figure in ("total", *["total_other_reading"] * read_twice, "total_cents"):
            was, is_ = (one.get(figure, one["total"] if figure != "total_cents" else 0) for one in (before, after))
            if was != is_:
                found.append({"of": after["id"], "figure": figure, "old": was, "new": is_})
    was, is_ = ({one["reason"]: one["count"] for one in report["outcomes"]} for report in (old, new))
    found += [{"of": word_, "figure": "outcome", "old": was.get(word_, 0), "new": is_.get(word_, 0)}
              for word_ in OUTCOMES if was.get(word_, 0) != is_.get(word_, 0)]
    return found


def report_of(filing: Filing, pack: Pack, origin: str, before: dict[str, Any] | None) -> dict[str, Any]:
    """The report that follows from the rows; `before` is that of the filing which a restatement restates."""
    [row] = [row.is_ for row in filing.rows if row.table == "period"]
    period, rows, format_ = row.get("period", row), filing.rows, filing.says["format"]
    made: dict[str, Any] = {"year": int(period["year"]), "demonstration": period["mode"] == "demonstration"}
    if made["demonstration"]:
        made["notice"] = DEMONSTRATION
    made["law"] = {name: period[f"pack_{key}"] for name, key in (("pack", "id"), ("version", "version"), ("hash", "hash"))}
    made["as_of"] = period["as_of"]
    made["items"] = [item_of(item, rows) for item in pack.report.get("item", [])]
    made["outcomes"] = reasons(Counter(one.is_["outcome"] for one in rows if one.table == "outcomes"), OUTCOMES, 1)
    made["departures"] = reasons(Counter(one.is_["code"] for one in rows if one.table == "departures"), CODES, 1)
    made["other_requests"] = period["other_requests"]
    made["coverage"] = coverage_of(rows, MEASURES_OF[format_])
    made["filing"] = before["filing"] if before else deadline(period, pack.report)
    made["log"] = {"origin": origin, "size": period["frozen_size"], "root": period["frozen_root"]}
    made["reported"] = [{"year": one["year"], "by": one["by"], "requests": one.get("requests"), "reason": one.get("reason"),
                         "source": one["source"], "rows": one["rows"]} for one in pack.reported if one["year"] == made["year"]]
    if before:
        made["restatement"] = {"number": row["restatement"], "filed_on": period["filed_on"], "causes": row["causes"],
                               "changes": changes(before, made)}
    if format_ == "report/2":
        tallies = [Tally(rows, table) for table in WITHHOLDABLE]
        made["withheld"] = [{"table": one.table, "rows": one.withheld, "code": "person"} for one in tallies if one.sums]
    return made


def with_rules(report: dict[str, Any], filed: bytes) -> dict[str, Any]:
    """The rules of counting are sentences of an edition (section 9): taken from the file, if they have its hash."""
    try:
        rules = json.loads(filed)["counting_rules"]
        known = COUNTING_RULES.get(rules["edition"]) == sha(canonical(rules).encode()).hex()
    except (ValueError, LookupError, TypeError, RecursionError):
        raise Refused("the rules of counting are not there") from None
    need(known, "the rules of counting are not those of their edition")
    return report | {"counting_rules": rules}


def check_report(world: World, filing: Filing) -> None:
    """Step 7: the period row is the one of section 7, and the bytes are those that follow."""
    path = filing.named("filings") + "report.json"
    same = world.closings(filing.year)
    before = same[same.index(filing) - 1] if filing != same[0] else None
    with world.findings.under("report", path):
        need(filing.pack, "not computed: the law pack was not read")
        need(not before or before.report, "not computed: the report before it was not")
        check_period(world, filing)
        made = report_of(filing, filing.pack, world.key.name, before.report if before else None)
        filed = world.folder.read(path)
        if filing.says["format"] == "report/2":
            made = with_rules(made, filed)
        filing.report = made
        need((json.dumps(made, ensure_ascii=False, indent=2) + "\n").encode() == filed, "not the report that follows from its rows")


def check_period(world: World, filing: Filing) -> None:
    periods = [row for row in filing.rows if row.table == "period"]
    need(len(periods) == 1, "not exactly one row of `period`")
    row, says = periods[0], filing.says
    letters = [one for one in world.filings if one.year == filing.year and one.says["kind"] == "provisional"
               and one.position < filing.size]
    period = row.is_.get("period", row.is_)
    must = {"year": filing.year, "mode": "demonstration" if world.key.name.endswith("/demonstration") else "live",
            "as_of": says["as_of"], "filed_on": day_of(says["as_of"], filing.pack.zone),
            "provisional_on": day_of(letters[0].says["as_of"], filing.pack.zone) if letters else None,
            "frozen_size": filing.size, "frozen_root": says["frozen"]["root"], "pack_id": says["pack"]["id"],
            "pack_version": says["pack"]["version"], "pack_hash": says["pack"]["hash"]}
    need(period == must | {"other_requests": period["other_requests"]}, "the row of `period` is not that of its filing")
    kind = f"restatement-{row.is_['restatement']}" if row.kind == "period/2" else "closing"
    need(kind == says["kind"], "the row of `period` is of another kind of filing")


# Sections 8 and 10a: the folder.


def read_filings(world: World) -> None:
    for path in sorted(world.folder.files):
        if re.fullmatch(f"filings/{PLACE}filing", path) and is_year(path[8:12]):
            with world.findings.under("filing", path):
                opened = world.openings(path, "counts-as", "year", "filing")
                if opened is not None:
                    world.filings.append(parse_filing(path, opened))
    world.filings.sort(key=lambda filing: filing.position)


def check_orphans(world: World) -> None:
    """What only a filing accounts for does not come without one."""
    places = {found[1] for path in world.folder.files if (found := re.fullmatch(f"(?:filings|openings)/({PLACE}).+", path))}
    for place in sorted(places):
        with world.findings.under("filing", f"filings/{place}filing"):
            need(f"filings/{place}filing" in world.folder.files or not is_year(place[:4]), "missing, and files of it are here")


def check_order(world: World) -> None:
    """Each closing opens from where the one before it ended; restatements are numbered behind their closing."""
    until = 0
    kinds: dict[str, int] = {}
    for filing in world.closings():
        with world.findings.under("filing", filing.path):
            number = kinds.setdefault(filing.year, 0)
            kinds[filing.year] = number + 1
            need(filing.says["kind"] == (f"restatement-{number}" if number else "closing"), "the filing before it is missing")
        with world.findings.under("counted", filing.path):
            from_, until_ = filing.opens
            need(from_ == until, "`opens` does not continue the filing before it")
            need(from_ <= until_ <= len(world.leaves) and filing.size <= until_, "`opens` does not end behind the freeze, in the log")
        until = filing.opens[1]


def check_keys(world: World) -> None:
    """Section 10a: a key file is of its one leaf, and certified by the log's key."""
    for path in sorted(world.folder.files):
        if not re.fullmatch("keys/(0|[1-9][0-9]{0,18})", path):
            continue
        with world.findings.under("openings", path):
            opened = world.openings(path, "counts-as", "year", "key")
            if opened is None:
                continue
            need(list(opened) == [int(path[5:])], "not of its one leaf")
            slots = opened[int(path[5:])]
            need(set(slots) == {"counts-as", "year", "key"}, "not slots 0, 1 and 5")
            shape = {"key": is_text, "on": is_day, "signature": is_text}
            says = fields(parse_json(slots["key"]), {"receipt-key/1": lambda value: isinstance(value, dict)}, "key")["receipt-key/1"]
            fields(says, shape, "receipt-key/1")
            need((slots["counts-as"], slots["year"]) == ("key", says["on"][:4]), "it does not count as a key of its day's year")
            need(certified(world.key, says["key"], base64_of(says["signature"], 64)), "the log's key did not certify it")
            world.receipt_keys[says["key"]] = int(path[5:])


def certified(log: Key, receipt_key: str, signature: bytes) -> bool:
    need(parse_key(receipt_key).name == log.name + "/receipt", "a receipt key of another log")
    return ed25519.holds(log.public, f"candor receipt key v1\n{receipt_key}\n".encode(), signature)


def check_days(world: World) -> None:
    """Section 8, days and promises: a filing of a larger tree shows no earlier state."""
    for filing in world.filings:
        smaller = [one for one in world.filings if one.size < filing.size]
        with world.findings.under("clock", filing.path):
            need(all(instant(one.says["as_of"]) <= instant(filing.says["as_of"]) for one in smaller), "it is dated before a smaller tree")


def check_leaves(world: World) -> None:
    """Step 6: a leaf that counts as a filing or a key has its file."""
    filed = {(filing.position, filing.year) for filing in world.filings}
    keys = set(world.receipt_keys.values())
    for position, (what, year) in world.counted.items():
        with world.findings.under("filing", f"leaf {position}"):
            need(what != "filing" or (position, year) in filed, "it counts as a filing that is not in the folder")
        with world.findings.under("openings", f"leaf {position}"):
            need(what != "key" or position in keys, "it counts as a key without its file")


def check_since(world: World, bytes_: bytes) -> None:
    with world.findings.under("history", "the older checkpoint"):
        older = parse_checkpoint(bytes_, world.key)
        need(older.size <= len(world.leaves), "the older checkpoint is of a larger tree")
        need(tree_root(world.leaves[:older.size]) == older.root, "the log does not hold all it held then")


# Section 10a: receipts.


ANSWERS = {f"answer {answer} {rule}" for answer, rules in {
    "registered": ("paper-number", "individual-and-date", "by-hand"),
    "not-registered": ("nothing-alike", "by-hand"),
    "cannot-tell": ("date-not-printed", "several-individuals", "alike", "nothing-printed"),
}.items() for rule in rules}


def check_receipt(world: World, bytes_: bytes) -> None:
    """Steps 1 to 3 and 5; what a receipt counts in is for people to read, and no finding."""
    note = parse_note(bytes_)
    lines = note.text[:-1].split("\n")
    need(len(lines) == 11, "not a receipt of eleven lines")
    mode = DEMONSTRATION if world.key.name.endswith("/demonstration") else "live"
    need(lines[:3] == ["candor receipt v1", world.key.name, mode], "a receipt of another format, log or mode")
    need(lines[3] == "receipt" or lines[3] in ANSWERS, "neither receipt nor answer and its rule")
    names = ["leaf", "promised", "counts-as", "salts", "hashes", "key", "certified"]
    split = [line.partition(" ") for line in lines[4:]]
    need([name for name, _, _ in split] == names, "other fields, or in another order")
    says = {name: value for name, _, value in split}
    raw = base64_of(says["key"], 33)
    receipt_key = f"{world.key.name}/receipt+{sha(f'{world.key.name}/receipt'.encode(), bytes([10]), raw)[:4].hex()}+{says['key']}"
    need(certified(world.key, receipt_key, base64_of(says["certified"], 64)), "the log's key did not certify the receipt key")
    need(len(note.signatures) == 1 and note.signed_by(parse_key(receipt_key)), "not signed by the receipt key")
    leaf = receipt_leaf(says)
    need(leaf == base64_of(says["leaf"], 32), "what is opened does not lead to the leaf")
    over_at = (instant(says["promised"])[0] + timedelta(hours=48), instant(says["promised"])[1])
    late = [filing for filing in world.filings if instant(filing.says["as_of"]) >= over_at]
    over = bool(late)
    need(leaf in world.leaves or not over, "the promise is broken: 48 hours have passed and the leaf is not in the log")
    need(all(leaf in world.leaves[:filing.size] for filing in late), "the promise is broken: a later tree did not hold the leaf")
    need(receipt_key in world.receipt_keys or not over, "no leaf of the folder holds the receipt key")


def receipt_leaf(says: dict[str, str]) -> bytes:
    counts_as, parted, year = says["counts-as"].partition(" ")
    need(counts_as in COUNTS_AS and (counts_as == "nothing") == (not parted) and (not parted or is_year(year)), "an unknown count")
    salts, hashes = base64_of(says["salts"], 96), base64_of(says["hashes"], 224)
    nine, eight, two, four, ten, twelve, sixteen = (hashes[at:at + 32] for at in range(0, 224, 32))
    first = node(sha(b"\x00", salts[:32], counts_as.encode()), sha(b"\x00", salts[32:64], year.encode()))
    low = node(node(first, two), four)
    high = node(node(node(eight, nine), ten), twelve)
    return sha(b"\x00", node(node(low, high), sixteen))


# Section 1: the whole.


def verify(out: Path, key: Key, since: bytes | None, receipt: bytes | None) -> Findings:
    findings = Findings()
    folder = Folder({path.relative_to(out).as_posix(): path for path in walk(out)})
    with findings.under("signature", "checkpoint"):
        checkpoint = parse_checkpoint(folder.read("checkpoint"), key)
        with findings.under("tree", "tile"):
            leaves = read_tiles(folder, checkpoint.size, findings)
            need(tree_root(leaves) == checkpoint.root, "the tiles are not the tree that the checkpoint signs")
            check_bundles(folder, leaves, findings)
            verify_folder(World(folder, key, leaves, findings), since, receipt)
    return findings


def verify_folder(world: "World", since: bytes | None, receipt: bytes | None) -> None:
    """All that lies under a tree that was read; nothing is trusted under one that was not."""
    findings, folder = world.findings, world.folder
    if since is not None:
        check_since(world, since)
    check_keys(world)
    read_filings(world)
    check_orphans(world)
    check_order(world)
    for filing in world.filings:
        check_filing(world, filing)
    for filing in world.closings():
        read_counts(world, filing)
    for filing in world.closings():
        read_rows(world, filing)
        if filing.readable:
            check_counts(world, filing)
            check_report(world, filing)
    check_leaves(world)
    check_days(world)
    for path in sorted(set(folder.files) - folder.accounted):
        findings.add("accounted", path, "nothing accounts for it")
    if receipt is not None:
        with findings.under("receipt", "the receipt"):
            check_receipt(world, receipt)


def walk(out: Path) -> Iterator[Path]:
    """Every entry of the folder that is not itself a folder."""
    for place, folders, names in os.walk(out):
        yield from (Path(place) / name for name in names + [one for one in folders if (Path(place) / one).is_symlink()])


def shown(text: str) -> str:
    """Section 12: no control character of what was given is shown."""
    return "".join(one if one.isprintable() else f"\\x{ord(one):02x}" for one in text)


def given_key(text: str) -> Key:
    return parse_key(Path(text).read_text(encoding="utf-8").strip() if Path(text).is_file() else text)


def main() -> int:
    arguments = argparse.ArgumentParser(description="Check a published folder, trusting nobody.")
    arguments.add_argument("out", type=Path)
    arguments.add_argument("--key", required=True, help="the log's key, from elsewhere, or a file that holds it")
    arguments.add_argument("--since", type=Path, help="an older checkpoint of the same log, which you kept")
    arguments.add_argument("--receipt", type=Path)
    given = arguments.parse_args()
    try:
        key = given_key(given.key)
        need(given.out.is_dir(), f"{given.out} is not a folder")
        since, receipt = (path and path.read_bytes() for path in (given.since, given.receipt))
        findings = verify(given.out, key, since, receipt)
    except (OSError, UnicodeDecodeError, Refused) as error:
        print(f"cannot be read: {shown(str(error))}", file=sys.stderr)
        return 2
    for promise, place, what in findings.found:
        print(promise, shown(f"{place}: {what}"))
    return 1 if findings.found else 0


if __name__ == "__main__":
    sys.exit(main())
