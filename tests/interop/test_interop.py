#!/usr/bin/env python3
"""Tests of the second implementation, and of the C++ tools against it.

    python3 test_interop.py                          this implementation alone
    EVIDENCE_BIN=build/bin python3 test_interop.py   also against the C++ tools
"""

import io
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import unittest
import zipfile

import check_package
import evidence_format as ef
import make_package
import mutate_package
import pax_tar
import strict_der

HERE = pathlib.Path(__file__).resolve().parent
SAMPLE = HERE.parent / "vectors" / "sample-v1.asice"
SAMPLE_CA = HERE.parent / "vectors" / "sample-ca.crt"
TOOLS = os.environ.get("EVIDENCE_BIN")
SEEN = set()
WRONG_SIGNERS = """
[stamper]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
[encipherer]
basicConstraints = critical,CA:FALSE
keyUsage = critical,keyEncipherment
"""


def codes(violations):
    found = {line.split(":", 1)[0] for line in violations}
    SEEN.update(found)
    return found


def run(*command, **options):
    return subprocess.run([str(c) for c in command], capture_output=True, text=True, check=False, **options)


def spoil(what, act):
    """A `change` for the maker: `act` edits the value in place, or returns another one."""
    def change(name, value):
        if name != what:
            return value
        result = act(value)
        return value if result is None else result
    return change


class Workshop(unittest.TestCase):
    """A folder, an authority and one good package, shared by the tests of a class."""

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="interop-test-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.pki = make_package.Pki(cls.folder / "pki")
        cls.made = make_package.make(cls.folder / "made.asice", cls.pki, seed=1)
        cls.files = mutate_package.load(cls.made)

    def check(self, path, anchor=None):
        violations, self.notes = check_package.check(path, anchor or self.pki.ca)
        return violations

    def written(self, files, name="other.asice"):
        path = self.folder / name
        ef.write_zip(path, files.items() if isinstance(files, dict) else files)
        return path

    def raw(self, data):
        path = self.folder / "raw.asice"
        path.write_bytes(data)
        return path

    def make_spoiled(self, change, pki=None):
        return make_package.make(self.folder / "spoiled.asice", pki or self.pki, seed=2, change=change)


class Accepted(Workshop):
    def test_sample(self):
        self.assertEqual(self.check(SAMPLE, SAMPLE_CA), [])
        self.assertEqual(self.notes, ["custody.withheld-events: 1"])

    def test_made(self):
        self.assertEqual(self.check(self.made), [])
        self.assertIn("custody.withheld-events: 2", self.notes)
        self.assertIn("custody.unsigned-events: 1", self.notes)

    def test_every_seed_is_accepted(self):
        for seed in range(3, 8):
            path = make_package.make(self.folder / "seed.asice", self.pki, seed)
            self.assertEqual(self.check(path), [], f"seed {seed}")

    def test_commands(self):
        out = self.folder / "by-command.asice"
        done = run(sys.executable, HERE / "make_package.py", out, "--pki", self.folder / "pki2", "--seed", 9)
        self.assertEqual(done.returncode, 0, done.stderr)
        done = run(sys.executable, HERE / "check_package.py", out, self.folder / "pki2" / "ca.pem")
        self.assertEqual((done.returncode, done.stdout), (0, "ok\n"))
        done = run(sys.executable, HERE / "check_package.py", out, self.pki.ca)
        self.assertEqual(done.returncode, 1)
        self.assertIn("signature.invalid", done.stdout)

    def test_untrusted_event_signer_is_a_note(self):
        """Only the seal has to lead to the anchor; who signed an event is told, not judged."""
        other = make_package.Pki(self.folder / "elsewhere")
        maker = make_package.Maker(other, seed=4)
        maker.tell_story()
        maker.pki = self.pki
        signer = f"custody/signers/{other.fingerprint}.pem"

        def change(name, value):
            if name == "files":
                return {signer if n.startswith("custody/signers/") else n: other.pem
                        if n.startswith("custody/signers/") else d for n, d in value.items()}
            return value
        maker.change = change
        maker.actor = dict(maker.actor, certificate_sha256=self.pki.fingerprint)
        path = self.written(maker.sign(maker.documents()))
        self.assertEqual(self.check(path), [])
        self.assertTrue(any(n.startswith("custody.signer-untrusted") for n in self.notes))


class StockCommands(Workshop):
    """The README inside a package is executed, line by line."""

    def follow_readme(self, path, anchor):
        lines = [line[4:] for line in make_package.README.splitlines() if line.startswith("    ")]
        self.assertGreater(len(lines), 5)
        with tempfile.TemporaryDirectory(dir=self.folder) as folder:
            environment = dict(os.environ, PACKAGE=str(path), CA=str(anchor), LC_ALL="C.UTF-8")
            return run("bash", "-c", "\n".join(lines), cwd=folder, env=environment)

    def assert_quiet(self, done):
        lines = (done.stdout + done.stderr).splitlines()
        good = [line for line in lines if re.fullmatch(r"(CMS|CAdES) Verification successful", line)]
        self.assertEqual((done.returncode, [line for line in lines if line not in good]), (0, []))
        self.assertGreaterEqual(len(good), 2)

    def test_made(self):
        self.assert_quiet(self.follow_readme(self.made, self.pki.ca))

    def test_sample(self):
        self.assert_quiet(self.follow_readme(SAMPLE, SAMPLE_CA))

    def test_sample_time_stamps(self):
        with ef.Package(SAMPLE) as package:
            for number in (3, 4):
                token = package.content(f"META-INF/timestamp{number:03d}.tst")
                manifest = package.content(f"META-INF/ASiCManifest{number:03d}.xml")
                moment = strict_der.token_time(token).timestamp()
                self.assertIsNone(ef.verify_token(token, manifest, SAMPLE_CA, moment))
                self.assertIsNotNone(ef.verify_token(token, manifest + b" ", SAMPLE_CA, moment))

    def test_unzip_accepts(self):
        self.assertEqual(run("unzip", "-tq", self.made).returncode, 0)

    def test_they_complain(self):
        """A step that never complains proves nothing: each is seen complaining."""
        flipped = dict(self.files)
        flipped["data/000001.img"] = mutate_package.flip(flipped["data/000001.img"], 5)
        done = self.follow_readme(self.written(flipped), self.pki.ca)
        self.assertIn("DIFFERS: data/000001.img", done.stdout)
        self.assertIn("data/000001.img: FAILED", done.stdout)
        self.assertIn("differ", done.stdout)
        extra = list(self.files.items()) + [("extra.txt", b"x")]
        self.assertIn("NOT SIGNED: extra.txt", self.follow_readme(self.written(extra), self.pki.ca).stdout)
        changed = mutate_package.mutate_entry(self.files, "terms.json")
        done = self.follow_readme(self.written(changed), self.pki.ca)
        self.assertIn("BAD SIGNATURE: 1", done.stdout)
        self.assertIn("BAD SIGNATURE: 2", done.stdout)


# No manifest lists META-INF: what may stand there follows from package.json alone.
APPENDED = [[f"META-INF/{name}" for name in names.split()] for names in (
    "signature101.p7s", "ASiCManifest101.xml", "ASiCManifest101.xml signature101.p7s", "ASiCManifest003.xml",
    "timestamp003.tst", "timestamp004.tst", "ASiCArchiveManifest005.xml timestamp005.tst", "timestamp099.tst",
    "signature199.p7s", "signature003.p7s", "other.xml")]


class Mutated(Workshop):
    def assert_refused(self, path, anchor, what):
        with zipfile.ZipFile(path) as archive:
            self.assertIsNone(archive.testzip(), what)
        self.assertTrue(codes(self.check(path, anchor)), f"{what} was accepted")

    def test_every_entry(self):
        for source, anchor in ((self.made, self.pki.ca), (SAMPLE, SAMPLE_CA)):
            files = mutate_package.load(source)
            for name in files:
                for thorough in (False, True):
                    changed = mutate_package.mutate_entry(files, name, thorough)
                    with self.subTest(package=source.name, entry=name, thorough=thorough):
                        self.assertEqual(list(changed), list(files))
                        self.assert_refused(self.written(changed), anchor, name)

    def test_thorough_leaves_only_signatures(self):
        """The attacker's best work can be told from the original by signatures and by nothing else."""
        for name in ("data/000001.img", "data/000003.bin", "items.jsonl", "custody/ledger.jsonl", "package.json",
                     "README.txt", "acquisition/000001.json"):
            path = self.written(mutate_package.mutate_entry(self.files, name, thorough=True))
            found = codes(self.check(path))
            self.assertLessEqual(found, {"signature.invalid", "custody.signature-invalid"}, name)
            self.assertIn("signature.invalid", found, name)

    def test_every_byte_of_a_signature(self):
        for files, anchor, step in ((self.files, self.pki.ca, 1), (mutate_package.load(SAMPLE), SAMPLE_CA, 5)):
            anchors = [strict_der.Certificate(d)
                       for d in ef.pem_certificates(pathlib.Path(anchor).read_bytes())]
            manifest = files["META-INF/ASiCManifest001.xml"]
            size = len(files[mutate_package.SIGNATURE])
            self.assertTrue(self.signature_holds(files[mutate_package.SIGNATURE], manifest, anchors, anchor))
            for position in range(0, size, step):
                data = mutate_package.mutate_signature(files, position)[mutate_package.SIGNATURE]
                self.assertFalse(self.signature_holds(data, manifest, anchors, anchor), f"byte {position}")

    @staticmethod
    def signature_holds(data, manifest, anchors, anchor):
        try:
            strict_der.SignatureFile(data, anchors)
        except (ValueError, IndexError):
            return False
        return ef.verify_cms(data, manifest, anchor) is None

    def test_appended_to_meta_inf(self):
        for names in APPENDED:
            self.assert_refused(self.written({**self.files, **{n: b"x" for n in names}}), self.pki.ca, names)

    def test_signature_byte_command(self):
        out = self.folder / "byte.asice"
        command = (sys.executable, HERE / "mutate_package.py", self.made, out, "--signature-byte")
        self.assertEqual(run(*command, 100).returncode, 0)
        changed = mutate_package.load(out)
        different = [n for n in changed if changed[n] != self.files[n]]
        self.assertEqual(different, [mutate_package.SIGNATURE])
        self.assert_refused(out, self.pki.ca, "byte 100")
        self.assertNotEqual(run(*command, 10**6).returncode, 0)

    def test_list_command(self):
        done = run(sys.executable, HERE / "mutate_package.py", self.made, "--list")
        self.assertEqual([line.split("\t")[0] for line in done.stdout.splitlines()], list(self.files))


def set_field(*path_and_value):
    *path, last, value = path_and_value

    def act(document):
        for key in path:
            document = document[key]
        document[last] = value
    return act


def move_entry(lines):
    lines.insert(0, lines.pop(3))


def renumber(files):
    for old, new in (("data/000003.bin", "data/000004.bin"), ("acquisition/000003.json", "acquisition/000004.json")):
        files.update({new if n == old else n: files.pop(n) for n in list(files)})


def without(name):
    return lambda files: {n: d for n, d in files.items() if n != name}


def with_entry(name, data, before):
    """The entry put in its place, so that nothing but its being there is wrong."""
    def act(files):
        return {k: v for n, d in files.items() for k, v in (((name, data), (n, d)) if n == before else ((n, d),))}
    return act


def swap(first, second):
    def act(files):
        names = [{first: second, second: first}.get(n, n) for n in files]
        return {n: files[n] for n in names}
    return act


def edit(name, act):
    return lambda files: files.update({name: act(files[name])})


def strip_signature(line):
    del line["signature"], line["signer"]


def header_changed(archive):
    """Another mode in the first member's header, with its checksum put right."""
    end = pax_tar.read(archive)[0].offset
    block = bytearray(archive[end - 512:end])
    block[100:107] = b"0000600"
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    return archive[:end - 512] + bytes(block) + archive[end:]


# Each of these packages is correctly signed: what is wrong was wrong before signing.
SPOILED = [
    ("zip.unexpected-entry", "files", with_entry("notes.txt", b"x", "package.json")),
    ("zip.unexpected-entry", "files", with_entry("acquisition/000009.json", b"{}\n", "custody/ledger.jsonl")),
    ("zip.unexpected-entry", "files", with_entry("pieces/000009.txt", b"", "acquisition/000001.json")),
    ("zip.entry-order", "files", swap("README.txt", "package.json")),
    ("zip.missing-entry", "files", without("README.txt")),
    ("document.fields", "package.json", set_field("timestamp", "soon")),
    ("document.fields", "package.json", set_field("id", "0192C0DE-0000-4000-8000-000000000001")),
    ("document.fields", "package.json", set_field("created_at", "yesterday")),
    ("document.malformed", "items", set_field(0, "at", "object", {})),
    ("unsupported.disclosure", "package.json", set_field("kind", "disclosure")),
    ("json.not-canonical", "files", edit("package.json", lambda d: d.replace(b'":', b'": ', 1))),
    ("bag.declaration", "files", edit("bagit.txt", lambda d: d.replace(b"1.0", b"0.97"))),
    ("bag.info", "files", edit("bag-info.txt", lambda d: d.replace(b"Payload-Oxum: ", b"Payload-Oxum: 1"))),
    ("bag.manifest-mismatch", "manifest-sha256.txt", lambda d: d.replace(b"  data", b" *data", 1)),
    ("bag.tagmanifest-mismatch", "tagmanifest-sha256.txt", lambda d: d.split(b"\n", 1)[1]),
    ("asic.manifest-mismatch", "META-INF/ASiCManifest001.xml", lambda d: d.replace(b"\n", b"\r\n")),
    ("asic.manifest-mismatch", "META-INF/ASiCManifest002.xml", lambda d: d.replace(b"terms.json", b"README.txt")),
    ("signature.stripped", "sealed", without("META-INF/signature002.p7s")),
    ("signature.stripped", "package.json", set_field("cosigned_by", ["0" * 64])),
    ("zip.unexpected-entry", "sealed", lambda f: f.update({"META-INF/ASiCManifest101.xml": b""})),
    ("zip.unexpected-entry", "sealed", lambda f: f.update({"META-INF/timestamp003.tst": b""})),
    ("timestamp.stripped", "package.json", set_field("timestamp", "included")),
    ("payload.size-mismatch", "items", set_field(0, "record", "size_bytes", 5)),
    ("payload.crc-mismatch", "items", set_field(0, "record", "crc32", "00000000")),
    ("payload.digest-mismatch", "items", set_field(0, "record", "digests", "sha256", "0" * 64)),
    ("payload.digest-mismatch", "items", set_field(0, "record", "digests", "md5", "0" * 32)),
    ("content.record-fields", "items", set_field(0, "record", "digests", {})),
    ("content.record-order", "items", move_entry),
    ("content.record-order", "items", lambda v: v.append(v.pop(1))),
    ("content.record-kind", "items", set_field(0, "record", "kind", "tree")),
    ("content.object-mismatch", "items", set_field(0, "at", "object", "data/000007.img")),
    ("content.object-mismatch", "items", lambda v: v[:-1]),
    ("content.object-numbers", "files", renumber),
    ("content.item-id", "items", set_field(0, "record", "item", "../x")),
    ("content.item-id", "items", set_field(0, "record", "item", "file-01")),
    ("content.segments", "items", lambda v: v[0]["record"].update(segment=1, segments=2)),
    ("content.empty", "items", lambda v: []),
    ("content.items-root", "files", edit("items.checkpoint", lambda d: d[:-8] + b"AAAAAAA\n")),
    ("content.index-mismatch", "data TREE-01", header_changed),
    ("content.index-mismatch", "items", lambda v: v[:4] + v[5:]),
    ("content.index-mismatch", "items", set_field(4, "record", "mtime", "2025-01-01T00:00:00.000000000Z")),
    ("content.index-mismatch", "items", lambda v: v[3]["at"].update(offset_bytes=v[3]["at"]["offset_bytes"] + 1)),
    ("pieces.presence", "files", without("pieces/000001.txt")),
    ("pieces.presence", "files", with_entry("pieces/000003.txt", b"", "acquisition/000001.json")),
    ("pieces.mismatch", "files", edit("pieces/000001.txt", lambda d: d[65:] + d[:65])),
    ("pieces.root-mismatch", "items", set_field(0, "record", "pieces_root", "0" * 64)),
    ("pieces.root-mismatch", "items", set_field(0, "record", "piece_size_bytes", 4096)),
    ("acquisition.missing", "files", without("acquisition/000002.json")),
    ("acquisition.digest-mismatch", "files", edit("acquisition/000001.json", lambda d: d.replace(b"sdb", b"sdc"))),
    ("acquisition.omitted-mismatch", "acquisition TREE-01", set_field("account", {"omitted_sha256": "0" * 64})),
    ("acquisition.omitted-mismatch", "files",
     with_entry("acquisition/000003.omitted.jsonl", b"", "custody/ledger.jsonl")),
    ("custody.line-fields", "line 2", set_field("digest", "zz")),
    ("custody.tags-malformed", "tags 4", lambda t: t[16:] + t[:16]),
    ("custody.tags-malformed", "tags 4", lambda t: t[16:]),
    ("custody.tags-malformed", "tags 4", lambda t: t + b"\xff" * 128),
    ("custody.tag-mismatch", "tags 4", lambda t: bytes(range(128))),
    ("custody.sequence", "event 4", set_field("seq", 40)),
    ("custody.sequence", "line 2", set_field("seq", 3)),
    ("custody.event-hidden", "shown 4", lambda v: False),
    ("custody.no-open", "event 0", set_field("type", "move")),
    ("custody.no-open", "shown 0", lambda v: False),
    ("custody.link-broken", "line 4", set_field("link", "0" * 64)),
    ("custody.signature-stripped", "line 4", strip_signature),
    ("custody.signature-stripped", "line 4", set_field("signer", "0" * 64)),
    ("custody.signature-stripped", "event 8", set_field("actor", "algorithm", "ecdsa-sha256")),
    ("custody.signature-invalid", "line 4", set_field("signature", "AAAA")),
    ("custody.signature-invalid", "event 4", lambda e: {**e, "actor": {**e["actor"], "algorithm": "rsa-pss-sha256"}}),
    ("custody.signer-missing", "files", lambda f: {n: d for n, d in f.items() if "signers" not in n}),
    ("custody.signer-missing", "files", lambda f: f.update({n: b"" for n in f if "signers" in n})),
    ("custody.checkpoint-mismatch", "files", edit("custody/checkpoint", lambda d: d.replace(b"\n10\n", b"\n9\n"))),
    ("custody.acquire-missing", "event 1", set_field("type", "copy")),
    ("custody.acquire-missing", "event 4", set_field("type", "acquire")),
    ("custody.acquire-mismatch", "event 1", set_field("detail", "size_bytes", 1)),
    ("custody.acquire-mismatch", "event 1", set_field("detail", "acquisition_sha256", "0" * 64)),
    ("custody.acquire-mismatch", "event 1", set_field("digests_after", {})),
    ("equality.package-id", "terms.json", set_field("package", "0192c0de-0000-4000-8000-000000000001")),
    ("equality.package-id", "files", edit("items.checkpoint", lambda d: d.replace(b"-4", b"-5", 1))),
    ("equality.package-id", "files",
     edit("bag-info.txt", lambda d: re.sub(rb"(Identifier: .{8}-)....", rb"\g<1>ffff", d, count=1))),
    ("equality.ledger", "terms.json", set_field("ledger", "0" * 32)),
    ("equality.ledger", "package.json", set_field("ledger", "size", 3)),
    ("equality.ledger", "event 4", set_field("ledger", "0" * 32)),
    ("equality.case", "event 4", set_field("case", "X")),
    ("equality.conditions", "terms.json", set_field("conditions", [])),
    ("equality.sealed-by", "terms.json", set_field("sealed_by", {})),
    ("equality.counts", "package.json", set_field("records", 1)),
    ("equality.counts", "package.json", set_field("objects", 1)),
    ("time.inconsistent", "package.json", set_field("created_at", "2099-01-01T00:00:00.000Z")),
    ("time.inconsistent", "event 4", set_field("at", "2099-01-01T00:00:00.000Z")),
    ("time.inconsistent", "event 4", set_field("at", "1999-01-01T00:00:00.000Z")),
]

# Here this program asks for more than the description says in so many words; the C++ tools need not.
SPOILED_BEYOND = [
    ("document.fields", "package.json", set_field("extra", 1)),
    ("document.fields", "items", set_field(0, "more", 1)),
    ("bag.info", "files", edit("bag-info.txt", lambda d: d.replace(b"Bagging-Date", b"Date"))),
    ("content.salt", "items", lambda v: v[0]["record"].update(salt=v[1]["record"]["salt"])),
    ("content.record-fields", "items", set_field(0, "record", "colour", "red")),
    ("content.record-fields", "items", set_field(2, "record", "colour", "red")),
    ("content.item-key", "items", lambda v: v[0]["record"].update(item_key=v[1]["record"]["item_key"])),
    ("content.tar-invalid", "data TREE-01", lambda d: d[:-600] + b"x" + d[-599:]),
    ("content.tar-invalid", "data TREE-01", lambda d: d + b"\0"),
    ("acquisition.record-mismatch", "acquisition DISK-01", set_field("item", "DISK-02")),
    ("acquisition.record-mismatch", "acquisition DISK-01", set_field("pieces_root", "0" * 64)),
    ("custody.line-fields", "line 4", set_field("more", 1)),
    ("custody.event-overshown", "shown 2", lambda v: True),
    ("custody.event-overshown", "shown 5", lambda v: True),
    ("custody.no-open", "event 4", set_field("type", "open")),
    ("custody.event-fields", "event 4", set_field("more", 1)),
    ("custody.event-fields", "event 4", set_field("at", "2025-01-01T00:00:00Z")),
    ("equality.created-at", "terms.json", set_field("created_at", "2025-01-01T00:00:00.000Z")),
]


class Spoiled(Workshop):
    """Every check is seen failing, in a package whose signatures are in order."""

    def test_signed_but_wrong(self):
        for number, (code, what, act) in enumerate(SPOILED + SPOILED_BEYOND):
            with self.subTest(number=number, code=code, what=what):
                found = codes(self.check(self.make_spoiled(spoil(what, act))))
                self.assertIn(code, found)
                self.assertNotIn("signature.invalid", found)

    def resigned(self, *options, content=None, pki=None):
        """The package with a first signature made otherwise than the format wants."""
        pki = pki or self.pki
        manifest = content or self.files["META-INF/ASiCManifest001.xml"]
        made = ef.openssl_must("cms", "-sign", "-binary", "-outform", "DER", "-md", "sha256", *options,
                               "-signer", pki.certificate, "-inkey", pki.key, data=manifest)
        return codes(self.check(self.written({**self.files, mutate_package.SIGNATURE: made})))

    def test_pins_of_signatures(self):
        self.assertEqual(self.resigned("-cades", "-nosmimecap"), set())
        for options in (("-cades",), ("-nosmimecap",), ("-noattr",), ("-cades", "-nosmimecap", "-nodetach"),
                        ("-cades", "-nosmimecap", "-nocerts"), ("-cades", "-nosmimecap", "-keyid"),
                        ("-cades", "-nosmimecap", "-md", "sha1")):
            self.assertIn("signature.structure", self.resigned(*options), options)
        other = make_package.Pki(self.folder / "pki", "stranger")
        self.assertIn("signature.structure", self.resigned("-cades", "-nosmimecap", "-certfile", other.certificate))
        self.assertEqual(self.resigned("-cades", "-nosmimecap", "-certfile", self.pki.ca), set())
        self.assertEqual(self.resigned("-cades", "-nosmimecap", content=b"other"), {"signature.invalid"})
        self.assertEqual(self.resigned("-cades", "-nosmimecap", pki=other), {"signature.wrong-signer"})
        trailing = self.files[mutate_package.SIGNATURE] + b"\0"
        found = codes(self.check(self.written({**self.files, mutate_package.SIGNATURE: trailing})))
        self.assertEqual(found, {"signature.structure"})

    def test_wrong_certificates(self):
        for name, profile, curve, code in (("stamper", "stamper", "P-256", "certificate.wrong-usage"),
                                           ("encipherer", "encipherer", "P-256", "certificate.wrong-usage"),
                                           ("large", "signer", "P-521", "certificate.weak-key")):
            pki = make_package.Pki(self.folder / "pki", name, WRONG_SIGNERS, profile, curve)
            self.assertIn(code, codes(self.check(self.make_spoiled(make_package.unchanged, pki))), name)

    def test_bad_time_stamp(self):
        files = mutate_package.mutate_entry(mutate_package.load(SAMPLE), "META-INF/timestamp003.tst")
        self.assertEqual(codes(self.check(self.written(files), SAMPLE_CA)), {"timestamp.invalid"})

    def test_zip_rules(self):
        good = pathlib.Path(self.made).read_bytes()
        readme = good.index(b"README.txt") - 30
        directory = good.rindex(b"PK\x01\x02", 0, good.rindex(b"README.txt"))
        cases = [
            ("zip.end-record", b""), ("zip.end-record", good[:100]), ("zip.end-record", good + b"\0"),
            ("zip.end-record", good[:-18] + b"\1" + good[-17:]),
            ("zip.end-record", good[:-2] + b"\1\0x"),
            ("zip.gap", b"MZ" + good), ("zip.gap", good[:-22] + b"gap" + good[-22:]),
            ("zip.header-mismatch", mutate_package.flip(good, readme + 10)),
            ("zip.header-mismatch", mutate_package.flip(good, readme + 6, 8)),
            ("zip.directory-mismatch", mutate_package.flip(good, directory + 38)),
            ("zip.header-mismatch", mutate_package.flip(good, directory + 16)),
            ("zip.crc", mutate_package.flip(good, readme + 45)),
        ]
        for number, (code, data) in enumerate(cases):
            with self.subTest(number=number, code=code):
                self.assertIn(code, codes(self.check(self.raw(data))))

    def test_zip_names(self):
        items = list(self.files.items())
        for code, extra in (("zip.name", "data/../x"), ("zip.name", "a b"), ("zip.name", "/x"), ("zip.name", "x/"),
                            ("zip.name", "a" * 201), ("zip.duplicate-name", "readme.TXT")):
            self.assertEqual(codes(self.check(self.written(items + [(extra, b"")]))), {code}, extra)
        self.assertEqual(codes(self.check(self.written(items[1:]))), {"zip.mimetype"})
        self.assertEqual(codes(self.check(self.written(dict(self.files, mimetype=b"text/plain")))), {"zip.mimetype"})

    def test_overlapping_entries(self):
        """Two names for the same bytes: the directory is well formed, the file is not contiguous."""
        stream, records = io.BytesIO(), []
        for name in ("mimetype", "a.txt"):
            stream.write(ef.local_header(name, 1, 0) + b"x")
        records = [ef.directory_record("mimetype", 1, 0, 0), ef.directory_record("a.txt", 1, 0, 0)]
        start = stream.tell()
        stream.write(b"".join(records) + ef.end_records(2, len(b"".join(records)), start))
        self.assertEqual(codes(self.check(self.raw(stream.getvalue()))), {"zip.gap"})


class EveryCheckWasSeenFailing(unittest.TestCase):
    """Runs last (see `load_tests`): compares the codes in the sources with those provoked above."""

    def test_all_codes(self):
        known = set()
        for name in ("check_package.py", "evidence_format.py"):
            text = (HERE / name).read_text(encoding="utf-8")
            text = re.sub(r'self\.note\(\s*"[^"]*"', "", text)
            known |= set(re.findall(r'"((?:zip|json|bag|asic|document|unsupported|equality|signature|timestamp|'
                                    r'certificate|payload|content|pieces|acquisition|custody|time)\.[a-z-]+)"', text))
            known |= {f"{kind}.stripped" for kind in ("signature", "timestamp")}
        self.assertGreater(len(known), 50)
        self.assertEqual(sorted(known - SEEN), [])


class Building(unittest.TestCase):
    """The parts, each with values worked out by hand or by other programs."""

    def refuse_json(self, data):
        with self.assertRaises(ef.FormatError, msg=data):
            ef.decode_json(data, "test")

    def test_canonical_json(self):
        value = {"b": [1, -2, None, True], "a": {"\u0001\n\"\\": "é\x7f😀"}}
        self.assertEqual(ef.encode_json(value),
                         '{"a":{"\\u0001\\n\\"\\\\":"é\x7f😀"},"b":[1,-2,null,true]}'.encode("utf-8"))
        self.assertEqual(ef.decode_json(ef.encode_json(value), "test"), value)
        # U+FF5E sorts before U+1F600 by bytes, after it by UTF-16 units.
        self.assertEqual(ef.encode_json({"\U0001f600": 1, "～": 2}), '{"～":2,"😀":1}'.encode("utf-8"))

    def test_refused_json(self):
        for data in (b'{"a": 1}', b'{"a":1,"a":1}', b'{"b":1,"a":2}', b"1.0", b"1e3", b"-0", b"01", b"NaN", b"",
                     b'"\\/"', b'"\\u0041"', b'"\xff"', b"\xef\xbb\xbf1", b'"\\ud800"', b"1 ", b"9007199254740992",
                     b"-9007199254740992", b"1" * 5000, b'"\xed\xa0\x80"'):
            self.refuse_json(data)
        self.assertEqual(ef.decode_json(b"9007199254740991", "test"), 2**53 - 1)

    def test_depth_of_json(self):
        self.assertIsInstance(ef.decode_json(b"[" * 16 + b"]" * 16, "test"), list)
        self.refuse_json(b"[" * 17 + b"]" * 17)
        self.refuse_json(b"[" * 10**6)
        self.assertEqual(ef.decode_json(b'"' + b"[" * 99 + b'"', "test"), "[" * 99)

    def test_tree_root(self):
        """The known answers of RFC 6962's authors for these eight leaves."""
        leaves = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
        hashes = [ef.leaf_hash(bytes.fromhex(leaf)) for leaf in leaves]
        known = {0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                 3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                 8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"}
        for count, root in known.items():
            self.assertEqual(ef.tree_root(hashes[:count]).hex(), root)

    def test_tag_count(self):
        self.assertEqual([ef.tag_count(n) for n in (0, 1, 8, 9, 16, 17)], [8, 8, 8, 16, 16, 24])

    def test_event_signatures_of_every_kind(self):
        kinds = {"ecdsa-sha256": ("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"),
                 "ecdsa-sha384": ("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"),
                 "rsa-pss-sha256": ("-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:3072"),
                 "ed25519": ("-algorithm", "ED25519")}
        with tempfile.TemporaryDirectory(prefix="interop-keys-") as folder:
            key, message = pathlib.Path(folder) / "key", pathlib.Path(folder) / "message"
            message.write_bytes(ef.signed_event_bytes(b"{}"))
            for algorithm, options in kinds.items():
                ef.openssl_must("genpkey", *options, "-out", key)
                chain = ef.openssl_must("req", "-x509", "-key", key, "-subj", "/CN=x")
                command = ef.EVENT_ALGORITHMS[algorithm][1]
                signature = ef.openssl_must(*((*command, "-sign", key, message) if command else
                                              ("pkeyutl", "-sign", "-inkey", key, "-rawin", "-in", message)))
                leaf = strict_der.Certificate(ef.pem_certificates(chain)[0])
                self.assertEqual([a for a in kinds if ef.algorithm_fits(a, leaf)], [algorithm])
                self.assertTrue(ef.verify_event(b"{}", signature, algorithm, chain), algorithm)
                self.assertFalse(ef.verify_event(b"[]", signature, algorithm, chain), algorithm)

    def test_large_archives(self):
        """Sparse files of more than 4 GiB, read back by Python's own module; each crosses one of the limits."""
        with tempfile.TemporaryDirectory(prefix="interop-zip-") as folder:
            for size in (0xFFFFFFFE, 0xFFFFFFFF, 2**32 + 5):
                path = pathlib.Path(folder) / "large.zip"
                self.write_sparse(path, size)
                with open(path, "rb") as stream:
                    mapped = ef.mmap.mmap(stream.fileno(), 0, access=ef.mmap.ACCESS_READ)
                    entries = ef.read_structure(mapped)
                    mapped.close()
                self.assertEqual([e.size for e in entries], [31, size, 4])
                with zipfile.ZipFile(path) as archive:
                    self.assertEqual([i.header_offset for i in archive.infolist()], [e.offset for e in entries])
                    self.assertEqual([i.file_size for i in archive.infolist()], [31, size, 4])
                    self.assertEqual(archive.read("tail.txt"), b"tail")

    @staticmethod
    def write_sparse(path, size):
        """Like ZipWriter, but leaving a hole where the large entry's zeros are (its checksum is left out)."""
        with open(path, "wb") as stream:
            writer = ef.ZipWriter(stream)
            writer.add("mimetype", ef.MIMETYPE)
            writer.records.append(ef.directory_record("large.img", size, 0, writer.offset))
            header = ef.local_header("large.img", size, 0)
            stream.write(header)
            stream.seek(size, os.SEEK_CUR)
            writer.offset += len(header) + size
            writer.add("tail.txt", b"tail")
            writer.close()


class Tar(unittest.TestCase):
    def archive(self, *infos):
        stream = io.BytesIO()
        with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as archive:
            for info in infos:
                archive.addfile(info, io.BytesIO(bytes(info.size)))
        return stream.getvalue()

    @staticmethod
    def info(name, **fields):
        info = tarfile.TarInfo(name)
        for field, value in fields.items():
            setattr(info, field, value)
        return info

    def refuse(self, data):
        with self.assertRaises(pax_tar.TarError):
            pax_tar.read(data)

    def test_empty(self):
        self.assertEqual(pax_tar.read(self.archive()), [])
        self.assertEqual(pax_tar.read(bytes(1024)), [])
        self.refuse(bytes(512))
        self.refuse(b"")

    def test_times(self):
        for text, wanted in (("0", "1970-01-01T00:00:00.000000000Z"), ("1.5", "1970-01-01T00:00:01.500000000Z"),
                             ("-1", "1969-12-31T23:59:59.000000000Z"), ("-1.5", "1969-12-31T23:59:58.500000000Z"),
                             ("253402300799.999999999", "9999-12-31T23:59:59.999999999Z")):
            entry = pax_tar.read(self.archive(self.info("x", pax_headers={"mtime": text})))[0]
            self.assertEqual(pax_tar.describe(entry)["mtime"], wanted)

    def test_numbers_beyond_the_plain_header(self):
        entry = pax_tar.read(self.archive(self.info("x", uid=10**9, gid=2**31)))[0]
        self.assertEqual((entry.uid, entry.gid), (10**9, 2**31))

    def test_refused(self):
        self.refuse(self.archive(self.info("b"), self.info("a")))
        self.refuse(self.archive(self.info("a"), self.info("a")))
        self.refuse(self.archive(self.info("../a")))
        self.refuse(self.archive(self.info("/a")))
        self.refuse(self.archive(self.info("./a")))
        self.refuse(self.archive(self.info("a", pax_headers={"GNU.sparse.major": "1"})))
        self.refuse(self.archive(self.info("a", type=b"7")))
        good = self.archive(self.info("a", size=5))
        self.refuse(good[:-9216 - 512])
        self.refuse(mutate_package.flip(good, 0))
        self.refuse(good[:1000] + b"x" + good[1001:])

    def test_order_is_by_parts(self):
        """A folder's contents follow it directly, although `a-b` sorts before `a/c` as text."""
        ordered = [self.info("a", type=tarfile.DIRTYPE), self.info("a/c"), self.info("a-b")]
        self.assertEqual([e.name for e in pax_tar.read(self.archive(*ordered))], [b"a", b"a/c", b"a-b"])


class AgainstTheTools(Workshop):
    """The C++ tools and this implementation judge each other's work."""

    @classmethod
    def setUpClass(cls):
        if not TOOLS:
            print("\n*** EVIDENCE_BIN is not set: the C++ tools are NOT tested against this implementation ***",
                  file=sys.stderr)
            raise unittest.SkipTest("EVIDENCE_BIN is not set: interoperation with the C++ tools is NOT tested")
        super().setUpClass()
        cls.home = cls.folder / "home"
        cls.home.mkdir()

    def tool(self, name, *arguments):
        """The tools get an empty home, so that nobody's configuration changes the outcome."""
        path = pathlib.Path(TOOLS).resolve() / name
        self.assertTrue(path.exists(), f"{path} is missing")
        return run(path, *arguments, cwd=self.folder, env=dict(os.environ, HOME=str(self.home), LC_ALL="C.UTF-8"))

    def must(self, name, *arguments):
        done = self.tool(name, *arguments)
        self.assertEqual(done.returncode, 0, f"{name} {arguments}\n{done.stdout}\n{done.stderr}")

    def verdict(self, path, anchor):
        done = self.tool("evidence-verify", path, "--trust-anchor", anchor)
        return done.returncode, done.stdout + done.stderr

    def test_tools_accept_sample(self):
        code, text = self.verdict(SAMPLE, SAMPLE_CA)
        self.assertEqual(code, 0, text)

    def test_tools_accept_made(self):
        for seed in range(3):
            path = make_package.make(self.folder / "seed.asice", self.pki, seed)
            code, text = self.verdict(path, self.pki.ca)
            self.assertEqual(code, 0, text)

    def test_tools_want_the_right_anchor(self):
        self.assertNotEqual(self.verdict(self.made, SAMPLE_CA)[0], 0)

    def test_tools_refuse_every_entry(self):
        for source, anchor in ((self.made, self.pki.ca), (SAMPLE, SAMPLE_CA)):
            self.refuse_every_entry(mutate_package.load(source), anchor)

    def refuse_every_entry(self, files, anchor):
        for name in files:
            if name.startswith("META-INF/timestamp"):
                continue  # tokens are not verified by this version, and said to be so
            for thorough in (False, True):
                with self.subTest(entry=name, thorough=thorough):
                    path = self.written(mutate_package.mutate_entry(files, name, thorough))
                    code, text = self.verdict(path, anchor)
                    self.assertEqual(code, 1, text)

    def test_tools_refuse_what_is_appended_to_meta_inf(self):
        for names in APPENDED:
            with self.subTest(names=names):
                code, text = self.verdict(self.written({**self.files, **{n: b"x" for n in names}}), self.pki.ca)
                self.assertEqual(code, 1, text)

    def test_tools_refuse_bytes_of_a_signature(self):
        """Every 16th byte here; the command `mutate_package.py --signature-byte` reaches any."""
        for position in range(0, len(self.files[mutate_package.SIGNATURE]), 16):
            with self.subTest(byte=position):
                path = self.written(mutate_package.mutate_signature(self.files, position))
                code, text = self.verdict(path, self.pki.ca)
                self.assertEqual(code, 1, text)

    def test_tools_refuse_what_is_signed_but_wrong(self):
        """The owner of a valid key lies: every equality has to be looked at."""
        for number, (code, what, act) in enumerate(SPOILED):
            with self.subTest(number=number, code=code, what=what):
                answer, text = self.verdict(self.make_spoiled(spoil(what, act)), self.pki.ca)
                self.assertIn(answer, (1, 6), text)

    def sealed_by_tools(self, *cosigners):
        work = pathlib.Path(tempfile.mkdtemp(dir=self.folder))
        case, tree = work / "case", work / "tree"
        self.make_sources(work / "disk.bin", tree)
        self.must("evidence-custody", "init", case, "--case-number", "X-1", "--title", "T", "--officer", "N",
                  "--authority", "A", "--country", "VN")
        self.must("evidence-acquire", "--case", case, "--item", "DISK-01", work / "disk.bin")
        self.must("evidence-acquire", "--case", case, "--item", "TREE-01", tree)
        out = work / "tools.asice"
        self.must("evidence-seal", "--case", case, "--all", "--key", self.pki.key, "--cert", self.pki.certificate,
                  "--chain", self.pki.ca, *cosigners, "-o", out)
        return out

    def make_sources(self, disk, tree):
        disk.write_bytes(os.urandom(400_000) + bytes(1_000_000) + os.urandom(123_457))
        (tree / "thư mục" / "trống").mkdir(parents=True)
        (tree / "thư mục" / "đơn.txt").write_text("Chào bạn\n", encoding="utf-8")
        (tree / "empty").touch()
        (tree / ("x" * 150)).write_bytes(os.urandom(5000))
        os.symlink("thư mục/đơn.txt", tree / "liên kết")
        os.link(tree / "empty", tree / "linked")
        os.utime(tree / "empty", ns=(10**18 + 1, 10**18 + 123456789))
        with open(os.fsencode(tree) + b"/bytes-\xff", "wb") as stream:
            stream.write(b"odd name")

    def test_cosigned_by_tools(self):
        """Two persons seal; neither signature may be missing, moved or made over another list."""
        second = make_package.Pki(self.pki.folder, signer="second")
        path = self.sealed_by_tools("--key", second.key, "--cert", second.certificate)
        self.assertEqual(self.check(path), [])
        self.assertEqual(self.verdict(path, self.pki.ca)[0], 0)
        files = mutate_package.load(path)
        for name in ("META-INF/ASiCManifest101.xml", "META-INF/signature101.p7s"):
            self.assertIn(name, files)
        changes = [{n: c for n, c in files.items() if "101" not in n},
                   {**files, "META-INF/signature101.p7s": files["META-INF/signature001.p7s"]},
                   {**files, "META-INF/ASiCManifest101.xml": files["META-INF/ASiCManifest001.xml"]}]
        for number, changed in enumerate(changes):
            with self.subTest(number=number):
                spoiled = self.written(changed)
                self.assertTrue(self.check(spoiled))
                self.assertEqual(self.verdict(spoiled, self.pki.ca)[0], 1)

    def test_made_by_tools(self):
        path = self.sealed_by_tools()
        self.assertEqual(self.check(path), [])
        self.assertEqual(run("unzip", "-tq", path).returncode, 0)
        code, text = self.verdict(path, self.pki.ca)
        self.assertEqual(code, 0, text)
        files = mutate_package.load(path)
        self.refuse_every_entry(files, self.pki.ca)
        for name in files:
            changed = mutate_package.mutate_entry(files, name)
            self.assertTrue(self.check(self.written(changed)), f"{name} was accepted")


def load_tests(loader, _tests, _pattern):
    """A fixed order: the account of provoked codes comes after everything that provokes them."""
    ordered = (Building, Tar, Accepted, StockCommands, Mutated, Spoiled, EveryCheckWasSeenFailing, AgainstTheTools)
    return unittest.TestSuite(loader.loadTestsFromTestCase(case) for case in ordered)


if __name__ == "__main__":
    unittest.main()
