#!/usr/bin/env python3
"""Disclosures by the C++ tools: checked by the second implementation, and attacked by a giver who has a key.

    EVIDENCE_BIN=build/bin python3 disclosure_test.py

Every forgery is consistent and correctly signed but for the one thing that is wrong, so that only the check in
question can find it.
"""

import base64
import hashlib
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import unittest

import check_disclosure
import evidence_format as ef

TOOLS = pathlib.Path(os.environ["EVIDENCE_BIN"]).resolve()
BITS = 250  # of a proof line that are flipped, one by one


def tool(name, *arguments, expect=0):
    done = subprocess.run([TOOLS / f"evidence-{name}", *map(str, arguments)], capture_output=True, text=True,
                          check=False, stdin=subprocess.DEVNULL)
    if done.returncode != expect:
        raise AssertionError(f"evidence-{name} {arguments}: exit {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def load(path):
    with ef.Package(path) as package:
        return {name: package.content(name) for name in package.names()}


def lines_of(files, name):
    return ef.decode_lines(files[name], name)


def document_of(files, name):
    return ef.decode_document(files[name], name)


class Workshop(unittest.TestCase):
    """A case of an officer, a package of a file and a tree, and a second agency."""

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="disclosure-test-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        os.chdir(cls.folder)
        cls.addClassCleanup(os.chdir, "/")
        pem = b""
        for name, case in (("officer", "case"), ("agency", "other")):
            tool("custody", "identity", "--name", name, "--organization", name, "--country", "VN", "--out-key",
                 f"{name}.key", "--out-cert", f"{name}.pem")
            tool("custody", "init", case, "--case-number", case, "--title", case, *cls.signer(name))
            pem += pathlib.Path(f"{name}.pem").read_bytes()
        pathlib.Path("both.pem").write_bytes(pem)
        numbers = random.Random(5)
        pathlib.Path("disk").write_bytes(numbers.randbytes(3_600_000))
        for number in range(9):
            inside = pathlib.Path("tree", f"d{number % 3}")
            inside.mkdir(parents=True, exist_ok=True)
            (inside / f"f{number}").write_bytes(numbers.randbytes(100 + number))
        os.symlink("d0/f0", "tree/link")
        for item, source in (("DISK-1", "disk"), ("TREE-1", "tree")):
            tool("acquire", "--case", "case", "--item", item, *cls.signer("officer"), source)
        for name in ("full", "another"):
            tool("seal", "--case", "case", "--all", *cls.signer("officer"), "--condition", "use-limit=here", "-o",
                 f"{name}.asice")
        pathlib.Path("black").write_text("all of it\n")

    @staticmethod
    def signer(name="agency"):
        return ["--key", f"{name}.key", "--cert", f"{name}.pem"]

    @classmethod
    def disclose(cls, kind, *options, source="full.asice", name="part.asice"):
        path = cls.folder / name
        path.unlink(missing_ok=True)
        tool("seal", "--from", source, f"--{kind}", *options, "--case", "other", *cls.signer(), "-o", path)
        return path

    def accepted(self, path):
        self.assertEqual(check_disclosure.check(path, "both.pem"), [])
        report = json.loads(tool("verify", "--json", "--trust-anchor", "both.pem", path))
        self.assertEqual(report["verdict"], "TOTAL-PASSED")
        return report

    @staticmethod
    def failures(path):
        """The codes of what the C++ verifier says is wrong."""
        report = json.loads(tool("verify", "--json", "--trust-anchor", "both.pem", path, expect=1))
        return {f["code"] for f in report["findings"] if f["weight"] == "failed"}


class Accepted(Workshop):
    def test_kinds(self):
        for kind, *options in (
                ("blind", "--only", "TREE-1/d1/f4"), ("blind", "--only", "DISK-1"), ("blind", "--only", "TREE-1"),
                ("blind", "--only", "TREE-1/d1/f4", "--with-item-record"),
                ("blind", "--replace", "TREE-1/d1/f4=black", "--reason", "x", "--match", "d2/*"),
                ("blind", "--replace", "DISK-1=black", "--reason", "x"),
                ("named", "--only", "DISK-1", "--match", "d?/f[0-3]"),
                ("named", "--range", "DISK-1:0-1", "--range", "DISK-1:2097152-3600000", "--only", "TREE-1/d0/f0"),
                ("named", "--replace", "TREE-1/d1/f4=black", "--reason", "x")):
            with self.subTest(kind=kind, options=options):
                self.accepted(self.disclose(kind, *options))

    def test_parts_of_parts(self):
        self.disclose("blind", "--only", "TREE-1", "--replace", "DISK-1=black", "--reason", "x", name="blind.asice")
        self.disclose("named", "--only", "TREE-1", "--range", "DISK-1:0-1100000", name="named.asice")
        for source, kind, *options in (
                ("blind", "blind", "--only", "TREE-1/d1/f4"), ("blind", "blind", "--only", "DISK-1"),
                ("blind", "named", "--only", "TREE-1/d1/f4"),
                ("named", "blind", "--only", "TREE-1"), ("named", "named", "--only", "DISK-1"),
                ("named", "named", "--replace", "TREE-1/d1/f4=black", "--reason", "x")):
            with self.subTest(source=source, kind=kind, options=options):
                report = self.accepted(self.disclose(kind, *options, source=f"{source}.asice"))
                self.assertEqual(len(report["disclosure"]["origins"]), 2)

    def test_leaks(self):
        """Nothing of what is withheld stands anywhere in a blind disclosure."""
        numbers = random.Random(11)
        secret = pathlib.Path("secret")
        secret.mkdir()
        names = ["".join(numbers.choices("abcdefghijklmnopqrstuvwxyz", k=24)) for _ in range(4)]
        for count, name in enumerate(names[:2]):
            with open(secret / name, "wb") as stream:
                stream.truncate(100_000_007 + 13 * count)
        for name in names[2:]:
            (secret / name).write_bytes(numbers.randbytes(777))
        tool("acquire", "--case", "case", "--item", "SECRET-77", *self.signer("officer"), "secret")
        tool("seal", "--case", "case", "--all", *self.signer("officer"), "-o", "secret.asice")
        part = self.disclose("blind", "--only", f"SECRET-77/{names[3]}", source="secret.asice")
        data = part.read_bytes()
        secrets = set()
        for line in lines_of(load("secret.asice"), "items.jsonl"):
            record = line["record"]
            if record.get("name") == names[3]:
                continue
            for member in ("name", "salt", "item_key", "acquisition_sha256", "pieces_root"):
                if len(record.get(member, "")) > 20:
                    secrets.add(record[member])
            secrets.update(record.get("digests", {}).values())
            if record.get("size_bytes", 0) >= 100_000_000:
                secrets.add(str(record["size_bytes"]))
            for name in (("atime", "mtime", "ctime") if record.get("name") in names else ()):
                self.assertIn(name, record)
        self.assertGreater(len([s for s in secrets if len(s) == 9]), 2)
        for text in secrets:
            for form in self.forms(text):
                self.assertNotIn(form, data, text)
        self.assertIn(names[3].encode(), data)
        for word in (b"DISK-1", b"TREE-1", b"d1/f4"):
            self.assertNotIn(word, data)
        self.accepted(part)

    @staticmethod
    def forms(text):
        raw = [text.encode()]
        if len(text) in (32, 40, 64, 128) and all(c in "0123456789abcdef" for c in text):
            raw.append(bytes.fromhex(text))
        for value in raw:
            yield value
            yield value.hex().encode()
            for shift in range(3):
                yield base64.b64encode(b"\0" * shift + value)[4 if shift else 0:-4]


class Forged(Workshop):
    """A giver with a key of his own changes one thing and makes everything else fit again."""

    def setUp(self):
        self.blind = load(self.disclose("blind", "--match", "d[01]/*", "--replace", "DISK-1=black", "--reason", "x"))
        self.named = load(self.disclose("named", "--match", "d[01]/*", "--range", "DISK-1:1048576-3145728"))

    def sign(self, files):
        """Counts, tree, lists and signatures of the disclosure itself."""
        lines = lines_of(files, "items.jsonl")
        info = document_of(files, "package.json")
        objects = [n for n in files if n.startswith("data/")]
        info.update(records=len(lines), objects=len(objects))
        files["package.json"] = ef.encode_document(info)
        oxum = f"Payload-Oxum: {sum(len(files[n]) for n in objects)}.{len(objects)}"
        files["bag-info.txt"] = "\n".join(
            oxum if line.startswith("Payload-Oxum") else line
            for line in files["bag-info.txt"].decode().split("\n")).encode()
        root = ef.items_root([line["record"] for line in lines])
        files["items.checkpoint"] = ef.items_checkpoint(info["id"], len(lines), root)
        digest = lambda name: hashlib.sha256(files[name]).hexdigest()
        files["manifest-sha256.txt"] = ef.bag_manifest([(n, digest(n)) for n in objects])
        files["tagmanifest-sha256.txt"] = ef.bag_manifest([(n, digest(n)) for n in files if ef.is_tag_file(n)])
        for number in (1, 2):
            manifest = ef.build_manifest(number, list(files), digest)
            files[f"META-INF/ASiCManifest{number:03d}.xml"] = manifest
            files[f"META-INF/signature{number:03d}.p7s"] = ef.sign_cms(manifest, "agency.pem", "agency.key")
        path = self.folder / "forged.asice"
        path.unlink(missing_ok=True)
        ef.write_zip(path, files.items())
        return path

    def refused(self, files, *expected, also=()):
        """The C++ verifier finds this and nothing else; the Python one finds something."""
        path = self.sign(dict(files))
        found = self.failures(path)
        self.assertEqual(found - set(also), set(expected))
        self.assertNotEqual(check_disclosure.check(path, "both.pem"), [])

    def change_lines(self, files, name, act):
        """`act` edits the list of lines in place."""
        changed = dict(files)
        lines = lines_of(files, name)
        act(lines)
        changed[name] = ef.encode_lines(lines)
        return changed

    def change_proof(self, act, number=1):
        return self.change_lines(self.blind, "origin/proofs.jsonl", lambda lines: act(lines[number]))

    def change_document(self, files, name, act):
        changed = dict(files)
        document = document_of(files, name)
        act(document)
        changed[name] = ef.encode_document(document)
        return changed

    def test_unchanged(self):
        for files in (self.blind, self.named):
            self.accepted(self.sign(dict(files)))

    def size(self):
        return int(self.blind["origin/items.checkpoint"].split(b"\n")[1])

    # --- proofs -----------------------------------------------------------------

    def test_path(self):
        def flip(line):
            line["path"][1] = f"{int(line['path'][1], 16) ^ 1:064x}"

        def swap(line):
            line["path"][0], line["path"][1] = line["path"][1], line["path"][0]
        self.refused(self.change_proof(flip), "disclosure.proof-fails")
        self.refused(self.change_proof(swap), "disclosure.proof-fails")
        self.refused(self.change_proof(lambda line: line["path"].reverse()), "disclosure.proof-fails")

    def test_length(self):
        self.refused(self.change_proof(lambda line: line["path"].pop()), "disclosure.proof-length")
        self.refused(self.change_proof(lambda line: line["path"].append("00" * 32)), "disclosure.proof-length")
        self.refused(self.change_proof(lambda line: line["path"].clear()), "disclosure.proof-length")

    def test_index(self):
        length = lambda index: check_disclosure.path_length(index, self.size())
        proofs = [line["index"] for line in lines_of(self.blind, "origin/proofs.jsonl")]
        free = set(range(self.size())) - set(proofs)
        number, other = next((n, i) for n, index in enumerate(proofs) for i in free if length(i) == length(index))
        self.refused(self.change_proof(lambda line: line.update(index=other), number), "disclosure.proof-fails")
        for beyond in (self.size(), 2**52):
            self.refused(self.change_proof(lambda line: line.update(index=beyond)), "disclosure.index-out-of-range")

    def test_salt_and_record(self):
        salt = lambda line: line["record"].update(salt="0" * 32)
        self.refused(self.change_proof(salt), "disclosure.proof-fails")
        given = self.change_lines(self.blind, "items.jsonl", lambda lines: lines[1]["record"].update(mode="0777"))
        self.refused(given, "disclosure.record-differs")

    def test_size(self):
        """Object, record and all lists say the same; the original says another size."""
        lines = lines_of(self.blind, "items.jsonl")
        name = lines[1]["at"]["object"]
        changed = self.change_lines(self.blind, "items.jsonl", lambda lines: lines[1]["record"].update(
            size_bytes=5, digests={"sha256": hashlib.sha256(b"other").hexdigest()}))
        self.refused({**changed, name: b"other"}, "disclosure.record-differs")

    def test_malformed(self):
        self.refused(self.change_proof(lambda line: line.update(path=["0" * 63])), "disclosure.proof-malformed")
        self.refused(self.change_proof(lambda line: line.update(more=1)), "disclosure.proof-malformed")
        self.refused(self.change_proof(lambda line: line.pop("record")), "disclosure.proof-malformed")
        self.refused({**self.blind, "origin/proofs.jsonl": b" " + self.blind["origin/proofs.jsonl"]},
                     "disclosure.proof-malformed")

    def test_leaf_and_node(self):
        """A node of the tree is given out as the leaf of what was replaced."""
        proofs = lines_of(self.blind, "origin/proofs.jsonl")
        number = next(n for n, line in enumerate(proofs) if "leaf" in line)
        leaf, index, path = bytes.fromhex(proofs[number]["leaf"]), proofs[number]["index"], proofs[number]["path"]
        sibling = bytes.fromhex(path[0])
        pairs = [leaf + sibling, sibling + leaf]
        for pair in pairs:
            node = ef.sha256(b"\x01" + pair).hex()

            def as_leaf(lines):
                lines[number].update(leaf=node, index=index // 2, path=path[1:])
            changed = self.change_lines(self.blind, "origin/proofs.jsonl", as_leaf)
            changed = self.change_lines(changed, "items.jsonl", lambda lines: lines[number]["record"].update(of=node))
            # A place that a leaf below has already may be met as well.
            self.refused(changed, "disclosure.proof-length", also=("disclosure.leaf-duplicated",))

    def test_leaf_for_record(self):
        """Only the leaf, where the record is what is given."""
        def hide(line):
            line["leaf"] = check_disclosure.leaf_of(line.pop("record")).hex()
        self.refused(self.change_proof(hide), "disclosure.record-differs", "disclosure.counts-differ")

    def test_duplicate(self):
        """One record of the original stands behind two that are given."""
        lines = lines_of(self.blind, "items.jsonl")
        number = next(n for n, line in enumerate(lines) if line["record"]["kind"] == "redaction")
        changed = dict(self.blind)
        twice = json.loads(json.dumps(lines[number]))
        last = f"data/{len([n for n in changed if n.startswith('data/')]) + 1:06d}.bin"
        twice["at"]["object"] = last
        twice["record"]["salt"] = "1" * 32
        proofs = lines_of(self.blind, "origin/proofs.jsonl")
        changed["items.jsonl"] = ef.encode_lines(lines + [twice])
        changed["origin/proofs.jsonl"] = ef.encode_lines(proofs + [proofs[number]])
        changed[last] = b"all of it\n"
        changed = self.change_document(changed, "disclosure.json", lambda document: document["objects"].append(
            {"object": last, "proof": len(lines) + 1}))
        order = list(self.blind)
        order.insert(order.index("items.jsonl"), last)
        self.refused({name: changed[name] for name in order}, "disclosure.leaf-duplicated")

    def test_number_of_proofs(self):
        self.refused(self.change_lines(self.blind, "origin/proofs.jsonl", lambda lines: lines.pop()),
                     "disclosure.proofs-differ")
        self.refused(self.change_lines(self.blind, "origin/proofs.jsonl", lambda lines: lines.append(lines[0])),
                     "disclosure.proofs-differ", also=("disclosure.leaf-duplicated",))
        without = {name: data for name, data in self.blind.items() if name != "origin/proofs.jsonl"}
        self.refused(without, "disclosure.proofs-missing")

    def test_every_bit(self):
        """A sample of the bits of a line; each changed line is signed like the others."""
        name = "origin/proofs.jsonl"
        end = self.blind[name].index(b"\n")
        allowed = {"disclosure.proof-malformed", "disclosure.proof-fails", "disclosure.proof-length",
                   "disclosure.index-out-of-range", "disclosure.record-differs", "disclosure.leaf-duplicated",
                   "disclosure.counts-differ", "disclosure.proofs-differ", "disclosure.piece-differs"}
        for bit in random.Random(3).sample(range(8 * end), BITS):
            data = bytearray(self.blind[name])
            data[bit // 8] ^= 1 << bit % 8
            path = self.sign({**self.blind, name: bytes(data)})
            found = self.failures(path)
            self.assertTrue(found and found <= allowed, (bit, found))
            self.assertNotEqual(check_disclosure.check(path, "both.pem"), [], bit)

    # --- parts of two packages --------------------------------------------------

    def test_mixed(self):
        another = load("another.asice")
        for names in (["items.checkpoint"], ["terms.json"], ["custody/checkpoint"],
                      ["META-INF/ASiCManifest002.xml", "META-INF/signature002.p7s"]):
            changed = {**self.blind, **{f"origin/{name}": another[name] for name in names}}
            with self.subTest(names=names):
                found = self.failures(self.sign(changed))
                self.assertIn("disclosure.origin-mixed", found)
        heads = ["items.checkpoint", "terms.json", "custody/checkpoint", "META-INF/ASiCManifest002.xml",
                 "META-INF/signature002.p7s"]
        found = self.failures(self.sign({**self.blind, **{f"origin/{name}": another[name] for name in heads}}))
        self.assertLessEqual({"disclosure.proof-fails", "disclosure.origin-mixed"}, found)

    def test_chain(self):
        """A level left out, and one put in, that its neighbour's signed terms do not know."""
        self.disclose("blind", "--only", "TREE-1", name="first.asice")
        second = load(self.disclose("blind", "--only", "TREE-1/d0/f0", source="first.asice"))
        self.accepted(self.sign(dict(second)))
        cut = {n: d for n, d in second.items() if not n.startswith("origin/origin/")}
        self.refused(cut, "disclosure.origin-incomplete")
        invented, order = {}, []
        another = load(self.disclose("blind", "--match", "d[01]/*", "--replace", "DISK-1=black", "--reason", "x",
                                     source="another.asice", name="invented.asice"))
        for name, data in self.blind.items():
            order.append(name)
            if name == "origin/proofs.jsonl":
                below = [n for n in another if n.startswith("origin/")]
                order += [f"origin/{n}" for n in below]
                invented = {f"origin/{n}": another[n] for n in below}
        files = {**self.blind, **invented}
        found = self.failures(self.sign({name: files[name] for name in order}))
        self.assertIn("disclosure.origin-mixed", found)

    def test_parts_of_parts_are_none(self):
        """A region names an object of its own item. Of a leaf in a blind disclosure nothing is known."""
        lines = lines_of(self.named, "items.jsonl")
        number = next(n for n, line in enumerate(lines) if line["record"]["kind"] == "region")
        item = self.change_lines(self.named, "items.jsonl", lambda lines: lines[number]["record"].update(item="TREE-1"))
        self.refused(item, "disclosure.record-differs", also=("records.item-order", "disclosure.objects-differ"))

    def test_missing(self):
        for name in ("origin/terms.json", "origin/META-INF/signature002.p7s", "origin/custody/ledger.jsonl"):
            self.refused({n: d for n, d in self.blind.items() if n != name}, "disclosure.origin-incomplete",
                         also=("custody.acquire-missing",))

    def test_more_than_blind(self):
        order = list(self.blind)
        order.insert(order.index("origin/terms.json"), "origin/package.json")
        files = {**self.blind, "origin/package.json": load("full.asice")["package.json"]}
        path = self.sign({name: files[name] for name in order})
        self.assertEqual(self.failures(path), {"disclosure.origin-mixed"})

    # --- disclosure.json --------------------------------------------------------

    def test_document(self):
        def more(document):
            document["disclosed"] += 1
            document["withheld"] -= 1

        def larger(document):
            document["of"] += 1
            document["withheld"] += 1
            document["origin"]["tree_size"] += 1
        for act in (more, larger):
            self.refused(self.change_document(self.blind, "disclosure.json", act), "disclosure.counts-differ")
        objects = lambda document: document["objects"].pop()
        self.refused(self.change_document(self.blind, "disclosure.json", objects), "disclosure.objects-differ")
        other = lambda document: document["origin"].update(items_root="0" * 64)
        self.refused(self.change_document(self.blind, "disclosure.json", other), "disclosure.origin-mixed")
        package = lambda document: document["origin"].update(package="00000000-0000-4000-8000-000000000000")
        self.refused(self.change_document(self.blind, "disclosure.json", package), "disclosure.origin-mixed")
        manifest = lambda document: document["origin"].update(manifest_sha256="0" * 64)
        self.refused(self.change_document(self.named, "disclosure.json", manifest), "disclosure.origin-mixed")

    def test_conditions(self):
        changed = self.blind
        for name in ("package.json", "terms.json", "disclosure.json"):
            changed = self.change_document(changed, name, lambda document: document.update(conditions=[]))
        self.refused(changed, "disclosure.conditions-dropped")

    # --- named ------------------------------------------------------------------

    def test_named_files(self):
        for name in ("origin/README.txt", "origin/acquisition/000001.json", "origin/custody/ledger.jsonl",
                     "origin/pieces/000001.txt", "origin/items.jsonl"):
            with self.subTest(name=name):
                data = bytearray(self.named[name])
                data[20] ^= 1
                self.assertIn("disclosure.origin-mixed", self.failures(self.sign({**self.named, name: bytes(data)})))
                without = {n: d for n, d in self.named.items() if n != name}
                found = self.failures(self.sign(without))
                self.assertTrue(found & {"disclosure.origin-mixed", "disclosure.origin-incomplete"}, found)

    def test_named_added(self):
        order = list(self.named)
        order.insert(order.index("origin/pieces/000001.txt") + 1, "origin/pieces/000002.txt")
        files = {**self.named, "origin/pieces/000002.txt": b"00" * 32 + b"\n"}
        self.refused({name: files[name] for name in order}, "disclosure.origin-mixed")

    def test_named_record(self):
        changed = self.change_lines(self.named, "items.jsonl", lambda lines: lines[1]["record"].update(mode="0777"))
        self.refused(changed, "disclosure.record-differs", also=("disclosure.counts-differ",))
        swapped = dict(self.named)
        lines = lines_of(swapped, "items.jsonl")
        first, second = lines[1], lines[2]
        first["at"]["object"], second["at"]["object"] = second["at"]["object"], first["at"]["object"]
        lines[1], lines[2] = second, first
        a, b = lines[1]["at"]["object"], lines[2]["at"]["object"]
        swapped[a], swapped[b] = swapped[b], swapped[a]
        swapped["items.jsonl"] = ef.encode_lines(lines)
        self.refused(swapped, "disclosure.record-differs", also=("disclosure.counts-differ",))

    def test_region(self):
        """Other bytes, with a record and a list of pieces of their own."""
        lines = lines_of(self.named, "items.jsonl")
        number = next(n for n, line in enumerate(lines) if line["record"]["kind"] == "region")
        name = lines[number]["at"]["object"]
        changed = dict(self.named)
        data = bytearray(changed[name])
        data[1_500_000] ^= 1
        changed[name] = bytes(data)
        pieces = ef.piece_digests(data)
        changed[f"pieces/{name[5:11]}.txt"] = ef.pieces_file(pieces)
        changed = self.change_lines(changed, "items.jsonl", lambda lines: lines[number]["record"].update(
            digests={"sha256": hashlib.sha256(data).hexdigest()}, crc32=f"{ef.crc32(data):08x}",
            pieces_root=ef.pieces_root(pieces).hex()))
        self.refused(changed, "disclosure.piece-differs")
        moved = self.change_lines(self.named, "items.jsonl",
                                  lambda lines: lines[number]["record"].update(offset_bytes=0))
        self.refused(moved, "disclosure.piece-differs")


if __name__ == "__main__":
    sys.exit(not unittest.main(exit=False, verbosity=1).result.wasSuccessful())
