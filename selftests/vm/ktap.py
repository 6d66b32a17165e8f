# SPDX-License-Identifier: GPL-2.0
"""Reads TAP and KTAP, nested as deep as it comes, and counts the tests.

A line at one level that closes a block of deeper ones is a summary and no test of
its own, unless it tells of a failure that none of its children told of.
"""
import re

RESULT = re.compile(r"^( *)(not )?ok\b *(\d*) *-? *(.*)$")
PLAN = re.compile(r"^( *)1\.\.(\d+)\s*(?:#\s*SKIP\b\s*(.*))?$", re.I)
DIRECTIVE = re.compile(r"(?:^|\s)#\s*(SKIP|XFAIL|TODO|TIMEOUT)\b[:\s]*(.*)$", re.I)


class Result:
    def __init__(self):
        self.passed = 0
        self.failed = []    # names
        self.skipped = []   # (name, reason)
        self.errors = []    # what is wrong with the output itself


class Level:
    def __init__(self):
        self.plan = None
        self.seen = 0


def parse(text):
    result, levels, deeper = Result(), {}, {}
    top = None      # how far the outermost level is indented

    def close(indent):
        """All levels deeper than indent have ended."""
        for deep in [i for i in levels if i > indent]:
            check_plan(levels.pop(deep))

    def check_plan(level):
        if level.plan is not None and level.plan != level.seen:
            result.errors.append(f"{level.seen} tests of {level.plan} planned ones were seen")

    for line in text.splitlines():
        plan = PLAN.match(line)
        if plan:
            indent = len(plan.group(1))
            close(indent)
            level = levels.setdefault(indent, Level())
            if level.plan is None and level.seen:
                level.plan = int(plan.group(2))     # TAP allows the plan at the end
            else:
                check_plan(level)
                level.plan, level.seen = int(plan.group(2)), 0
            top = indent if top is None else min(top, indent)
            if plan.group(3) and level.plan == 0:
                result.skipped.append(("all of it", plan.group(3).strip()))
            continue
        if line.lstrip().startswith("Bail out!"):
            result.errors.append(line.strip())
            continue
        match = RESULT.match(line)
        if not match:
            continue
        indent, bad, name = len(match.group(1)), match.group(2), match.group(4).strip()
        children = [i for i in levels if i > indent and levels[i].seen]
        failures_inside = deeper.pop(indent, 0)
        close(indent)
        level = levels.setdefault(indent, Level())
        level.seen += 1
        top = indent if top is None else min(top, indent)
        directive = DIRECTIVE.search(name)
        plain = DIRECTIVE.sub("", name).strip() or match.group(3)
        failed = False
        if children:
            if bad and not failures_inside:
                result.failed.append(plain)
                failed = True
            failed = failed or bool(failures_inside)
        elif directive and directive.group(1).upper() != "TIMEOUT" and not bad:
            result.skipped.append((plain, directive.group(2).strip()))
        elif bad or directive:
            result.failed.append(plain)
            failed = True
        else:
            result.passed += 1
        if failed:
            for above in range(indent):
                deeper[above] = deeper.get(above, 0) + 1
    close(-1)
    if not (result.passed or result.failed or result.skipped):
        result.errors.append("no test was printed")
    elif top is not None and not has_plan(text, top):
        result.errors.append("no plan (1..N) was printed")
    return result


def has_plan(text, indent):
    return any((plan := PLAN.match(line)) and len(plan.group(1)) == indent for line in text.splitlines())
