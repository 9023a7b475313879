#!/usr/bin/env python3
"""The texts for people: every finding code has its sentence, the template has every text of the sources, and the
catalogues of apps/locale/LINGUAS are complete and put the same values into their places.

locale_test.py SOURCE_DIR
"""

import ast
import pathlib
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from man_test import codes_in  # noqa: E402

EXPECTED = {"ar", "es", "fr", "ru", "vi", "zh"}


def read_catalogue(path):
    """The header, and (texts, translations, is fuzzy) of every entry."""
    entries, header = [], ""
    for block in path.read_text().split("\n\n"):
        parts, current = {}, None
        for line in block.splitlines():
            keyword = re.match(r"(msgid|msgid_plural|msgstr(?:\[\d\])?) ", line)
            if keyword:
                current = keyword.group(1)
                line = line[keyword.end():]
            if line.startswith('"'):
                parts[current] = parts.get(current, "") + ast.literal_eval(line)
        if not parts:
            continue
        if parts["msgid"] == "":
            header = parts["msgstr"]
            continue
        texts = [parts[name] for name in ("msgid", "msgid_plural") if name in parts]
        translations = [text for name, text in sorted(parts.items()) if name.startswith("msgstr")]
        entries.append((texts, translations, "fuzzy" in block.split("msgid")[0]))
    return header, entries


def places(text):
    return set(re.findall(r"\{\w+\}", text))


def check_sentences(root, complain):
    """The table has exactly the codes that the manual lists, which man_test.py holds against the library."""
    pages = [root / "man/evidence-verify.1", root / "man/evidence-transfer.1"]
    table = root / "libevidence/verification/finding_sentences.cpp"
    listed = set().union(*map(codes_in, pages))
    have = re.findall(r'\{"([a-z-]+\.[a-z0-9-]+)"', table.read_text())
    for code in sorted(listed - set(have)):
        complain(table, f"has no sentence for {code}: add a line, and run scripts/update-locale")
    for code in sorted(set(have) - listed):
        complain(table, f"explains {code}, which no manual page lists")
    if have != sorted(set(have)):
        complain(table, "is not in order of code, each once")


def check_template(root, complain):
    template = root / "apps/locale/evidence.pot"
    with tempfile.TemporaryDirectory() as scratch:
        fresh = pathlib.Path(scratch) / "evidence.pot"
        subprocess.run([root / "scripts/update-locale", "--pot-only", fresh], check=True)
        if fresh.read_text() != template.read_text():
            complain(template, "is not what the sources say: run scripts/update-locale")


def check_catalogue(root, language, template, complain):
    path = root / f"apps/locale/{language}.po"
    header, entries = read_catalogue(path)
    if f"Language: {language}\n" not in header or "nplurals=" not in header:
        complain(path, "does not name its language and its plurals")
    subprocess.run(["msgfmt", "--check-format", "--check-domain", "-o", "/dev/null", path], check=True)
    translated = {texts[0] for texts, translations, fuzzy in entries if all(translations) and not fuzzy}
    ready = (root / "apps/locale/LINGUAS").read_text().splitlines()
    missing = sorted({texts[0] for texts, _, _ in template} - translated)
    if language in ready and missing:
        complain(path, f"lacks {len(missing)} translations, the first of: {missing[0]!r}")
    if language not in ready and not missing:
        complain(path, "is complete, but apps/locale/LINGUAS does not have it")
    for texts, translations, _ in entries:
        allowed = set().union(*map(places, texts))
        for translation in filter(None, translations):
            if places(translation) != allowed:
                complain(path, f"has other places than the text in: {translation!r}")
            if translation != translation.strip() or ("  " in translation) != ("  " in texts[0]):
                complain(path, f"has stray spaces in: {translation!r}")


def main():
    root = pathlib.Path(sys.argv[1]).resolve()
    complaints = []

    def complain(path, message):
        complaints.append(f"{path.relative_to(root)}: {message}")

    check_sentences(root, complain)
    check_template(root, complain)
    _, template = read_catalogue(root / "apps/locale/evidence.pot")
    languages = {path.stem for path in (root / "apps/locale").glob("*.po")}
    if languages != EXPECTED:
        complain(root / "apps/locale", f"has {sorted(languages)} (expected {sorted(EXPECTED)})")
    for language in sorted(languages):
        check_catalogue(root, language, template, complain)
    print("\n".join(complaints), end="\n" if complaints else "")
    sys.exit(1 if complaints else 0)


main()
