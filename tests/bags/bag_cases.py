"""Bags by name: what each shows, and what evidence-verify must say about it.

CASES: name -> (maker, exit status, finding codes that must be there). The first part has the
situations that the conformance suite of the Library of Congress tries, in our own words and bytes.
"""

import os
import unicodedata

from bag_maker import Bag, digest_of

NFC = unicodedata.normalize("NFC", "data/Núñez.txt")
NFD = unicodedata.normalize("NFD", NFC)
CASES = {}


def case(status, *codes):
    def register(maker):
        name = maker.__name__.replace("_", "-")
        assert name not in CASES, name
        CASES[name] = (maker, status, codes)
        return maker
    return register


# -- valid, by version -------------------------------------------------------------------------

def basic(version, algorithms):
    return lambda folder: Bag(version, algorithms).write(folder)


for each in ("0.93", "0.94", "0.95", "0.96", "0.97"):
    CASES[f"basic-{each}"] = (basic(each, ["md5"]), 0, ["bag.weak-algorithm"])
CASES["basic-1.0"] = (basic("1.0", ["sha512"]), 0, [])
for each in ("sha1", "sha224", "sha256", "sha384", "sha512", "sha3256", "sha512256", "blake2b512",
             "blake2s256"):
    CASES[f"basic-{each}"] = (basic("0.97", [each]), 0, [])


def repeated_metadata(version):
    def make(folder):
        bag = Bag(version, ["md5"])
        bag.info += [("Source-Organization", "Another"), ("Contact-Name", "B. Clerk")]
        return bag.write(folder)
    return make


for each in ("0.93", "0.94", "0.95", "0.96", "0.97"):
    CASES[f"repeated-metadata-{each}"] = (repeated_metadata(each), 0, [])


@case(0)
def minimal(folder):
    bag = Bag("0.97", ["md5"], {"data/one": b""})
    bag.info, bag.tag_algorithms = None, []
    bag.write(folder)


@case(0)
def several_algorithms_at_once(folder):
    Bag("1.0", ["md5", "sha1", "sha224", "sha256", "sha512"]).write(folder)


@case(0)
def utf_16_with_a_mark(folder):
    Bag("0.97", ["md5"], {"data/thư.txt": b"x"}, "UTF-16").write(folder)


@case(0)
def utf_16_big_endian(folder):
    Bag("0.97", ["md5"], {"data/书.txt": b"x", "data/😀.txt": b"y"}, "UTF-16BE").write(folder)


@case(0)
def utf_16_little_endian_in_1_0(folder):
    Bag("1.0", ["sha256"], {"data/书.txt": b"x"}, "UTF-16LE").write(folder)


@case(0)
def iso_8859_1(folder):
    bag = Bag("0.97", ["md5"], {"data/Müller.txt": b"x"}, "ISO-8859-1")
    bag.info.append(("Contact-Name", "Müller"))
    bag.write(folder)


@case(0, "bag.name-differs")
def iso_8859_1_in_names_too(folder):
    Bag("0.97", ["md5"], {"data/Müller.txt": b"x"}, "ISO-8859-1").write(folder)
    os.rename(folder / "data/Müller.txt", os.fsencode(folder / "data") + b"/M\xfcller.txt")


@case(0)
def line_ends_of_windows(folder):
    bag = Bag("1.0")
    bag.line_end = "\r\n"
    bag.declaration = bag.declaration.replace("\n", "\r\n")
    bag.write(folder)


@case(0)
def line_ends_of_old_macs(folder):
    bag = Bag("1.0")
    bag.line_end = "\r"
    bag.declaration = bag.declaration.replace("\n", "\r")
    bag.write(folder)


@case(0)
def bag_in_a_bag(folder):
    inner = {f"data/inner/{name}": content for name, content in Bag("0.97", ["md5"]).files().items()}
    Bag("0.97", ["md5"], inner).write(folder)


@case(0)
def names_with_spaces_and_one_space_between(folder):
    bag = Bag("0.97", ["md5"], {"data/a letter of  two.txt": b"x", "data/ b": b"y"})
    bag.separator = " "
    del bag.payload["data/ b"]
    bag.write(folder)


@case(0)
def names_that_look_encoded(folder):
    """Before 1.0 a percent sign is a percent sign."""
    Bag("0.97", ["md5"], {"data/%7Eone.txt": b"1", "data/%two.txt": b"2", "data/d/~three": b"3",
                          "data/%25.txt": b"4"}).write(folder)


@case(0)
def signs_that_shells_and_urls_escape(folder):
    Bag("0.97", ["md5"], {"data/a&b;c'd\"e.txt": b"1", "data/[x](y){z}#!$.txt": b"2",
                          "data/a+b=c,d@e.txt": b"3"}).write(folder)


@case(0)
def percent_encoding_of_1_0(folder):
    bag = Bag("1.0", ["sha256"], {"data/a\nb": b"1", "data/c\rd": b"2", "data/e%f": b"3",
                                  "data/g%0Ah": b"4"})
    bag.written = {"data/a\nb": "data/a%0Ab", "data/c\rd": "data/c%0dd", "data/e%f": "data/e%25f",
                   "data/g%0Ah": "data/g%250Ah"}
    bag.write(folder)


@case(0)
def percent_encoding_of_0_97(folder):
    bag = Bag("0.97", ["md5"], {"data/a\nb": b"1"})
    bag.written = {"data/a\nb": "data/a%0Ab"}
    bag.write(folder)


@case(0, "bag.name-differs")
def percent_sign_left_alone_in_1_0(folder):
    Bag("1.0", ["sha256"], {"data/100%25.txt": b"1"}).write(folder)


@case(0)
def white_space_around_colons_before_1_0(folder):
    bag = Bag("0.97", ["md5"])
    bag.info = None
    bag.tags["bag-info.txt"] = (b"Contact-Name  :  A. Clerk\nContact-Phone\t:\t1\nContact-Email:x\n"
                                b"External-Description: goes\n   on\n\tand on\n")
    bag.write(folder)


@case(0, "bag.fetch")
def fetch_file_with_everything_there(folder):
    bag = Bag("0.97", ["md5"])
    bag.tags["fetch.txt"] = (b"http://example.org/letter - data/letter.txt\n"
                             b"https://example.org/x%20y 256 data/dir/image.bin\n")
    bag.write(folder)


@case(0)
def octet_sum(folder):
    bag = Bag("0.96", ["md5"])
    bag.info.append(("payload-oxum", "265.2"))
    bag.write(folder)


@case(0)
def octet_sum_in_package_info(folder):
    bag = Bag("0.95", ["md5"])
    bag.info.append(("Payload-Oxum", "265.2"))
    bag.write(folder)


@case(0)
def manifests_that_complete_each_other_before_1_0(folder):
    Bag("0.97", ["md5", "sha1"]).write(folder)
    for name, keep in (("manifest-md5.txt", "letter"), ("manifest-sha1.txt", "image")):
        lines = (folder / name).read_text().splitlines(keepends=True)
        (folder / name).write_text("".join(line for line in lines if keep in line))
    for tag_manifest in folder.glob("tagmanifest-*"):
        tag_manifest.unlink()


@case(0)
def digests_in_capitals(folder):
    bag = Bag("1.0")
    bag.tag_algorithms = []
    bag.write(folder)
    manifest = folder / "manifest-sha256.txt"
    manifest.write_text("".join(line[:64].upper() + line[64:] for line in
                                manifest.read_text().splitlines(keepends=True)))


@case(0, "bag.unlisted-tag-file")
def tag_folders(folder):
    bag = Bag("1.0")
    bag.tags["metadata/mets.xml"] = b"<mets/>"
    bag.write(folder)
    (folder / "notes").mkdir()
    (folder / "notes/unlisted.txt").write_text("may be there")


# -- valid, with a warning ---------------------------------------------------------------------

@case(0, "bag.path-not-normal")
def leading_dot_and_slash(folder):
    bag = Bag("0.97", ["md5"])
    bag.written = {name: "./" + name for name in list(bag.payload) + ["bagit.txt"]}
    bag.write(folder)


@case(0, "bag.path-not-normal")
def relative_path_that_stays_inside(folder):
    bag = Bag("0.97", ["md5"])
    bag.written = {"data/letter.txt": "data/dir/../letter.txt"}
    bag.write(folder)


@case(0, "bag.md5sum-manifest")
def made_with_md5sum(folder):
    bag = Bag("0.97", ["md5"])
    bag.separator = " *"
    bag.write(folder)


@case(0, "bag.md5sum-manifest")
def made_with_md5sum_of_a_backslash(folder):
    bag = Bag("0.97", ["md5"], {"data/letter.txt": b"x"})
    bag.payload["data/a\\b"] = b"1"
    bag.tag_algorithms = []
    bag.write(folder)
    (folder / "manifest-md5.txt").write_text(
        f"{digest_of('md5', b'x')}  data/letter.txt\n\\{digest_of('md5', b'1')}  data/a\\\\b\n")


@case(0, "bag.duplicate-entry")
def listed_twice_with_the_same_digest(folder):
    bag = Bag("0.97", ["md5"])
    bag.extra_lines["manifest-md5.txt"] = [f"{digest_of('md5', b'a letter' + bytes([10]))}  data/letter.txt"]
    bag.write(folder)


@case(0, "bag.names-alike")
def two_files_that_differ_in_case(folder):
    Bag("0.97", ["md5"], {"data/hello.txt": b"1", "data/HELLO.txt": b"2"}).write(folder)


@case(0, "bag.name-differs")
def two_names_that_became_one_file(folder):
    """Packed where case counts, copied over a disk where it does not."""
    Bag("0.97", ["md5"], {"data/hello.txt": b"1", "data/HELLO.txt": b"1"}).write(folder)
    (folder / "data/HELLO.txt").unlink()


@case(0, "bag.name-differs")
def other_unicode_form_on_disk(folder):
    Bag("0.97", ["sha512"], {NFC: b""}).write(folder)
    (folder / NFC).rename(folder / NFD)


@case(0, "bag.names-alike")
def both_unicode_forms(folder):
    Bag("0.97", ["sha512"], {NFC: b"", NFD: b""}).write(folder)


@case(0, "bag.name-differs")
def both_unicode_forms_listed_one_on_disk(folder):
    Bag("0.97", ["sha512"], {NFC: b"", NFD: b""}).write(folder)
    (folder / NFD).unlink()


@case(0)
def files_of_operating_systems(folder):
    Bag("0.97", ["md5"], {"data/.DS_Store": b"1", "data/Thumbs.db": b"2"}).write(folder)


@case(0, "bag.byte-order-mark")
def mark_in_a_tag_file_before_1_0(folder):
    bag = Bag("0.97", ["md5"])
    bag.tag_algorithms = []
    bag.write(folder)
    manifest = folder / "manifest-md5.txt"
    manifest.write_bytes(b"\xef\xbb\xbf" + manifest.read_bytes())


# -- invalid -----------------------------------------------------------------------------------

def declared(text, code, status=1, version="0.97"):
    def make(folder):
        bag = Bag(version, ["md5"])
        bag.declaration = text
        bag.write(folder)
    return make, status, [code]


ENCODING = "Tag-File-Character-Encoding: UTF-8\n"
MALFORMED = "bag.malformed-declaration"
CASES.update({
    "encoding-missing": declared("BagIt-Version: 0.97\n", MALFORMED),
    "declaration-empty": declared("", MALFORMED),
    "declaration-with-a-mark": declared("\ufeffBagIt-Version: 0.97\n" + ENCODING, MALFORMED),
    "version-without-major": declared("BagIt-Version: .97\n" + ENCODING, MALFORMED),
    "version-of-words": declared("BagIt-Version: latest\n" + ENCODING, MALFORMED),
    "version-never-published": declared("BagIt-Version: 0.98\n" + ENCODING, "bag.unknown-version"),
    "version-with-zeros": declared("BagIt-Version: 1.00\n" + ENCODING, "bag.unknown-version"),
    "version-of-the-future": declared("BagIt-Version: 1.1\n" + ENCODING, "bag.unknown-version", 6),
    "space-before-the-colon": declared("BagIt-Version : 1.0\n" + ENCODING, MALFORMED),
    "space-before-the-colon-0.97": declared("BagIt-Version : 0.97\n" + ENCODING, MALFORMED),
    "two-spaces": declared("BagIt-Version:  0.97\n" + ENCODING, MALFORMED),
    "space-at-the-end": declared("BagIt-Version: 0.97 \n" + ENCODING, MALFORMED),
    "lines-swapped": declared(ENCODING + "BagIt-Version: 0.97\n", MALFORMED),
    "three-lines": declared("BagIt-Version: 0.97\n" + ENCODING + "Extra: 1\n", MALFORMED),
    "empty-third-line": declared("BagIt-Version: 0.97\n" + ENCODING + "\n", MALFORMED, 0),
    "empty-third-line-1.0": declared("BagIt-Version: 1.0\n" + ENCODING + "\n", MALFORMED),
    "label-in-other-letters": declared("BagIt-version: 0.97\n" + ENCODING, MALFORMED, 0),
    "label-in-other-letters-1.0": declared("BagIt-version: 1.0\n" + ENCODING, MALFORMED),
    "no-line-end-at-all": declared(("BagIt-Version: 0.97\n" + ENCODING).strip(), "bag.unsigned", 0),
    "encoding-unknown-here": declared("BagIt-Version: 0.97\nTag-File-Character-Encoding: KOI8-R\n",
                                      "bag.unknown-encoding", 6),
    "declaration-too-large": declared("BagIt-Version: 0.97\n" + ENCODING + "x" * 5000, MALFORMED),
})


@case(1, "bag.missing-tag-file")
def declaration_missing(folder):
    bag = Bag("0.97", ["md5"])
    bag.declaration = None
    bag.write(folder)


@case(1, "payload.digest-mismatch")
def damaged_payload(folder):
    Bag("0.97", ["md5"]).write(folder)
    (folder / "data/letter.txt").write_bytes(b"a better\n")


@case(1, "bag.tag-digest-mismatch")
def damaged_tag_file(folder):
    Bag("0.97", ["md5"]).write(folder)
    with open(folder / "bag-info.txt", "a", encoding="utf-8") as file:
        file.write("Contact-Name: nobody\n")


@case(1, "payload.unexpected")
def unlisted_payload_file(folder):
    Bag("0.97", ["md5"]).write(folder)
    (folder / "data/bar").write_bytes(b"")


@case(1, "payload.unexpected")
def unlisted_system_file(folder):
    Bag("0.97", ["md5"]).write(folder)
    (folder / "data/.DS_Store").write_bytes(b"")


@case(1, "payload.missing")
def missing_payload_file(folder):
    Bag("0.97", ["md5"]).write(folder)
    (folder / "data/letter.txt").unlink()


@case(1, "bag.missing-tag-file")
def missing_metadata(folder):
    Bag("0.97", ["md5"]).write(folder)
    (folder / "bag-info.txt").unlink()


@case(1, "bag.contradicting-entries")
def listed_twice_with_different_digests(folder):
    bag = Bag("0.97", ["md5"])
    bag.extra_lines["manifest-md5.txt"] = [f"{'0' * 32}  data/letter.txt"]
    bag.write(folder)


@case(1, "bag.contradicting-entries")
def listed_twice_with_different_digests_1_0(folder):
    bag = Bag("1.0")
    bag.extra_lines["manifest-sha256.txt"] = [f"{'0' * 64}  data/letter.txt"]
    bag.write(folder)


@case(1, "bag.duplicate-entry")
def listed_twice_with_the_same_digest_1_0(folder):
    bag = Bag("1.0")
    bag.extra_lines["manifest-sha256.txt"] = [
        f"{digest_of('sha256', b'a letter' + bytes([10]))}  ./data/letter.txt"]
    bag.write(folder)


@case(1, "bag.not-in-every-manifest")
def manifests_that_complete_each_other_1_0(folder):
    Bag("1.0", ["sha256", "sha512"]).write(folder)
    for name, keep in (("manifest-sha256.txt", "letter"), ("manifest-sha512.txt", "")):
        lines = (folder / name).read_text().splitlines(keepends=True)
        (folder / name).write_text("".join(line for line in lines if keep in line))
    for tag_manifest in folder.glob("tagmanifest-*"):
        tag_manifest.unlink()


@case(1, "payload.missing")
def hole_that_was_not_fetched(folder):
    bag = Bag("1.0")
    bag.tags["fetch.txt"] = b"http://example.org/letter 9 data/letter.txt\n"
    bag.write(folder)
    (folder / "data/letter.txt").unlink()


@case(1, "bag.no-payload-folder")
def no_payload_folder(folder):
    bag = Bag("1.0", payload={})
    bag.write(folder)
    (folder / "data").rmdir()


@case(1, "bag.no-manifest")
def no_manifest(folder):
    bag = Bag("1.0", payload={})
    bag.algorithms = bag.tag_algorithms = []
    bag.write(folder)


@case(1, "bag.wrong-oxum")
def wrong_octet_sum(folder):
    bag = Bag("1.0")
    bag.info.append(("Payload-Oxum", "266.2"))
    bag.write(folder)


@case(1, "bag.malformed-tag-file")
def malformed_octet_sum(folder):
    bag = Bag("1.0")
    bag.info.append(("Payload-Oxum", "265"))
    bag.write(folder)


@case(1, "bag.repeated-label")
def repeated_octet_sum(folder):
    bag = Bag("1.0")
    bag.info += [("Payload-Oxum", "265.2")] * 2
    bag.write(folder)


def with_info(text, version="1.0"):
    def make(folder):
        bag = Bag(version)
        bag.info = None
        bag.tags["bag-info.txt"] = text
        bag.write(folder)
    return make, 1, ["bag.malformed-tag-file"]


CASES.update({
    "info-space-before-colon-1.0": with_info(b"Contact-Name : A\n"),
    "info-no-space-1.0": with_info(b"Contact-Name:A\n"),
    "info-no-colon": with_info(b"Contact-Name\n", "0.97"),
    "info-continues-nothing": with_info(b"  on\n", "0.97"),
    "info-not-utf-8": with_info(b"Contact-Name: \xff\n"),
})


@case(1, "bag.malformed-tag-file")
def utf_16_of_odd_length(folder):
    bag = Bag("0.97", ["md5"], {"data/one": b""}, "UTF-16BE")
    bag.tag_algorithms = []
    bag.write(folder)
    with open(folder / "bag-info.txt", "ab") as file:
        file.write(b"\0")


@case(1, "bag.malformed-tag-file")
def utf_16_half_a_pair(folder):
    bag = Bag("0.97", ["md5"], {"data/one": b""}, "UTF-16BE")
    bag.info, bag.tag_algorithms = None, []
    bag.write(folder)
    (folder / "bag-info.txt").write_bytes("A: ".encode("utf-16-be") + b"\xd8\x00\x00A\x00\n")


@case(1, "bag.byte-order-mark")
def mark_in_a_tag_file_1_0(folder):
    bag = Bag("1.0")
    bag.tag_algorithms = []
    bag.write(folder)
    manifest = folder / "manifest-sha256.txt"
    manifest.write_bytes(b"\xef\xbb\xbf" + manifest.read_bytes())


def with_line(line, code, version="0.97", name="manifest-md5.txt"):
    def make(folder):
        bag = Bag(version, ["md5"])
        bag.extra_lines[name] = [line]
        bag.write(folder)
    return make, 1, [code]


ZERO = "0" * 32
OUTSIDE = {"dots": "../../../README.md", "dots-from-data": "data/../../x", "absolute": "/tmp/foo",
           "home": "~/foo", "home-of-a-user": "~root/foo", "drive": "C:\\Windows\\setx.exe",
           "drive-with-slash": "c:/Windows/setx.exe", "unc": "\\\\?\\UNC\\server\\setx.exe",
           "device": "\\\\.\\COM1", "backslash-dots": "data\\..\\..\\x", "dot": ".", "slash": "/"}
for each, path in OUTSIDE.items():
    CASES[f"outside-{each}"] = with_line(f"{ZERO}  {path}", "bag.path-outside")
    CASES[f"outside-{each}-tags"] = with_line(f"{ZERO}  {path}", "bag.path-outside", "1.0",
                                              "tagmanifest-md5.txt")
CASES["outside-shell-variable"] = with_line(f"{ZERO}  %HomeDrive%\\x.exe", "bag.wrong-entry")
CASES.update({
    "manifest-line-without-digest": with_line("data/letter.txt", "bag.malformed-manifest"),
    "manifest-line-with-short-digest": with_line("00ff  data/letter.txt", "bag.malformed-manifest"),
    "manifest-line-without-path": with_line(f"{ZERO}  ", "bag.malformed-manifest"),
    "manifest-lists-a-folder": with_line(f"{ZERO}  data/dir", "payload.missing"),
    "manifest-lists-a-tag-file": with_line(f"{ZERO}  bagit.txt", "bag.wrong-entry"),
    "path-with-backslashes": with_line(f"{ZERO}  data\\letter.txt", "bag.wrong-entry"),
    "tag-manifest-lists-payload-1.0": with_line(
        f"{digest_of('md5', b'a letter' + bytes([10]))}  data/letter.txt", "bag.wrong-entry", "1.0",
        "tagmanifest-md5.txt"),
    "tag-manifest-lists-itself": with_line(f"{ZERO}  tagmanifest-md5.txt", "bag.wrong-entry", "1.0",
                                           "tagmanifest-md5.txt"),
    "path-too-long": with_line(f"{ZERO}  data/{'x' * 70000}", "bag.path-outside"),
    "line-too-long": with_line(f"{ZERO}  data/{'x' * 300000}", "bag.malformed-tag-file"),
})


def with_fetch(line, code):
    def make(folder):
        bag = Bag("0.97", ["md5"])
        bag.tags["fetch.txt"] = line.encode()
        bag.write(folder)
    return make, 1, [code]


for each, path in OUTSIDE.items():
    CASES[f"fetch-{each}"] = with_fetch(f"http://example.org/x - {path}\n", "bag.path-outside")
CASES.update({
    "fetch-of-a-tag-file": with_fetch("http://example.org/x - bag-info.txt\n", "bag.wrong-entry"),
    "fetch-of-nothing-listed": with_fetch("http://example.org/x - data/new\n", "bag.wrong-entry"),
    "fetch-without-scheme": with_fetch("example.org/x - data/letter.txt\n", "bag.malformed-tag-file"),
    "fetch-length-of-words": with_fetch("http://x/ nine data/letter.txt\n", "bag.malformed-tag-file"),
    "fetch-without-path": with_fetch("http://example.org/x -\n", "bag.malformed-tag-file"),
})


@case(0, "bag.fetch-size")
def fetch_with_another_length(folder):
    bag = Bag("0.97", ["md5"])
    bag.tags["fetch.txt"] = b"http://example.org/letter 10 data/letter.txt\n"
    bag.write(folder)


@case(1, "bag.manifest-not-listed")
def tag_manifest_without_the_manifest(folder):
    Bag("1.0").write(folder)
    path = folder / "tagmanifest-sha256.txt"
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(line for line in lines if "manifest" not in line))


@case(6, "bag.unknown-algorithm")
def algorithm_that_nobody_knows(folder):
    bag = Bag("1.0")
    bag.tag_algorithms = []
    bag.write(folder)
    (folder / "manifest-sha256.txt").rename(folder / "manifest-crc99.txt")


@case(1, "payload.unexpected", "bag.unknown-algorithm")
def algorithm_that_nobody_knows_and_an_unlisted_file(folder):
    algorithm_that_nobody_knows(folder)
    (folder / "data/more").write_bytes(b"")


@case(1, "bag.algorithm-name")
def algorithm_in_another_spelling_1_0(folder):
    bag = Bag("1.0")
    bag.tag_algorithms = []
    bag.write(folder)
    (folder / "manifest-sha256.txt").rename(folder / "manifest-SHA-256.txt")


@case(0, "bag.algorithm-name")
def algorithm_in_another_spelling(folder):
    bag = Bag("0.97", ["sha256"])
    bag.tag_algorithms = []
    bag.write(folder)
    (folder / "manifest-sha256.txt").rename(folder / "manifest-SHA-256.txt")


@case(1, "bag.name-differs", "payload.digest-mismatch")
def other_unicode_form_with_other_bytes(folder):
    Bag("0.97", ["sha512"], {NFC: b"1", NFD: b"2"}).write(folder)
    (folder / NFD).unlink()


@case(1, "bag.not-a-file")
def link_in_the_payload(folder):
    Bag("1.0").write(folder)
    os.symlink("letter.txt", folder / "data/link")


@case(1, "bag.not-a-file")
def link_instead_of_the_file(folder):
    Bag("1.0").write(folder)
    (folder / "data/letter.txt").rename(folder.parent / "moved")
    os.symlink("../../moved", folder / "data/letter.txt")


@case(1, "bag.no-payload-folder")
def link_instead_of_the_payload_folder(folder):
    Bag("1.0").write(folder)
    (folder / "data").rename(folder.parent / "moved-data")
    os.symlink("../moved-data", folder / "data")


@case(1, "bag.missing-tag-file", "bag.not-a-file")
def link_instead_of_the_declaration(folder):
    Bag("1.0").write(folder)
    (folder / "bagit.txt").rename(folder.parent / "moved.txt")
    os.symlink("../moved.txt", folder / "bagit.txt")


@case(1, "bag.not-a-file")
def fifo_in_the_payload(folder):
    Bag("1.0").write(folder)
    os.mkfifo(folder / "data/pipe")
