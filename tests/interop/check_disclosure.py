#!/usr/bin/env python3
"""Checks what a disclosure proves, from the section "Disclosure" of evidence-package(5): that every record belongs to
the original, down to the first seal, and that the parts belong together.

    python3 check_disclosure.py PACKAGE CA.pem

Prints `ok`, or one line per violation and exits with 1. CA.pem holds the authorities of all signers. What every
package has in common (ZIP profile, bag, signatures of the package itself) is looked at as far as this needs it.
"""

import base64
import hashlib
import re
import sys

import evidence_format as ef

LEVELS = 8
DISCLOSURE = {"asked", "authority", "conditions", "disclosed", "format", "given", "kind", "legal_basis", "objects",
              "of", "origin", "withheld"}
HEADS = ("items.checkpoint", "custody/checkpoint", "terms.json")
HEX64 = re.compile(r"[0-9a-f]{64}")
PARTS = ("region", "redaction")


def path_length(index, size):
    """How many hashes the audit path of a leaf has (RFC 6962, 2.1.1)."""
    length = 0
    while size > 1:
        split = 1 << (size - 1).bit_length() - 1
        index, size = (index, split) if index < split else (index - split, size - split)
        length += 1
    return length


def root_of(leaf, index, size, path):
    """The root that an audit path leads to. `path` stands from the leaf to the root."""
    if size == 1:
        return leaf
    split = 1 << (size - 1).bit_length() - 1
    if index < split:
        return ef.sha256(b"\x01" + root_of(leaf, index, split, path[:-1]) + path[-1])
    return ef.sha256(b"\x01" + path[-1] + root_of(leaf, index - split, size - split, path[:-1]))


def without_salt(record):
    return {key: value for key, value in record.items() if key != "salt"}


def leaf_of(record):
    return ef.leaf_hash(ef.encode_json(record))


def read_checkpoint(data, where):
    lines = data.decode("ascii").split("\n")
    if len(lines) != 4 or lines[3] or not re.fullmatch(r"0|[1-9][0-9]*", lines[1]):
        raise ef.FormatError("document.fields", f"{where} is no checkpoint")
    return lines[0], int(lines[1]), base64.b64decode(lines[2], validate=True)


class Level:
    """One original: what lies in origin/, origin/origin/, ..."""

    def __init__(self, package, prefix):
        self.package, self.prefix = package, prefix
        self.terms = ef.decode_document(self.read("terms.json"), f"{prefix}terms.json")
        self.items = read_checkpoint(self.read("items.checkpoint"), f"{prefix}items.checkpoint")
        self.ledger = read_checkpoint(self.read("custody/checkpoint"), f"{prefix}custody/checkpoint")
        self.is_named = self.has("items.jsonl")

    def has(self, name):
        return self.prefix + name in self.package.by_name

    def read(self, name):
        if not self.has(name):
            raise ef.FormatError("origin.incomplete", f"{self.prefix}{name} is missing")
        return self.package.content(self.prefix + name)


class DisclosureChecker:
    def __init__(self, package, ca_path):
        self.package, self.ca_path, self.violations = package, ca_path, []

    def demand(self, condition, code, text):
        if not condition:
            self.violations.append(f"{code}: {text}")
        return bool(condition)

    def run(self):
        read = self.package.content
        self.info = ef.decode_document(read("package.json"), "package.json")
        if self.info.get("kind") != "disclosure":
            raise ef.FormatError("document.fields", "not a disclosure")
        self.document = ef.decode_document(read("disclosure.json"), "disclosure.json")
        self.lines = ef.decode_lines(read("items.jsonl"), "items.jsonl")
        self.levels = self.find_levels()
        self.check_package()
        self.check_document()
        self.check_objects()
        self.check_links()
        conditions = self.info["conditions"]
        for level in self.levels:
            bound = level.terms["conditions"]
            self.demand(conditions[:len(bound)] == bound, "origin.conditions", f"{level.prefix}: conditions dropped")
            conditions = bound
            self.check_heads(level)
            if level.is_named:
                self.check_whole(level)
            self.check_ledger(level)
        self.check_records()

    def find_levels(self):
        levels = [Level(self.package, "origin/")]
        while len(levels) < LEVELS and any(n.startswith(levels[-1].prefix + "origin/") for n in self.package.by_name):
            levels.append(Level(self.package, levels[-1].prefix + "origin/"))
        return levels

    def check_links(self):
        """Each terms.json names the package one level down; the first seal names none."""
        above = ef.decode_document(self.package.content("terms.json"), "terms.json")
        for level in self.levels:
            here = {"items_root": level.items[2].hex(), "package": level.terms["package"]}
            self.demand(above.get("origin") == here, "origin.mixed", f"{level.prefix} is another original")
            above = level.terms
        self.demand("origin" not in above, "origin.incomplete", "the last original was cut from something")

    # --- the package at hand ----------------------------------------------------

    def check_package(self):
        digests = {n: hashlib.sha256(self.package.slice(n)).hexdigest() for n in self.package.names()}
        for number in (1, 2):
            name = f"META-INF/ASiCManifest{number:03d}.xml"
            manifest = self.package.content(name)
            self.demand(manifest == ef.build_manifest(number, self.package.names(), digests.__getitem__),
                        "asic.manifest-mismatch", name)
            trouble = ef.verify_cms(self.package.content(f"META-INF/signature{number:03d}.p7s"), manifest, self.ca_path)
            self.demand(trouble is None, "signature.invalid", f"{name}: {trouble}")
        root = ef.items_root([line["record"] for line in self.lines])
        self.demand(self.package.content("items.checkpoint")
                    == ef.items_checkpoint(self.info["id"], len(self.lines), root), "items.checkpoint", "differs")
        self.demand(self.info["previous"] is None, "document.fields", "a disclosure has no previous package")

    def check_document(self):
        document, origin = self.document, self.document["origin"]
        self.demand(set(document) == DISCLOSURE and document["format"] == "evidence-disclosure/1"
                    and document["kind"] in ("blind", "named"), "document.fields", "disclosure.json")
        named = {"manifest_sha256"} if document["kind"] == "named" else set()
        self.demand(set(origin) == {"items_root", "package", "tree_size"} | named, "document.fields", "origin")
        self.demand(document["conditions"] == self.info["conditions"], "equality.conditions", "disclosure.json")
        level = self.levels[0]
        _, size, root = level.items
        self.demand(document["of"] == size == origin["tree_size"] and document["of"]
                    == document["disclosed"] + document["withheld"], "disclosure.counts", "of how many records")
        self.demand(origin["items_root"] == root.hex() and origin["package"] == level.terms["package"]
                    and level.is_named == (document["kind"] == "named"), "disclosure.origin", "of which package")
        objects, last = [], None
        for number, line in enumerate(self.lines, 1):
            if line["at"] and line["at"]["object"] != last:
                last = line["at"]["object"]
                objects.append({"object": last, "proof": number})
        self.demand(document["objects"] == objects, "disclosure.objects", "not those of items.jsonl")

    def check_objects(self):
        for line in self.lines:
            record, at = line["record"], line["at"]
            if not at or "digests" not in record:
                continue
            view = self.package.slice(at["object"])
            start = at.get("offset_bytes", 0)
            data = view[start:start + record["size_bytes"]]
            whole = record["kind"] != "entry" or at["object"].endswith(".bin")
            self.demand(hashlib.sha256(data).hexdigest() == record["digests"]["sha256"]
                        and (not whole or len(view) == record["size_bytes"]), "payload.digest", at["object"])

    # --- each original ----------------------------------------------------------

    def check_heads(self, level):
        terms, prefix = level.terms, level.prefix
        self.demand(level.items[0] == f"evidence-items/1/{terms['package']}"
                    and level.ledger[0] == f"evidence-ledger/1/{terms['ledger']}", "origin.mixed", f"{prefix}: ids")
        listed = [(n, hashlib.sha256(level.read(n)).hexdigest()) for n in HEADS]
        manifest = level.read("META-INF/ASiCManifest002.xml")
        wanted = ef.asic_manifest("META-INF/signature002.p7s", "application/pkcs7-signature", listed)
        self.demand(manifest == wanted, "origin.mixed", f"{prefix}: not the files that 002 lists")
        trouble = ef.verify_cms(level.read("META-INF/signature002.p7s"), manifest, self.ca_path)
        self.demand(trouble is None, "origin.signature", f"{prefix}: {trouble}")

    def check_whole(self, level):
        """Every file but the payload, as signature 001 has it."""
        manifest = level.read("META-INF/ASiCManifest001.xml")
        trouble = ef.verify_cms(level.read("META-INF/signature001.p7s"), manifest, self.ca_path)
        self.demand(trouble is None, "origin.signature", f"{level.prefix}: {trouble}")
        listed = re.findall(rb'URI="([^"]*)"><ds:DigestMethod [^>]*/><ds:DigestValue>([^<]*)<', manifest)
        names = set()
        for name, value in ((n.decode(), v) for n, v in listed):
            if name.startswith("data/"):
                continue
            names.add(name)
            self.demand(level.has(name) and hashlib.sha256(level.read(name)).digest() == base64.b64decode(value),
                        "origin.mixed", f"{level.prefix}{name} is not the file that was signed")
        present = {n[len(level.prefix):] for n in self.package.by_name if n.startswith(level.prefix)}
        extra = {n for n in present - names if not n.startswith("META-INF/")}
        self.demand(not extra, "origin.mixed", f"{level.prefix}: {sorted(extra)} was not signed")
        if level.prefix == "origin/":
            self.demand(hashlib.sha256(manifest).hexdigest() == self.document["origin"].get("manifest_sha256"),
                        "disclosure.origin", "manifest_sha256")

    def check_ledger(self, level):
        lines = ef.decode_lines(level.read("custody/ledger.jsonl"), f"{level.prefix}custody/ledger.jsonl")
        link = ef.first_link(level.terms["ledger"])
        for line in lines:
            digest = ef.sha256(ef.encode_json(line["event"])) if "event" in line else bytes.fromhex(line["digest"])
            link = ef.next_link(link, ef.event_digest(b"".join(ef.split_tags(line["tags"])), digest))
            self.demand(line["link"] == link.hex(), "origin.chain", f"{level.prefix}: a link does not follow")
        _, size, head = level.ledger
        self.demand(size == len(lines) and head == link, "origin.chain", f"{level.prefix}: another end of the chain")

    # --- the records, from level to level ---------------------------------------

    def check_records(self):
        """Each record with its place and its line in the nearest items.jsonl above; None where only a leaf is known."""
        given = [(line["record"], line["at"].get("object"), n) for n, line in enumerate(self.lines, 1)]
        above, count = "", len(given)
        for number, level in enumerate(self.levels):
            before = given
            if level.is_named:
                given, count = self.through_named(level, given, above)
            else:
                given = self.through_blind(level, given, count)
            if len(given) != len(before):
                return
            if number == 0:
                same = sum(new[0] is not None and without_salt(old[0]) == without_salt(new[0])
                           for old, new in zip(before, given))
                self.demand(same == self.document["disclosed"], "disclosure.counts", f"{same} records are as they were")
            above = level.prefix

    def through_blind(self, level, given, count):
        proofs = ef.decode_lines(level.read("proofs.jsonl"), f"{level.prefix}proofs.jsonl")
        self.demand(len(proofs) == count, "proofs.count", f"{len(proofs)} proofs of {count} records")
        indexes = [proof["index"] for proof in proofs]
        self.demand(len(set(indexes)) == len(indexes), "proofs.duplicate", f"{level.prefix}proofs.jsonl")
        _, size, root = level.items
        wanted = {line for _, _, line in given}
        for line, proof in enumerate(proofs, 1):
            if line not in wanted:
                self.check_proof(level, None, proof, size, root)
        return [(self.check_proof(level, record, proofs[line - 1], size, root), None, line)
                for record, _, line in given]

    def check_proof(self, level, record, proof, size, root):
        """The record in the original that a line proves, or None when only its leaf is told."""
        where = f"{level.prefix}proofs.jsonl"
        shape = set(proof) in ({"index", "path", "record"}, {"index", "leaf", "path"})
        if not self.demand(shape and all(isinstance(h, str) and HEX64.fullmatch(h) for h in proof["path"]),
                           "proofs.malformed", where):
            return None
        found = proof.get("record")
        leaf = leaf_of(found) if found else bytes.fromhex(proof["leaf"])
        if self.demand(proof["index"] < size, "proofs.index", where) and \
                self.demand(len(proof["path"]) == path_length(proof["index"], size), "proofs.length", where):
            path = [bytes.fromhex(h) for h in proof["path"]]
            self.demand(root_of(leaf, proof["index"], size, path) == root, "proofs.root", where)
        if record is None:
            return found
        if found:
            self.demand(without_salt(record) == without_salt(found), "proofs.record", f"{where}: another record")
        else:
            self.demand(record["kind"] == "redaction" and record["of"] == proof["leaf"], "proofs.record",
                        f"{where}: not in place of this leaf")
        return found

    def through_named(self, level, given, above):
        lines = ef.decode_lines(level.read("items.jsonl"), f"{level.prefix}items.jsonl")
        _, size, root = level.items
        self.demand(size == len(lines) and ef.items_root([line["record"] for line in lines]) == root,
                    "origin.root", f"{level.prefix}items.jsonl has another root")
        below, place, taken = [], 0, set()
        for record, where, _ in given:
            at = self.find(lines, place, record)
            if not self.demand(at is not None, "origin.record", f"{level.prefix}: a record is none of the original's"):
                break
            place, found = at, lines[at]
            is_region = record.get("kind") == "region" and without_salt(record) != without_salt(found["record"])
            self.demand(is_region or at not in taken, "proofs.duplicate", f"{level.prefix}items.jsonl:{at + 1}")
            taken.add(at)
            if without_salt(record) != without_salt(found["record"]):
                raw = found["record"]["kind"] in ("image", "file", "stream")
                object_or_file = raw or found["record"]["kind"] in ("tree", "e01") or \
                    found["record"].get("type") == "file"
                self.demand(record["item"] == found["record"]["item"] and
                            (raw if record["kind"] == "region" else object_or_file), "origin.record",
                            f"{level.prefix}: a part of what is no object of its item")
            if is_region:
                self.check_region(level, record, found, where, above)
            below.append((found["record"], found["at"].get("object"), at + 1))
        return below, len(lines)

    @staticmethod
    def find(lines, start, record):
        for at in range(start, len(lines)):
            other = lines[at]["record"]
            if without_salt(other) == without_salt(record):
                return at
            if record["kind"] in PARTS and record["of"] == leaf_of(other).hex():
                return at
        return None

    def check_region(self, level, record, found, where, above):
        """The digests of its pieces are those of the whole, from its offset on."""
        name = f"pieces/{found['at']['object'][5:11]}.txt"
        sealed = level.read(name).decode("ascii").split("\n")[:-1] if level.has(name) else []
        root = ef.pieces_root([bytes.fromhex(d) for d in sealed]).hex() if sealed else ""
        self.demand(root == found["record"].get("pieces_root"), "region.pieces", f"{level.prefix}{name}")
        first, size = record["offset_bytes"] // ef.PIECE, record["size_bytes"]
        count = -(-size // ef.PIECE)
        end = record["offset_bytes"] + size
        whole = found["record"]["size_bytes"]
        self.demand(size > 0 and record["offset_bytes"] % ef.PIECE == 0 and
                    (end == whole or end < whole and end % ef.PIECE == 0), "region.shape", "not whole pieces")
        own = [record["digests"]["sha256"]] if count == 1 else \
            self.package.content(f"{above}pieces/{where[5:11]}.txt").decode("ascii").split("\n")[:-1]
        self.demand(own == sealed[first:first + count], "region.pieces", "not the pieces that were sealed")


def check(path, ca_path):
    with ef.Package(path) as package:
        checker = DisclosureChecker(package, ca_path)
        try:
            checker.run()
        except ef.FormatError as error:
            checker.violations.append(f"{error.code}: {error.text}")
        except (TypeError, KeyError, AttributeError, IndexError, ValueError) as error:
            checker.violations.append(f"document.malformed: {type(error).__name__} {error}")
        return checker.violations


def main(arguments):
    if len(arguments) != 2:
        print("usage: check_disclosure.py PACKAGE CA.pem", file=sys.stderr)
        return 2
    violations = check(*arguments)
    print("\n".join(violations) if violations else "ok")
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
