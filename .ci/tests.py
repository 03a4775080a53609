#!/usr/bin/env python3
"""tests.py ROOT [--list]: counts JUnit's reports below ROOT: "tests bad left", left being tests that
should have run and did not. A kit's test that "does not apply" to an implementation is none of these.
--list names those left, with the reason."""
import pathlib
import sys
import xml.etree.ElementTree as xml

tests = bad = 0
left = []
for report in pathlib.Path(sys.argv[1]).glob("**/target/*-reports/TEST-*.xml"):
    for case in xml.parse(report).getroot().iter("testcase"):
        skipped = case.find("skipped")
        if skipped is None:
            tests += 1
            bad += any(case.find(kind) is not None for kind in ("failure", "error"))
        else:
            why = skipped.get("message") or (skipped.text or "").strip().split("\n")[0]
            if "does not apply" not in why:
                tests += 1
                left.append(f"      {case.get('classname')}.{case.get('name')}: {why}")
print("\n".join(left) if "--list" in sys.argv else f"{tests} {bad} {len(left)}")
