#!/usr/bin/env python3
"""The manual pages: well formed, complete, and in agreement with the programs.

man_test.py SOURCE_DIR BIN_DIR
"""

import pathlib
import re
import subprocess
import sys

TOOLS = ["acquire", "hash", "seal", "verify", "transfer", "custody"]
# The order that mandoc holds to be conventional.
SECTIONS = ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "FORMAT", "ENVIRONMENT", "FILES",
            "EXIT STATUS", "EXAMPLES", "SEE ALSO", "STANDARDS"]
OPTIONAL = {"FORMAT"}
CODE = r"[a-z]+\.[a-z0-9]+(?:-[a-z0-9]+)*"
FILE_ENDINGS = {"db", "json", "jsonl", "txt", "checkpoint", "p7m", "p7s"}
OTHER_PAGES = ["evidence-package.5", "evidence-ledger.5", "evidence-design.7",
               "evidence-glossary.7", "evidence-threat-model.7", "evidence-field-guide.7",
               "evidence-performance.7"]


def check_lint(pages, complain):
    for page in pages:
        lint = subprocess.run(["mandoc", "-Tlint", "-Wwarning", page], capture_output=True,
                              text=True, check=False)
        if lint.returncode != 0 or lint.stdout:
            complain(page, (lint.stdout + lint.stderr).strip())


def check_references(pages, complain):
    """Every page of ours that another one refers to is there."""
    names = {page.name for page in pages}
    for page in pages:
        for name, section in re.findall(r"\bXr (evidence-[a-z-]+) (\d)", page.read_text()):
            if f"{name}.{section}" not in names:
                complain(page, f"refers to {name}({section}), which is not there")


def sections_of(text):
    """Title and body of every section, in order."""
    parts = re.split(r'^\.Sh "?([^"\n]+)"?\n', text, flags=re.MULTILINE)
    return list(zip(parts[1::2], parts[2::2]))


def check_sections(page, complain):
    titles = [title for title, _ in sections_of(page.read_text())]
    known = [title for title in titles if title in SECTIONS]
    if known != sorted(known, key=SECTIONS.index):
        complain(page, f"sections stand as {', '.join(known)} (expected {', '.join(SECTIONS)})")
    for title in SECTIONS:
        if title not in titles and title not in OPTIONAL:
            complain(page, f"has no section {title}")


def options_in_page(page):
    """Options of items such as `.It Fl -quiet , q` and `.It Fl a , Fl -digest Ar LIST`."""
    options = set()
    for line in re.findall(r"^\.It (Fl .*)$", page.read_text(), re.MULTILINE):
        after_flag = False
        for word in line.split():
            if re.fullmatch(r"[A-Z][a-z]", word):
                after_flag = word == "Fl"
            elif after_flag and word != ",":
                options.add("-" + word)
    return options


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, check=False,
                          stdin=subprocess.DEVNULL)


def options_in_help(tool):
    """Options of the tool and of each of its subcommands."""
    helps = [run(tool, "--help").stdout]
    listed = re.search(r"^Subcommands:\n((?:  .*\n?)+)", helps[0], re.MULTILINE)
    if listed:
        for name in re.findall(r"^  ([a-z][\w-]*)", listed.group(1), re.MULTILINE):
            helps.append(run(tool, name, "--help").stdout)
    options = set()
    for text in helps:
        for line in re.findall(r"^  (-.*)$", text, re.MULTILINE):
            declared = re.split(r"\s", line, maxsplit=1)[0]
            options |= set(re.findall(r"(?:^|,)(--?[A-Za-z0-9][A-Za-z0-9-]*)", declared))
    return options


def check_options(page, tool, complain):
    in_page, in_help = options_in_page(page), options_in_help(tool)
    if not in_help:
        complain(page, f"{tool} --help lists no option")
    for option in sorted(in_help - in_page):
        complain(page, f"does not explain {option}, which --help lists")
    for option in sorted(in_page - in_help):
        complain(page, f"explains {option}, which --help does not list")


def check_answers(page, tool, version, complain):
    """--help and --version answer on standard output and succeed; a wrong option is status 2."""
    for option in ("--help", "--version"):
        answer = run(tool, option)
        if answer.returncode != 0 or not answer.stdout or answer.stderr:
            complain(page, f"{tool} {option}: exit {answer.returncode}, {answer.stderr.strip()}")
    said = run(tool, "--version").stdout
    if said != f"{pathlib.Path(tool).name} {version}\n":
        complain(page, f"{tool} --version says {said!r} (expected version {version})")
    wrong = run(tool, "--no-such-option")
    if wrong.returncode != 2 or wrong.stdout or wrong.stderr.count("\n") != 1:
        complain(page, f"{tool} --no-such-option: exit {wrong.returncode}, {wrong.stderr!r} "
                       "(expected 2 and one line)")


def check_exit_status(root, complain):
    """One table of exit statuses, word for word in every page and with every code of the enum."""
    declared = set(re.findall(r"= (\d+),", (root / "apps/cli/exit_code.h").read_text()))
    tables = {}
    for tool in TOOLS:
        page = root / "man" / f"evidence-{tool}.1"
        table = dict(sections_of(page.read_text())).get("EXIT STATUS", "")
        tables.setdefault(table, []).append(page.name)
        listed = set(re.findall(r"^\.It (?:Li |Cm )?(\d+)$", table, re.MULTILINE))
        if listed != declared:
            complain(page, f"EXIT STATUS lists {sorted(listed, key=int)} "
                           f"(expected {sorted(declared, key=int)})")
    if len(tables) > 1:
        complain(root / "man", "EXIT STATUS differs between "
                 + " and ".join(", ".join(names) for names in tables.values()))


def codes_in(page):
    """Finding codes of lines such as `.Sy zip.gap , zip.overlap :`."""
    codes = set()
    for line in re.findall(r"^\.Sy (.*)$", page.read_text(), re.MULTILINE):
        codes |= set(re.findall(CODE, line))
    return codes


def codes_in_library(root, known_rooms):
    """What the library quotes that looks like a code: rooms of codes are those the pages know."""
    codes = set()
    for path in (root / "libevidence").rglob("*.cpp"):
        if path.name == "finding_sentences.cpp":  # explains codes, and reports none
            continue
        for code in re.findall(f'"({CODE})"', path.read_text()):
            room, name = code.split(".")
            if room in known_rooms and name not in FILE_ENDINGS:
                codes.add(code)
    return codes


def check_finding_codes(root, complain):
    """The manual lists exactly the codes that the library can report."""
    pages = [root / "man/evidence-verify.1", root / "man/evidence-transfer.1"]
    listed = set().union(*map(codes_in, pages))
    made = codes_in_library(root, {code.split(".")[0] for code in listed})
    for code in sorted(made - listed):
        complain(pages[0], f"does not list the finding {code}")
    # Some are put together from a room and a name.
    sources = "".join(path.read_text() for path in (root / "libevidence").rglob("*.cpp"))
    for code in sorted(listed - made):
        if f'"{code.split(".")[1]}"' not in sources:
            complain(pages[0], f"lists the finding {code}, which nothing reports")


def main():
    root, binaries = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    version = re.search(r"project\(evidence VERSION (\S+)", (root / "CMakeLists.txt").read_text())
    complaints = []

    def complain(path, message):
        complaints.append(f"{path.relative_to(root)}: {message}")

    pages = sorted(path for path in (root / "man").iterdir() if path.is_file())
    expected = {f"evidence-{tool}.1" for tool in TOOLS} | set(OTHER_PAGES)
    for name in sorted(expected - {page.name for page in pages}):
        complain(root / "man" / name, "is missing")
    check_lint(pages, complain)
    check_references(pages, complain)
    if not complaints:
        for tool in TOOLS:
            page, program = root / "man" / f"evidence-{tool}.1", str(binaries / f"evidence-{tool}")
            check_sections(page, complain)
            check_options(page, program, complain)
            check_answers(page, program, version.group(1), complain)
        check_exit_status(root, complain)
        check_finding_codes(root, complain)
    print("\n".join(complaints), end="\n" if complaints else "")
    sys.exit(1 if complaints else 0)


if __name__ == "__main__":
    main()
