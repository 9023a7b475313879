#!/usr/bin/env python3
"""Every bag of bag_cases.py as a folder, and serialized in several ways, given to evidence-verify.

bag_test.py BIN_DIR
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

from bag_cases import CASES

# What an archive cannot carry as it is, or what libarchive's tar would write another way.
ONLY_AS_FOLDER = {"iso-8859-1-in-names-too", "declaration-missing"}
SERIALIZED = {"tar": ["tar", "-cf"], "tar.gz": ["tar", "-czf"], "zip": ["zip", "-qry"]}


class Tally:
    def __init__(self):
        self.checks, self.failures = 0, []

    def check(self, name, wanted, codes, done):
        self.checks += 1
        try:
            report = json.loads(done.stdout) if done.stdout else None
        except json.JSONDecodeError as error:
            report = None
            self.failures.append(f"{name}: not JSON: {error}")
        found = {finding["code"] for finding in report["findings"]} if report else set()
        missing = [code for code in codes if code not in found]
        if done.returncode != wanted or missing or not report or report["kind"] != "bag":
            self.failures.append(f"{name}: exit {done.returncode} (expected {wanted}), without "
                                 f"{missing}, with {sorted(found)} {done.stderr.strip()}")


def verify(tool, target):
    return subprocess.run([tool, "--json", target], capture_output=True, text=True, check=False,
                          timeout=60)


def main():
    tool = pathlib.Path(sys.argv[1]).resolve() / "evidence-verify"
    tally = Tally()
    for name, (make, status, codes) in CASES.items():
        with tempfile.TemporaryDirectory() as scratch:
            folder = pathlib.Path(scratch) / "bag"
            make(folder)
            tally.check(name, status, codes, verify(tool, folder))
            if name in ONLY_AS_FOLDER or any(path.is_fifo() for path in folder.rglob("*")):
                continue
            for ending, command in SERIALIZED.items():
                archive = pathlib.Path(scratch) / f"bag.{ending}"
                subprocess.run([*command, archive, "bag"], cwd=scratch, check=True,
                               env={**os.environ, "LC_ALL": "C.UTF-8"})
                tally.check(f"{name} as {ending}", status, codes, verify(tool, archive))
    print("\n".join(tally.failures), end="\n" if tally.failures else "")
    print(f"{tally.checks} bags, {len(tally.failures)} judged wrongly")
    sys.exit(1 if tally.failures else 0)


if __name__ == "__main__":
    main()
