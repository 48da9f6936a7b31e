#!/usr/bin/env python3
"""A second engine for law packs, written from docs/LAW-FORMAT.md alone.

    python3 law/second_engine.py law/us-ma-boston

prints the lines of "The whole space, for a second engine" on that page: every day on which the law changes, then every
draft, each with every ask. Where two engines that share no code print the same digest, they give the same answer, basis,
reasons and doubts in every possible situation. "Step" below is a step of "How an answer is made" on that page. This file
trusts the pack to be well formed: `candor law check` is what refuses a broken one.

A set of situations is one long integer here: bit 0 stands for the first situation, bit 1 for the second. `&` is "and in
both", `|` is "or in either", `& ~` is "but not in". So each step is done once, for all situations together.
"""

import hashlib
import itertools
import math
import pathlib
import re
import sys
import tomllib

SAYS = ["prohibited", "needs-legal-review", "permitted", "not-regulated"]  # the strictest first
STATUSES = ["missing", "reported", "quoted", "certified"]  # the weakest first


class Pack:
    def __init__(self, folder):
        table = tomllib.loads((folder / "facts.toml").read_text(encoding="utf-8"))
        facts = table.get("fact", {})
        self.asks = list(table.get("ask", {}))
        self.layers = tomllib.loads((folder / "pack.toml").read_text(encoding="utf-8"))["layers"]
        self.derived = {name for name, fact in facts.items() if fact.get("derived")}
        self.answers = {name: list(fact.get("answers", [True, False])) for name, fact in facts.items()}
        self.sets = {name: {} for name in facts}
        for name, fact in facts.items():
            for set_name, members in fact.get("sets", {}).items():  # a set may hold sets written before it
                self.sets[name][set_name] = self.named(name, members)
        self.impossible = [self.box(row) for row in table.get("impossible", [])]
        self.sections = [Section(path, self) for path in sorted(folder.glob("sections/*.md"))]
        self.law = [section for section in self.sections if not section.draft]

    def named(self, fact, names):
        """The answers of a fact that one answer, a set, a list of these or { not = … } names."""
        if isinstance(names, dict):
            return set(self.answers[fact]) - self.named(fact, names["not"])
        if isinstance(names, list):
            return set().union(*(self.named(fact, name) for name in names))
        return self.sets[fact].get(names, {names})

    def box(self, row):
        return {fact: self.named(fact, names) for fact, names in row.items()}

    def days_of_change(self):
        days = {day for section in self.law for day in (section.begins, section.begins_at_latest, section.ends)}
        return sorted(days - {None, "open"})

    def versions(self, day, under):
        """Step 1: the sections of each version of the law of a day. A draft takes the place of its act."""
        asked = [section for section in self.sections if section.draft == under]
        law = [section for section in self.law if section.act not in {draft.act for draft in asked}]
        uncertain = {(section.act, section.begins) for section in law
                     if section.begins_at_latest and section.begins <= day
                     and (section.begins_at_latest == "open" or day < section.begins_at_latest)}
        for made in itertools.product([True, False], repeat=len(uncertain)):
            not_made = set(itertools.compress(uncertain, (not one for one in made)))
            yield asked + [section for section in law
                           if section.begins <= day and (section.act, section.begins) not in not_made
                           and not (section.ends and section.ends <= day and (section.act, section.ends) not in not_made)]


class Section:
    def __init__(self, path, pack):
        text = path.read_text(encoding="utf-8")
        front = tomllib.loads(re.match(r"\+\+\+\n(.*?)^\+\+\+$", text, re.S | re.M)[1])
        self.id, self.act, self.layer, self.status = front["id"], front["act"], front["layer"], front["status"]
        self.draft = f'{front["act"]}@{front["draft"]}' if "draft" in front else None
        self.begins, self.begins_at_latest, self.ends = map(front.get, ("from", "from_at_latest", "until"))
        self.silent = front.get("silent", [])
        blocks = re.findall(r"^```rule[ \t]*\n(.*?)^```[ \t]*$", text, re.S | re.M)
        self.rules = [Rule(table, self, pack) for block in blocks for table in tomllib.loads(block).get("rule", [])]


class Rule:
    def __init__(self, table, section, pack):
        self.id, self.effect, self.layer = table["id"], table["effect"], section.layer
        self.status = table.get("status", section.status)
        self.asks, self.defines = table.get("ask", []), table.get("defines")
        self.excepts, self.despite = table.get("excepts", []), table.get("despite", [])
        self.unclear = "unclear" in table
        self.who = pack.box({fact: table[key] for key, fact in (("by", "actor"), ("to", "recipient")) if key in table})
        self.when = [{}] if table.get("always") else list(map(pack.box, table["when"]))  # an empty box always holds
        self.unless = list(map(pack.box, table.get("unless", [])))
        self.reads = {fact for box in [self.who, *self.when, *self.unless] for fact in box}


def union(sets):
    result = 0
    for one in sets:
        result |= one
    return result


def first_only(sets):
    """Takes out of each set what stands in one before it."""
    sets = list(sets)
    return [one & ~union(sets[:place]) for place, one in enumerate(sets)]


def what_an_ask_needs(ask, versions):
    """Of each version its rules for the ask with the definitions that any of these read, and the sections silent about it.
    Versions, days and asks that need the same have the same line."""
    everything = {rule for sections in versions for section in sections for rule in section.rules}
    read = {fact for rule in everything if ask in rule.asks for fact in rule.reads}
    needed = {rule for rule in everything if ask in rule.asks or rule.defines in read}
    return frozenset((frozenset(rule for section in sections for rule in section.rules if rule in needed),
                      frozenset(section for section in sections if ask in section.silent)) for sections in versions)


class Space:
    """All situations over the facts that the rules of some versions read."""

    def __init__(self, pack, versions):
        self.pack, self.versions = pack, versions
        named = {fact for rules, _ in versions for rule in rules for fact in rule.reads}
        read = [fact for fact in pack.answers if fact in named - pack.derived]
        self.size = math.prod(len(pack.answers[fact]) for fact in read)
        self.possible = (1 << self.size) - 1
        self.where = {}  # for each fact, for each answer: the situations that give it
        run = 1  # how many situations in a row have the same answer: the first fact turns fastest
        for fact in read:
            turn = run * len(pack.answers[fact])
            self.where[fact] = {}
            for place, answer in enumerate(pack.answers[fact]):  # in binary digits the last situation comes first
                one_turn = "0" * (turn - run * (place + 1)) + "1" * run + "0" * (run * place)
                self.where[fact][answer] = int(one_turn * (self.size // turn), 2)
            run = turn
        rows = [row for row in pack.impossible if row.keys() <= self.where.keys()]
        excluded = union(self.holds(row, self.where) for row in rows)
        self.possible = self.possible & ~excluded or self.possible  # step 2: unless none other is left

    def holds(self, box, where):
        """Step 3: a box holds when every fact in it has one of the answers named."""
        result = self.possible
        for fact, answers in box.items():
            result &= union(where[fact][answer] for answer in answers)
        return result

    def fires(self, rule, where):
        """Step 3: `by` and `to` hold, some box of `when` holds, and no box of `unless` does."""
        when, unless = (union(self.holds(box, where) for box in boxes) for boxes in (rule.when, rule.unless))
        return self.holds(rule.who, where) & when & ~unless

    def answer_of_version(self, everything, silent):
        """Four times names with the situations in which they stand: what it says, its basis, its reasons, its doubts."""
        rules = [rule for rule in everything if rule.effect != "defines"]
        if not rules and not silent:  # step 5: section not loaded
            return dict.fromkeys(SAYS, 0) | {"needs-legal-review": self.possible}, \
                dict.fromkeys(STATUSES, 0) | {"missing": self.possible}, {}, {}

        definitions = {rule: self.fires(rule, self.where) for rule in everything if rule.effect == "defines"}
        where = dict(self.where)  # steps 2 and 3: definitions first; a derived fact is false unless one fires
        for fact in self.pack.derived:
            true = union(fired for rule, fired in definitions.items() if rule.defines == fact)
            where[fact] = {True: true, False: self.possible & ~true}
        fired = {rule: self.fires(rule, where) for rule in rules}

        reasons = {rule: fired[rule] for rule in rules if rule.effect in ("forbids", "permits")}  # step 7
        doubts = {}
        prohibited = review = permitted = 0
        alone = []  # step 8: for each prohibition, by status, the situations in which it stands and is known so badly
        for layer in self.pack.layers:  # step 4
            own = [rule for rule in rules if rule.layer == layer]
            permissions = [rule for rule in own if rule.effect == "permits"]
            unclear = {rule: fired[rule] for rule in own if rule.effect == "doubts"}
            standing = conflict = 0
            known = []
            for prohibition in (rule for rule in own if rule.effect == "forbids"):
                exceptions = [rule for rule in rules if prohibition.id in rule.excepts or layer in rule.excepts]
                lifted = fired[prohibition] & union(fired[rule] for rule in exceptions if not rule.unclear)
                doubtful = fired[prohibition] & ~lifted & union(fired[rule] for rule in exceptions if rule.unclear)
                stands = fired[prohibition] & ~lifted & ~doubtful
                for rule in exceptions:
                    kind, there = (unclear, doubtful) if rule.unclear else (reasons, lifted)
                    kind[rule] = kind.get(rule, 0) | fired[rule] & there
                worst = {status: 0 for status in STATUSES}
                worst[prohibition.status] |= stands
                for definition, there in definitions.items():
                    worst[definition.status] |= stands & there if definition.defines in prohibition.reads else 0
                known.append(first_only(worst.values()))
                standing |= stands
                conflict |= stands & union(fired[rule] for rule in permissions if rule.id not in prohibition.despite)
            alone += [[there & ~conflict for there in one] for one in known]  # a layer in conflict prohibits nothing
            layer_review = conflict | union(unclear.values()) & ~standing
            prohibited |= standing & ~conflict
            review |= layer_review
            permitted |= union(fired[rule] for rule in own if rule.effect in ("forbids", "permits"))
            for rule, there in unclear.items():
                doubts[rule] = doubts.get(rule, 0) | there & layer_review
        says = first_only([prohibited, review, permitted, self.possible])  # step 5

        both = [*reasons.items(), *doubts.items()]
        for definition, there in definitions.items():  # step 7: where a reason or doubt reads what it defines
            reasons[definition] = there & union(used for rule, used in both if definition.defines in rule.reads)
        both = [*reasons.items(), *doubts.items()]
        basis = [union(there for rule, there in both if rule.status == status) for status in STATUSES]  # step 8
        weakest = min(STATUSES.index(part.status) for part in [*rules, *silent])
        basis[weakest] |= self.possible & ~union(basis)
        # Step 8: a standing prohibition suffices by itself, and the best known one decides.
        best = first_only([says[0] & union(known[rank] for known in alone) for rank in reversed(range(len(STATUSES)))])
        basis = [known & ~says[0] | sure for known, sure in zip(first_only(basis), reversed(list(best)))]
        names = [{rule.id: there for rule, there in found.items()} for found in (reasons, doubts)]
        return dict(zip(SAYS, says)), dict(zip(STATUSES, basis)), *names

    def line(self):
        """The counts and the digest of the joint answer of all versions (steps 6 to 8)."""
        answers = [self.answer_of_version(rules, silent) for rules, silent in self.versions]
        joint = [{}, {}, {}, {}]  # says, basis, reasons, doubts: for each name the situations in which a version has it
        for part, here in itertools.product(range(4), answers):
            for name, there in here[part].items():
                joint[part][name] = joint[part].get(name, 0) | there
        said = joint[0]
        says = {name: said[name] & ~union(said[other] for other in SAYS if other != name) for name in SAYS}
        says["needs-legal-review"] |= self.possible & ~union(says.values())  # where versions differ
        basis = dict(zip(STATUSES, first_only(joint[1][status] for status in STATUSES)))

        columns = [(part, name, there) for part, names in enumerate([says, basis, *joint[2:]])
                   for name, there in sorted(names.items()) if there]
        # For each situation, a row of "1" and "0": which columns speak of it.
        rows = list(zip(*(format(there, f"0{self.size}b")[::-1] for _, _, there in columns)))
        lines = {}
        for row in set(rows):
            parts = [[], [], [], []]
            for part, name, _ in itertools.compress(columns, map(int, row)):
                parts[part].append(name)
            lines[row] = (" ".join(map(",".join, parts)) + "\n").encode() if parts[0] else b""  # b"" if impossible
        digest = hashlib.sha256(b"".join([lines[row] for row in rows])).hexdigest()[:16]
        counts = [self.size, self.possible.bit_count(), *(says[name].bit_count() for name in SAYS)]
        return " ".join(map(str, [*counts, digest]))


def main(folder):
    pack = Pack(pathlib.Path(folder))
    days = pack.days_of_change()
    drafts = sorted({section.draft for section in pack.sections if section.draft}) if days else []
    known = {}  # most days leave most asks as they were
    for day, under in [(day, "law") for day in days] + [(days[-1], draft) for draft in drafts]:
        versions = list(pack.versions(day, under))
        for ask in pack.asks:
            needed = what_an_ask_needs(ask, versions)
            if needed not in known:
                known[needed] = Space(pack, needed).line()
            print(day, under, ask, known[needed])


if __name__ == "__main__":
    main(sys.argv[1])
