#!/usr/bin/env python3
"""evidence-verify --report: pages about real packages, cases and transfers, read as HTML; the commands they print,
typed as they stand; and the language they speak.

page_test.py SOURCE_DIR BIN_DIR
"""

import hashlib
import os
import pathlib
import re
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from page_checks import Page, faults_of  # noqa: E402
from sample_case import ANCHOR, OFFICER, PLACE, REASON, SIGNER, TITLE, SampleCase  # noqa: E402

complaints = []


def expect(holds, what):
    if not holds:
        complaints.append(what)


def check(name, text, *parts, language="en"):
    for fault in faults_of(text, language):
        complaints.append(f"{name}: {fault}")
    shown = Page(text).text
    for part in parts:
        expect(part in shown, f"{name}: does not say {part!r}")


def check_pages(sample):
    passed = sample.page("sealed.asice", "passed.html", *ANCHOR)
    check("passed.html", passed, "TOTAL-PASSED", "Everything that was checked holds", OFFICER, PLACE, REASON, TITLE,
          "Viện kiểm sát nhân dân tối cao", "Number of the request", "MLA-2026/118", "max_penalty_months", "84",
          "chỉ dùng cho vụ án", "لا يجوز النقل", "闪存盘", "md5", "sha512", "warrant 12/2026",
          "Chain of custody", "Checked out", "trusted time-stamp", "evidence-verify 0.1.0", "pki/root.pem")
    check("unknown.html", sample.page("sealed.asice", "unknown.html", expect=(6,)), "INDETERMINATE",
          "What could not be established:", "No authority that the reader trusts vouches for this certificate.")
    sample.damage("damaged.asice")
    check("failed.html", sample.page("damaged.asice", "failed.html", *ANCHOR, expect=(1,)), "TOTAL-FAILED",
          "What failed:", "payload.digest-mismatch", "NOT INTACT", "something was changed or damaged")
    check("case.html", sample.page("case", "case.html", *ANCHOR), "USB-01", "items/USB-01/file.bin", "not signed")
    pathlib.Path("out").mkdir()
    sample.run("transfer", "send", "sealed.asice", "--to", "out", "--no-encrypt", "--recipient", "pki/good-rsa.pem",
               *SIGNER)
    folder = next(pathlib.Path("out").iterdir())
    check("transfer.html", sample.page(folder, "transfer.html", *ANCHOR), "transfer.unanswered",
          "Offer of the sender", "Certificate of the sender", "package.file_sha256")
    make_bag()
    check("bag.html", sample.page("bag", "bag.html"), "TOTAL-PASSED", "Nobody signed those lists", "BagIt 1.0",
          "sha256sum -c --quiet manifest-sha256.txt")
    return passed


def make_bag():
    """A plain bag of one file with an Arabic name."""
    payload = pathlib.Path("bag/data")
    payload.mkdir(parents=True)
    (payload / "رسالة.txt").write_text("a letter\n")
    pathlib.Path("bag/bagit.txt").write_text("BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
    digest = hashlib.sha256(b"a letter\n").hexdigest()
    pathlib.Path("bag/manifest-sha256.txt").write_text(f"{digest}  data/رسالة.txt\n")


def check_commands(text):
    """What the page tells an expert to type, typed."""
    for authority, name in (("root", "ca"), ("root", "tsa-ca")):
        pathlib.Path(f"{name}.pem").write_bytes(pathlib.Path(f"pki/{authority}.pem").read_bytes()
                                                + pathlib.Path("pki/intermediate.pem").read_bytes())
    commands = [each for each in Page(text).commands if not each.startswith("evidence-verify")]
    expect(len(commands) >= 6, f"only {len(commands)} commands to repeat the verification")
    done = subprocess.run(["bash", "-e", "-c", "\n".join(commands)], capture_output=True, text=True, check=False)
    expect(done.returncode == 0, f"the commands of the page fail: {done.stderr}")
    expect(done.stderr.count("CAdES Verification successful") == 2, f"not two signatures: {done.stderr}")
    expect("Verification: OK" in done.stdout, f"no time-stamp: {done.stdout}")
    expect("DIFFERS" not in done.stdout and "NOT SIGNED" not in done.stdout, f"a good package: {done.stdout}")
    digest = re.search(r"It must be <code[^>]*>([0-9a-f<wbr>]+)</code>", text).group(1).replace("<wbr>", "")
    expect(f"{digest}  META-INF/ASiCManifest001.xml" in done.stdout, "the digest of the signed list is another one")


def check_forgery(text):
    """A file changed and one added, in a package whose unsigned lists were written anew."""
    os.chdir("unpacked")
    pathlib.Path("terms.json").write_text("{}")
    pathlib.Path("more.txt").write_text("more")
    subprocess.run(["bash", "-c", "sha256sum $(cut -c67- tagmanifest-sha256.txt) more.txt >t; mv t tagmanifest-sha256.txt"],
                   check=True)
    commands = [each for each in Page(text).commands if each.startswith(("for m", "find"))]
    done = subprocess.run(["sh", "-c", "\n".join(commands)], capture_output=True, text=True, check=False)
    os.chdir("..")
    for line in ("DIFFERS: terms.json (META-INF/ASiCManifest001.xml)", "NOT SIGNED: more.txt"):
        expect(line in done.stdout, f"the commands of the page do not say {line!r}: {done.stdout}")


def check_odd_name(sample):
    """A file name that a shell, HTML and a terminal would all like to act on."""
    name = "-rf '$(touch x)`\\ \u202e<b>&\n.asice"
    os.link("sealed.asice", name)
    text = sample.page("./" + name, "odd.html", *ANCHOR)
    check("odd.html", text)
    first = Page(text).commands[0]
    pathlib.Path("odd").mkdir()
    done = subprocess.run(["bash", "-e", "-c", first.replace("mkdir unpacked", "rm -rf unpacked; mkdir unpacked")],
                          capture_output=True, text=True, check=False)
    expect(done.returncode == 0 and pathlib.Path("unpacked/README.txt").exists() and not pathlib.Path("x").exists(),
           f"the odd name does not survive the shell: {first!r} {done.stderr}")


def check_files(sample):
    before = pathlib.Path("passed.html").read_bytes()
    refused = sample.run("verify", "sealed.asice", *ANCHOR, "--report", "passed.html", expect=(3,))
    expect("passed.html" in refused.stderr and not refused.stdout, "an existing page is not refused at once")
    expect(pathlib.Path("passed.html").read_bytes() == before, "an existing page was changed")
    sample.run("verify", "sealed.asice", *ANCHOR, "--report", "-", expect=(2,))
    sample.run("verify", "nowhere.asice", *ANCHOR, "--report", "none.html", expect=(3,))
    left = [path.name for path in pathlib.Path(".").iterdir() if "none.html" in path.name or ".partial" in path.name]
    expect(not left, f"a verification that failed leaves {left}")


def check_languages(sample):
    vietnamese = sample.page("sealed.asice", "vi.html", *ANCHOR, "--lang", "vi")
    check("vi.html", vietnamese, "Báo cáo kiểm chứng", "Mọi nội dung được kiểm tra đều đạt", "TOTAL-PASSED",
          "Chuỗi bảo quản chứng cứ", "Dấu thời gian", OFFICER, PLACE, REASON, language="vi")
    for english in ("Verification report", "Everything that was checked holds", "Chain of custody"):
        expect(english not in Page(vietnamese).text, f"the Vietnamese page says {english!r}")

    def first_words(environment, *options):
        done = sample.run("verify", "sealed.asice", *options, expect=(6,), environment=environment)
        return done.stdout

    unknown = {"LC_ALL": "", "LC_MESSAGES": "", "LANG": "", "LANGUAGE": ""}
    for environment, options, speaks in (
            (unknown, (), "en"),
            (unknown, ("--lang", "vi"), "vi"),
            ({**unknown, "LC_ALL": "C", "LANGUAGE": "vi"}, (), "en"),
            ({**unknown, "LC_ALL": "C"}, ("--lang", "vi"), "vi"),
            ({**unknown, "LC_ALL": "vi_VN.UTF-8"}, (), "vi"),
            ({**unknown, "LANG": "vi_VN.UTF-8", "LANGUAGE": "vi:en"}, (), "vi"),
            ({**unknown, "LANG": "vi_VN.UTF-8"}, ("--lang", "en"), "en"),
            ({**unknown, "LANG": "ar_EG.UTF-8"}, (), "en")):
        text = first_words(environment, *options)
        found = "vi" if "chưa xác lập được" in text else "en" if "not established" in text else "?"
        expect(found == speaks, f"{environment} {options} speaks {found} (expected {speaks})")
    for name in ("ar", "xx", "../vi", "vi/.."):
        refused = sample.run("verify", "sealed.asice", "--lang", name, expect=(2,))
        expect("expected one of en, vi" in refused.stderr, f"--lang {name}: {refused.stderr}")
    plain = [sample.run("verify", "damaged.asice", "--json", *options, expect=(1,)).stdout
             for options in ((), ("--lang", "vi"))]
    without_time = [re.sub(r'"checked_at":"[^"]*"', "", each) for each in plain]
    expect(without_time[0] == without_time[1], "JSON changes with the language")


def main():
    source, binaries = (pathlib.Path(argument).resolve() for argument in sys.argv[1:3])
    with tempfile.TemporaryDirectory() as scratch:
        os.chdir(scratch)
        sample = SampleCase(source, binaries)
        sample.make()
        passed = check_pages(sample)
        check_commands(passed)
        check_forgery(passed)
        check_odd_name(sample)
        check_files(sample)
        check_languages(sample)
        os.chdir(source)
    print("\n".join(complaints[:20]), end="\n" if complaints else "")
    sys.exit(1 if complaints else 0)


main()
