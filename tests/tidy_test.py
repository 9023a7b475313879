#!/usr/bin/env python3
"""The habits of this code base that a machine can check.

tidy_test.py SOURCE_DIR
"""

import ast
import pathlib
import re
import sys

TOOLS = ["acquire", "hash", "seal", "verify", "transfer", "custody"]
TOP_LEVEL = {
    "CMakeLists.txt", "CMakePresets.json", "README.md", "LICENSE", "CHANGELOG.md",
    "CONTRIBUTING.md", "SECURITY.md", "apps", "libevidence", "schemas", "tests", "scripts", "man",
    ".ci", ".clang-format", ".clang-tidy", ".gitignore", ".editorconfig",
}
NOT_OURS = {".git", ".cache", "build", "demo-output"}  # made by git, editors and our scripts

MAX_LINE = 100
MAX_PYTHON_LINE = 120
MAX_FUNCTION_LINES = 70
VAGUE_NAMES = {"common", "helper", "helpers", "manager", "misc", "service", "stuff", "util",
               "utils"}
# Written in halves, so that this file does not find itself.
UNFINISHED = re.compile(r"\b(" + "|".join(["TO" "DO", "FIX" "ME", "XX" "X", "HA" "CK", "st" "ub",
                                           "not " "implemented", "unim" "plemented"]) + r")\b",
                        re.IGNORECASE)
CODE = {".h", ".cpp", ".py", ".sh", ".cmake", ".txt", ".in", ""}


def our_files(root):
    for name in sorted(TOP_LEVEL):
        path = root / name
        if path.is_file():
            yield path
        elif path.is_dir():
            for inner in sorted(path.rglob("*")):
                if inner.is_file() and "__pycache__" not in inner.parts:
                    yield inner


def text_of(path):
    """The text, or None for binary files (test vectors)."""
    content = path.read_bytes()
    if b"\0" in content:
        return None
    try:
        return content.decode()
    except UnicodeDecodeError:
        return None


def check_top_level(root, complain):
    present = {path.name for path in root.iterdir()} - NOT_OURS
    for name in sorted(present ^ TOP_LEVEL):
        complain(root / name, "stands in the top level" if name in present else "is missing")


def is_code(root, path):
    inside = path.relative_to(root).parts
    if "vectors" in inside or inside[0] not in {"apps", "libevidence", "tests", "scripts", ".ci",
                                                "CMakeLists.txt"}:
        return False
    return path.suffix in CODE


def is_long(path, line):
    """Too long to read; one literal that cannot be broken (a vector in a test) may be."""
    limit = MAX_PYTHON_LINE if path.suffix == ".py" else MAX_LINE
    if len(line) <= limit:
        return False
    without_literals = re.sub(r'R"\(.*?\)"|"(?:\\.|[^"\\])*"|\'[^\']*\'', '""', line)
    return "tests" not in path.parts or len(without_literals) > limit / 2


def lines_of_long_strings(path, text):
    """Numbers of the lines inside strings of several lines, which quote something else."""
    if path.suffix != ".py":
        return set()
    return {number for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
            for number in range(node.lineno + 1, node.end_lineno)}


def check_text(root, complain):
    for path in our_files(root):
        text = text_of(path)
        if text is None or path.name == "LICENSE" or "vectors" in path.parts:
            continue
        quoted = lines_of_long_strings(path, text)
        for number, line in enumerate(text.split("\n"), 1):
            if is_code(root, path) and number not in quoted and is_long(path, line):
                complain(path, f"line {number} is too long to read: {len(line)} characters")
            if line != line.rstrip() and path.suffix not in {".stdout", ".stderr"}:
                complain(path, f"line {number} ends in white space")
            found = UNFINISHED.search(line)
            if found:
                complain(path, f"line {number} says '{found.group()}': finish it")
        if text and not text.endswith("\n") and path.suffix not in {".stdout", ".stderr"}:
            complain(path, "does not end with a newline")


LITERAL = re.compile(r"""
    R"(?P<delimiter>[^\s()\\]{0,16})\(.*?\)(?P=delimiter)" | "(?:\\.|[^"\\\n])*"
    | (?<![0-9A-Fa-f])'(?:\\.|[^'\\\n])+' | //[^\n]* | /\*.*?\*/""", re.VERBOSE | re.DOTALL)
CONTAINER = re.compile(r"\b(namespace|class|struct|enum|union|extern)\b")


def cpp_blocks(text):
    """(first line, last line, what stands before the brace) of every block but containers."""
    bare = LITERAL.sub(lambda match: "\n" * match.group().count("\n"), text)
    open_blocks = []
    line, header_start, header = 1, 1, ""
    for character in bare:
        if character == "{":
            open_blocks.append((header_start, header))
        elif character == "}":
            start, opening = open_blocks.pop()
            if ")" in opening and not CONTAINER.search(opening):
                yield start, line, " ".join(opening.split())
        if character in "{};":
            header = ""
        else:
            if not header.strip() and not character.isspace():
                header_start = line
            header += character
        line += character == "\n"


def check_functions(root, complain):
    for path in our_files(root):
        if path.suffix in {".h", ".cpp"}:
            blocks = cpp_blocks(path.read_text())
        elif path.suffix == ".py":
            blocks = ((node.lineno, node.end_lineno, node.name)
                      for node in ast.walk(ast.parse(path.read_text()))
                      if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)))
        else:
            continue
        for start, end, name in blocks:
            if end - start + 1 > MAX_FUNCTION_LINES:
                complain(path, f"line {start}: {name[-60:]} has {end - start + 1} lines "
                               f"(at most {MAX_FUNCTION_LINES})")


def check_names(root, complain):
    for path in our_files(root):
        inside = path.relative_to(root).parts
        if inside[0] not in {"apps", "libevidence"} or path.suffix not in {".h", ".cpp"}:
            continue
        if not re.fullmatch(r"[a-z][a-z0-9_]*", path.stem):
            complain(path, "file names are lower_case words")
        if VAGUE_NAMES & set(path.stem.split("_")):
            complain(path, "is named after nothing: say what it holds")


def check_commands(root, complain):
    """One command, one word everywhere: program, page, golden tests."""
    programs = {path.stem.partition("_")[0] for path in (root / "apps").glob("*.cpp")}
    for name in sorted(programs ^ set(TOOLS)):
        complain(root / "apps" / f"{name}.cpp", f"commands are exactly: {', '.join(TOOLS)}")
    for tool in TOOLS:
        if not (root / "man" / f"evidence-{tool}.1").is_file():
            complain(root / "man" / f"evidence-{tool}.1", "is missing")
        if not list((root / "tests" / "cli" / tool).glob("*.sh")):
            complain(root / "tests" / "cli" / tool, "has no case")


def check_golden(root, complain):
    """Every expectation belongs to a case."""
    for path in sorted((root / "tests" / "cli").glob("*/*")):
        if path.suffix in {".stdout", ".stderr", ".exit"} and not path.with_suffix(".sh").exists():
            complain(path, "expects the output of a case that is not there")


def check_unit_tests(root, complain):
    """Unit tests mirror the library: every test file stands in its room's list."""
    for folder in sorted(path for path in (root / "tests" / "unit").iterdir() if path.is_dir()):
        if not (root / "libevidence" / folder.name).is_dir():
            complain(folder, "mirrors no room")
            continue
        listed = set(re.findall(r"\w+\.cpp", (folder / "CMakeLists.txt").read_text()))
        for name in sorted(listed ^ {path.name for path in folder.glob("*.cpp")}):
            complain(folder / name, "is not both in the folder and in its CMakeLists.txt")


def main():
    root = pathlib.Path(sys.argv[1]).resolve()
    complaints = []

    def complain(path, message):
        complaints.append(f"{path.relative_to(root)}: {message}")

    for check in (check_top_level, check_text, check_functions, check_names, check_commands,
                  check_golden, check_unit_tests):
        check(root, complain)
    print("\n".join(complaints), end="\n" if complaints else "")
    sys.exit(1 if complaints else 0)


if __name__ == "__main__":
    main()
