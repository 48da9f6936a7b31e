"""Counts Travis County's table by itself: requests by year of arrival and outcome, to compare with `candor import --json`.

    python3 us-tx-travis-county.check.py TABLE.csv

Shares nothing with Candor: Python's own CSV reader, and its own list of dispositions beside the mapping's. Prints
`{"2012": {"transferred": 6, …}, …}`; a disposition that is not listed stands under `unknown`, as the request it is."""

import csv
import json
import sys
from collections import Counter, defaultdict

OUTCOMES = {
    "transferred": ["RELEASED TO ICE"],
    "request-withdrawn": ["WARRANT WITHDRAWN", "ICE DETAINER RELEASED"],
    "other-agency": [
        "RELEASED TO TDCJ-ID", "RELEASED TO TDCJ-STATE JAIL", "RELEASED TO TDC", "RELEASED TO ISF",
        "RELEASED TO OTHER AGENCY", "RELEASED TO FEDS", "EXTRADITION",
    ],
    "entered-in-error": ["ERROR IN ENTRY", "WRONG PERSON IN CUSTODY"],
    "released-other": [
        "ICE DETAINER TIME LIMIT REACHED", "NO HOLD PER TDCJ", "NO EXTRADITION", "ESCAPE", "OVERNIGHT STAY ONLY",
    ],
    "taken-to-court": ["COMMUNITY COURT"],
    "released-recognizance": ["BOND-PERSONAL RECOGNIZANCE"],
    "released-sentence-served": ["SENTENCE COMPLETE", "MANUAL LABOR CREDIT RELEASE"],
    "released-no-charge": ["NO CHARGES FILED"],
}
OUTCOME_OF = {said: outcome for outcome, all_said in OUTCOMES.items() for said in all_said}

totals = defaultdict(Counter)
with open(sys.argv[1], newline="", encoding="utf-8") as table:
    for row in csv.DictReader(table):
        if row["charge_literal"].strip() == "ICE DETAINER":
            outcome = OUTCOME_OF.get(row["disposition_type"].strip(), "unknown")
            totals[row["booking_date"].strip()[:4]][outcome] += 1
print(json.dumps(totals, sort_keys=True))
