#!/usr/bin/env python3
"""The rooms of the library: who may look into whom, and what each must have.

rooms_test.py SOURCE_DIR
"""

import pathlib
import re
import sys

# Downwards: a room includes its own headers and those of rooms further right.
ROOMS = ["verification", "transfer", "package", "acquisition", "custody", "signature", "digest",
         "base"]

INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)


def sources(folder):
    return sorted(path for path in folder.rglob("*") if path.suffix in (".h", ".cpp"))


def check_includes(root, complain):
    """A room reaches only itself and the rooms below, always as "room/file.h"."""
    library = root / "libevidence"
    for path in sources(library):
        room = path.relative_to(library).parts[0]
        for included in INCLUDE.findall(path.read_text()):
            target, slash, _ = included.partition("/")
            if not slash or target not in ROOMS:
                complain(path, f'includes "{included}" (expected "room/file.h")')
            elif ROOMS.index(target) < ROOMS.index(room):
                complain(path, f'reaches upwards: "{included}" from room {room}')
            elif not (library / included).is_file():
                complain(path, f'includes "{included}", which is not there')


def check_lists(root, complain):
    """Every source stands in its room's CMakeLists.txt, and nothing else does."""
    for room in ROOMS:
        folder = root / "libevidence" / room
        lists = [re.findall(r"[\w./]+\.cpp", each) for each in
                 (folder / "CMakeLists.txt").read_text().split("target_sources(")[1:]]
        listed = sum(lists, [])
        present = [path.name for path in folder.glob("*.cpp")]
        for name in sorted(set(present) ^ set(listed)):
            complain(folder / name, "is not both in the folder and in its CMakeLists.txt")
        if any(each != sorted(each) for each in lists):
            complain(folder / "CMakeLists.txt", "sources are not in order of name")


def check_doors(root, complain):
    """Every room has headers, and every header begins by saying what it is."""
    for room in ROOMS:
        folder = root / "libevidence" / room
        headers = sorted(folder.glob("*.h"))
        if not headers:
            complain(folder, "has no header: a room without a door")
        for header in headers:
            lines = header.read_text().split("\n")
            if not re.match(r"// \S", lines[0]):
                complain(header, "does not open with a comment that says what it is")
            elif "#pragma once" not in lines:
                complain(header, "has no #pragma once")


def check_folders(root, complain):
    """The folders of the library are the rooms, no more and no less."""
    folders = {path.name for path in (root / "libevidence").iterdir() if path.is_dir()}
    for name in sorted(folders ^ set(ROOMS)):
        complain(root / "libevidence" / name, f"rooms are exactly: {', '.join(ROOMS)}")


def check_tools(root, complain):
    """Tools look into the library and apps/cli; the library never looks into the tools."""
    for path in sources(root / "apps"):
        for included in INCLUDE.findall(path.read_text()):
            beside = (path.parent / included).is_file()  # the parts of one large command
            if not beside and included.partition("/")[0] not in ROOMS + ["cli"]:
                complain(path, f'includes "{included}" (expected "room/file.h" or "cli/file.h")')


def main():
    root = pathlib.Path(sys.argv[1]).resolve()
    complaints = []

    def complain(path, message):
        complaints.append(f"{path.relative_to(root)}: {message}")

    for check in (check_folders, check_includes, check_lists, check_doors, check_tools):
        check(root, complain)
    print("\n".join(complaints), end="\n" if complaints else "")
    sys.exit(1 if complaints else 0)


if __name__ == "__main__":
    main()
