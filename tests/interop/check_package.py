#!/usr/bin/env python3
"""Check a sealed package completely: check_package.py PACKAGE CA.pem

Prints `ok` and exits 0, or prints one line `code: text` per violation and
exits 1. What is worth knowing but no violation goes to standard error.
"""

import datetime
import hashlib
import re
import sys

import evidence_format as ef
import pax_tar
import strict_der

TOLERANCE = datetime.timedelta(minutes=5)
HEX32, HEX64 = re.compile(r"[0-9a-f]{32}"), re.compile(r"[0-9a-f]{64}")
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
ITEM_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z")
DIGESTS = {"md5": "md5", "sha1": "sha1", "sha256": "sha256", "sha384": "sha384", "sha512": "sha512",
           "sha3-256": "sha3_256", "blake2b512": "blake2b"}
EXTENSIONS = {"image": r"img|[0-9]{3}", "stream": r"img|[0-9]{3}", "file": r"bin|[0-9]{3}", "tree": r"tar",
              "e01": r"E[0-9A-Z]{2}", "segment": r"[0-9]{3}|E[0-9A-Z]{2}"}

BASE = {"format", "item", "kind", "salt"}
OBJECT = BASE | {"size_bytes", "digests", "crc32"}
PIECES = {"piece_size_bytes", "pieces_root"}
SPLIT = {"segment", "segments", "media"}
FIRST = {"acquisition_sha256", "item_key"}
ENTRY = BASE | {"type", "mode", "uid", "gid"}
ENTRY_MAY = {"name", "name_bytes", "target", "target_bytes", "mtime", "atime", "ctime", "btime", "size_bytes",
             "digests", "changed"}
PACKAGE = {"case", "conditions", "created_at", "format", "id", "kind", "ledger", "objects", "previous", "records",
           "sealed_by", "timestamp", "tool"}
TERMS = {"conditions", "created_at", "format", "ledger", "package", "sealed_by"}
EVENT = {"format", "ledger", "case", "seq", "type", "at", "zone", "clock", "actor", "items", "nonce"}
EVENT_MAY = {"recorded_at", "place", "reason", "authority", "digests_before", "digests_after", "detail"}
ACTOR_MAY = {"name", "organization", "role", "certificate_sha256", "algorithm"}
REQUIRED = ("bagit.txt", "bag-info.txt", "README.txt", "package.json", "terms.json", "items.jsonl", "items.checkpoint",
            "custody/ledger.jsonl", "custody/checkpoint", "manifest-sha256.txt", "tagmanifest-sha256.txt")


def instant(text):
    """A UTC time with milliseconds, or None."""
    if not isinstance(text, str) or not INSTANT.fullmatch(text):
        return None
    try:
        return datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=datetime.timezone.utc)
    except ValueError:
        return None


def is_hex(value, pattern):
    return isinstance(value, str) and bool(pattern.fullmatch(value))


def number_of(name):
    return name.split("/")[1].split(".")[0]


def get(value, *path):
    """Nested lookup that tolerates wrong shapes: an absent thing is None."""
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


class Checker:
    """One pass over one package; `violations` and `notes` fill up on the way."""

    def __init__(self, package, ca_path):
        self.package, self.ca_path = package, ca_path
        self.violations, self.notes = [], []
        with open(ca_path, "rb") as stream:
            self.anchors = [strict_der.Certificate(d) for d in ef.pem_certificates(stream.read())]
        self.digests = {}
        self.signatures = {}
        self.token_times = {}

    def fail(self, code, text):
        self.violations.append(f"{code}: {text}")

    def demand(self, condition, code, text):
        if not condition:
            self.fail(code, text)
        return bool(condition)

    def note(self, code, text):
        self.notes.append(f"{code}: {text}")

    # Layers run in order; a layer that cannot go on raises, and the next ones are skipped
    # only where they would need what it failed to read.
    def run(self):
        for layer in (self.check_bytes, self.check_names, self.read_documents, self.check_manifests,
                      self.check_signatures, self.check_records, self.check_custody, self.check_equalities,
                      self.check_times):
            try:
                layer()
            except ef.FormatError as error:
                self.fail(error.code, error.text)
                if layer in (self.check_names, self.read_documents):
                    return
            except (TypeError, KeyError, AttributeError, IndexError, ValueError) as error:
                # A value of another type than expected, or what an earlier layer failed to read.
                self.fail("document.malformed", f"{layer.__name__}: {type(error).__name__} {error}")

    # --- structure --------------------------------------------------------------

    def check_bytes(self):
        for entry in self.package.entries:
            view = self.package.slice(entry.name)
            self.digests[entry.name] = hashlib.sha256(view).hexdigest()
            self.demand(ef.crc32(view) == entry.crc, "zip.crc", f"{entry.name} differs from its checksum")

    def check_names(self):
        names = self.package.names()
        ranks = [ef.rank(n) for n in names]
        for name, place in zip(names, ranks):
            if place is None:
                raise ef.FormatError("zip.unexpected-entry", f"{name} has no place in a package")
        for name, before, after in zip(names[1:], ranks, ranks[1:]):
            twins = before == after and name.startswith("custody/signers/")
            self.demand(before < after or twins, "zip.entry-order", f"{name} is out of order")
        for name in REQUIRED:
            if name not in self.package.by_name:
                raise ef.FormatError("zip.missing-entry", f"{name} is missing")

    def read_documents(self):
        read = self.package.content
        self.info = ef.decode_document(read("package.json"), "package.json")
        self.terms = ef.decode_document(read("terms.json"), "terms.json")
        if get(self.info, "kind") == "disclosure":
            raise ef.FormatError("unsupported.disclosure", "this program checks sealed packages, not disclosures")
        cosigned = set(self.info) & {"cosigned_by"}
        if set(self.info) != PACKAGE | cosigned or self.info["format"] != "evidence-package/1" \
                or self.info["kind"] != "seal" or set(self.terms) != TERMS \
                or self.terms["format"] != "evidence-terms/1":
            raise ef.FormatError("document.fields", "package.json or terms.json has not exactly its fields")
        self.records = ef.decode_lines(read("items.jsonl"), "items.jsonl")
        self.lines = ef.decode_lines(read("custody/ledger.jsonl"), "custody/ledger.jsonl")
        if any(set(r) != {"at", "record"} or not isinstance(r["at"], dict) or not isinstance(r["record"], dict)
               for r in self.records):
            raise ef.FormatError("document.fields", "a line of items.jsonl is not an `at` and a `record`")

    def check_manifests(self):
        names, read = self.package.names(), self.package.content
        self.demand(read("bagit.txt") == b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
                    "bag.declaration", "bagit.txt is not the declaration of a BagIt 1.0 bag")
        payload = [(n, self.digests[n]) for n in names if n.startswith("data/")]
        self.demand(read("manifest-sha256.txt") == ef.bag_manifest(payload),
                    "bag.manifest-mismatch", "manifest-sha256.txt does not list the payload as it is")
        tags = [(n, self.digests[n]) for n in names if ef.is_tag_file(n)]
        self.demand(read("tagmanifest-sha256.txt") == ef.bag_manifest(tags),
                    "bag.tagmanifest-mismatch", "tagmanifest-sha256.txt does not list the other files as they are")
        self.check_bag_info(read("bag-info.txt"))

    def check_bag_info(self, data):
        lines = data.decode("utf-8", "replace").split("\n")
        fields = [line.partition(": ") for line in lines[:-1]]
        values = {key: value for key, _, value in fields}
        sizes = [e.size for e in self.package.entries if e.name.startswith("data/")]
        self.demand(lines[-1] == "" and all(f[1] for f in fields) and len(values) == len(fields)
                    and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", values.get("Bagging-Date", "")),
                    "bag.info", "bag-info.txt is not well formed or lacks a date")
        self.demand(values.get("Payload-Oxum") == f"{sum(sizes)}.{len(sizes)}",
                    "bag.info", "Payload-Oxum differs from the payload")
        self.demand(values.get("External-Identifier") == self.info["id"],
                    "equality.package-id", "bag-info.txt names another package")

    # --- signatures and time-stamps -----------------------------------------------

    def check_signatures(self):
        cosigners = self.info.get("cosigned_by", [])
        if not isinstance(cosigners, list):
            raise ef.FormatError("document.fields", "cosigned_by is no list")
        if len(set(cosigners)) < len(cosigners) or get(self.info, "sealed_by", "certificate_sha256") in cosigners:
            raise ef.FormatError("document.fields", "cosigned_by names somebody twice, or the sealer")
        signed = [1, 2] + [101 + n for n in range(len(cosigners))]
        tokens = self.expected_tokens()
        archives = self.archives() if tokens else []
        self.check_meta_inf(signed, tokens, archives)
        for number in signed + tokens:
            self.check_manifest(number)
        for number in tokens:
            self.check_token(number)
        for number in archives:
            self.check_archive(number)
        for number in signed:
            self.check_signature(number, (cosigners[number - 101] if number > 100
                                          else get(self.info, "sealed_by", "certificate_sha256")))

    def expected_tokens(self):
        both = [ef.FIRST_TOKEN, ef.FIRST_TOKEN + 1]
        present = any(n.startswith(("META-INF/timestamp003", "META-INF/timestamp004", "META-INF/ASiCManifest003",
                                    "META-INF/ASiCManifest004")) for n in self.package.by_name)
        said = self.info["timestamp"]
        if said not in ("included", "later", "none"):
            raise ef.FormatError("document.fields", "package.json says nothing known about time-stamps")
        if said == "none":
            self.demand(not present, "zip.unexpected-entry", "a time-stamp is there although none was announced")
            return []
        if said == "later" and not present:
            self.note("timestamp.absent", "time is the signer's word only")
            return []
        return both

    def archives(self):
        numbers = []
        for number in range(ef.FIRST_TOKEN + 2, 100):
            if f"META-INF/timestamp{number:03d}.tst" not in self.package.by_name:
                break
            numbers.append(number)
        return numbers

    def check_archive(self, number):
        name = f"META-INF/ASiCArchiveManifest{number:03d}.xml"
        manifest = self.package.content(name)
        algorithm = next((a for a, uri in ef.DIGEST_METHODS.items() if f'"{uri}"'.encode() in manifest), "sha256")
        before = self.package.names()[:self.package.names().index(name)]
        references = [(n, hashlib.new(algorithm, self.package.content(n)).hexdigest()) for n in before]
        token = f"META-INF/timestamp{number:03d}.tst"
        wanted = ef.asic_manifest(token, "application/vnd.etsi.timestamp-token", references, algorithm)
        self.demand(manifest == wanted, "asic.manifest-mismatch", f"{name} does not list the files as they are")
        self.verify_token(token, manifest)

    def check_meta_inf(self, signed, tokens, archives):
        wanted = {f"META-INF/ASiCManifest{n:03d}.xml" for n in signed + tokens}
        wanted |= {ef.manifest_plan(n)[0] for n in signed + tokens}
        wanted |= {f"META-INF/{kind}" for n in archives
                   for kind in (f"ASiCArchiveManifest{n:03d}.xml", f"timestamp{n:03d}.tst")}
        present = {n for n in self.package.by_name if n.startswith("META-INF/")}
        for name in sorted(present - wanted):
            if not re.search(r"00[34]\.", name):
                self.fail("zip.unexpected-entry", f"{name} is not announced")
        for name in sorted(wanted - present):
            kind = "timestamp" if re.search(r"00[34]\.", name) else "signature"
            raise ef.FormatError(f"{kind}.stripped", f"{name} is missing")

    def check_manifest(self, number):
        name = f"META-INF/ASiCManifest{number:03d}.xml"
        wanted = ef.build_manifest(number, self.package.names(), self.digests.__getitem__)
        self.demand(self.package.content(name) == wanted, "asic.manifest-mismatch",
                    f"{name} does not list the files as they are")

    def check_token(self, number):
        name, _ = ef.manifest_plan(number)
        moment = self.verify_token(name, self.package.content(f"META-INF/ASiCManifest{number:03d}.xml"))
        if moment:
            self.token_times[number - 2] = moment

    def verify_token(self, name, manifest):
        """When a token was made, if it holds."""
        token = self.package.content(name)
        try:
            moment = strict_der.token_time(token)
        except strict_der.DerError as error:
            self.fail("timestamp.invalid", f"{name}: {error}")
            return None
        trouble = ef.verify_token(token, manifest, self.ca_path, moment.timestamp())
        return moment if self.demand(trouble is None, "timestamp.invalid", f"{name}: {trouble}") else None

    def check_signature(self, number, fingerprint):
        name, _ = ef.manifest_plan(number)
        manifest = self.package.content(f"META-INF/ASiCManifest{number:03d}.xml")
        content = self.package.content(name)
        try:
            signature = strict_der.SignatureFile(content, self.anchors)
        except (strict_der.DerError, UnicodeDecodeError, IndexError, ValueError) as error:
            self.fail("signature.structure", f"{name}: {error}")
            return
        moment = self.token_times.get(number)
        trouble = ef.verify_cms(content, manifest, self.ca_path, moment.timestamp() if moment else None)
        self.demand(trouble is None, "signature.invalid", f"{name}: {trouble}")
        self.check_signer(name, signature.signer, fingerprint)
        self.signatures[number] = signature

    def check_signer(self, name, signer, fingerprint):
        self.demand(signer.fingerprint == fingerprint, "signature.wrong-signer",
                    f"{name} is not by the certificate that package.json names")
        self.demand(signer.may_sign() and not signer.is_time_stamper(), "certificate.wrong-usage",
                    f"{name}: the certificate is not for signing")
        self.demand(signer.is_strong(), "certificate.weak-key", f"{name}: {signer.key_type} {signer.key_detail}")

    # --- records and payload --------------------------------------------------------

    def check_records(self):
        self.items = {}
        salts = [get(r, "record", "salt") for r in self.records]
        self.demand(all(is_hex(s, HEX32) for s in salts) and len(set(salts)) == len(salts),
                    "content.salt", "a salt is malformed or used twice")
        for line in self.records:
            self.take_record(line)
        for item in self.items.values():
            self.check_item(item)
        self.check_item_ids()
        objects = [r["at"].get("object") for item in self.items.values() for r in item["objects"]]
        payload = [n for n in self.package.names() if n.startswith("data/")]
        self.demand(objects == payload, "content.object-mismatch", "records and payload objects are not one to one")
        self.demand([number_of(n) for n in payload] == [f"{n:06d}" for n in range(1, len(payload) + 1)],
                    "content.object-numbers", "objects are not numbered from one without gaps")
        self.check_side_files()
        self.check_item_tree()

    def take_record(self, line):
        """Sort a record under its item; entries have to follow their tree directly."""
        record, item_id = line["record"], get(line, "record", "item")
        if not isinstance(item_id, str) or record.get("format") != "evidence-record/1":
            raise ef.FormatError("content.record-fields", "a record has no item or an unknown format")
        last = next(reversed(self.items), None)
        if record.get("kind") == "entry":
            if last != item_id or self.items[last]["objects"][0]["record"].get("kind") != "tree":
                raise ef.FormatError("content.record-order", f"{item_id}: an entry does not follow its tree")
            self.items[item_id]["entries"].append(line)
            return
        if item_id in self.items and (last != item_id or self.items[item_id]["entries"]):
            raise ef.FormatError("content.record-order", f"{item_id}: its records do not stand together")
        self.items.setdefault(item_id, {"id": item_id, "objects": [], "entries": []})["objects"].append(line)

    def check_item_ids(self):
        ids = list(self.items)
        self.demand(all(ITEM_ID.fullmatch(i) for i in ids) and len({i.casefold() for i in ids}) == len(ids),
                    "content.item-id", "an item id is malformed or stands twice but for case")

    def check_item(self, item):
        for position, line in enumerate(item["objects"]):
            self.check_object_fields(line, position, len(item["objects"]))
            self.check_object(line)
        first = item["objects"][0]
        if len(item["objects"]) > 1 or "segments" in first["record"]:
            self.check_segments(item)
        if first["record"].get("kind") == "tree":
            self.check_tree(item)
        self.check_acquisition(item)

    def check_object_fields(self, line, position, count):
        record, where = line["record"], line["at"].get("object")
        may, must = set(PIECES), set(OBJECT)
        if position == 0:
            must |= FIRST
            may |= {"source", "source_bytes"}
        if count > 1 or record.get("kind") in ("e01", "segment"):
            may |= SPLIT
        self.demand(must <= set(record) <= must | may and set(line["at"]) == {"object"},
                    "content.record-fields", f"the record of {where} has not the fields of its kind")
        self.demand(position or ("source" in record) != ("source_bytes" in record),
                    "content.record-fields", f"the record of {where} does not say where it came from")
        extension = str(where).rpartition(".")[2]
        self.demand(re.fullmatch(EXTENSIONS.get(str(record.get("kind")), r"$^"), extension),
                    "content.record-kind", f"{where} does not fit its kind")

    def check_object(self, line):
        record, name = line["record"], line["at"].get("object")
        if name not in self.package.by_name:
            return
        entry, view = self.package.by_name[name], self.package.slice(name)
        self.demand(record.get("size_bytes") == entry.size, "payload.size-mismatch", f"{name} has another size")
        self.demand(record.get("crc32") == f"{entry.crc:08x}", "payload.crc-mismatch", f"{name} has another CRC-32")
        self.check_digests(name, record.get("digests"), view)
        self.check_pieces(name, record, view)

    def check_digests(self, where, digests, view, code="payload.digest-mismatch"):
        if not isinstance(digests, dict) or "sha256" not in digests or set(digests) - set(DIGESTS):
            self.fail("content.record-fields", f"{where}: digests are missing or of an unknown kind")
            return
        for algorithm, value in digests.items():
            self.demand(hashlib.new(DIGESTS[algorithm], view).hexdigest() == value, code,
                        f"{where} differs from its {algorithm}")

    def check_pieces(self, name, record, view):
        """Objects of up to one piece have no piece list at all."""
        listed = f"pieces/{number_of(name)}.txt"
        large = len(view) > ef.PIECE
        self.demand((listed in self.package.by_name) == large and (PIECES <= set(record)) == large
                    and (large or not PIECES & set(record)),
                    "pieces.presence", f"{name}: a piece list is missing or should not be there")
        if not large or listed not in self.package.by_name:
            return
        digests = ef.piece_digests(view)
        self.demand(self.package.content(listed) == ef.pieces_file(digests), "pieces.mismatch",
                    f"{listed} does not list the pieces as they are")
        self.demand(record.get("piece_size_bytes") == ef.PIECE
                    and record.get("pieces_root") == ef.pieces_root(digests).hex(),
                    "pieces.root-mismatch", f"{name} has another root of pieces")

    def check_segments(self, item):
        records = [line["record"] for line in item["objects"]]
        count = len(records)
        self.demand([r.get("segment") for r in records] == list(range(1, count + 1))
                    and all(r.get("segments") == count for r in records),
                    "content.segments", f"{item['id']}: segments are not numbered one to {count}")
        media = records[0].get("media")
        self.demand(isinstance(media, dict) and not any("media" in r for r in records[1:]),
                    "content.segments", f"{item['id']}: the whole medium is not described once, in the first record")
        if records[0].get("kind") != "e01" and isinstance(media, dict):
            self.check_joined(item, media)

    def check_joined(self, item, media):
        whole = hashlib.sha256()
        for line in item["objects"]:
            if line["at"].get("object") in self.package.by_name:
                whole.update(self.package.slice(line["at"]["object"]))
        sizes = sum(line["record"].get("size_bytes", 0) for line in item["objects"])
        self.demand(media.get("size_bytes") == sizes and get(media, "digests", "sha256") == whole.hexdigest(),
                    "content.segments", f"{item['id']}: the segments do not add up to the medium")

    def check_tree(self, item):
        where = item["objects"][0]["at"].get("object")
        if where not in self.package.by_name:
            return
        view = self.package.slice(where)
        try:
            members = pax_tar.read(view)
            derived = [pax_tar.describe(m) for m in members]
        except pax_tar.TarError as error:
            self.fail("content.tar-invalid", f"{where}: {error}")
            return
        if not self.demand(len(members) == len(item["entries"]), "content.index-mismatch",
                           f"{where} holds {len(members)} entries, {len(item['entries'])} are recorded"):
            return
        for member, fields, line in zip(members, derived, item["entries"]):
            self.check_entry(where, view, member, fields, line)

    def check_entry(self, where, view, member, fields, line):
        """Salt and the note of a change while reading do not follow from the archive."""
        record, at = dict(line["record"]), {"object": where}
        self.demand(ENTRY <= set(record) <= ENTRY | ENTRY_MAY, "content.record-fields",
                    f"{where}: an entry has not the fields of its kind")
        digests = record.pop("digests", None)
        for extra in ("salt", "changed"):
            record.pop(extra, None)
        if member.kind == "file":
            at["offset_bytes"] = member.offset
            self.check_digests(f"{where}, {member.name!r}", digests,
                               view[member.offset:member.offset + member.size], "content.index-mismatch")
        self.demand(record == dict(fields, item=record.get("item")) and line["at"] == at
                    and (digests is None) == (member.kind != "file"), "content.index-mismatch",
                    f"{where}: {member.name!r} is recorded otherwise than it stands in the archive")

    def check_acquisition(self, item):
        first = item["objects"][0]
        record, number = first["record"], number_of(first["at"].get("object") or "/")
        name = f"acquisition/{number}.json"
        if not self.demand(name in self.package.by_name, "acquisition.missing", f"{name} is missing"):
            return
        self.demand(record.get("acquisition_sha256") == self.digests[name], "acquisition.digest-mismatch",
                    f"{name} is not the one its record names")
        acquired = ef.decode_document(self.package.content(name), name)
        whole = record.get("media") or record
        same = (acquired.get("format") == "evidence-acquisition/1" and acquired.get("item") == item["id"]
                and acquired.get("case") == get(self.info, "case", "number")
                and acquired.get("size_bytes") == get(whole, "size_bytes")
                and acquired.get("digests") == get(whole, "digests"))
        if len(item["objects"]) == 1 and whole is record:
            same = same and acquired.get("crc32", record.get("crc32")) == record.get("crc32") \
                and acquired.get("pieces_root") == record.get("pieces_root")
        self.demand(same, "acquisition.record-mismatch", f"{name} tells of other bytes than the record")
        omitted = f"acquisition/{number}.omitted.jsonl"
        self.demand(get(acquired, "account", "omitted_sha256") == self.digests.get(omitted),
                    "acquisition.omitted-mismatch", f"{omitted} is not the one the acquisition record names")

    def check_side_files(self):
        """Nothing may lie beside the payload that belongs to no item."""
        firsts = {number_of(i["objects"][0]["at"].get("object") or "/") for i in self.items.values()}
        for name in self.package.names():
            if name.startswith("acquisition/"):
                self.demand(number_of(name) in firsts, "zip.unexpected-entry", f"{name} belongs to no item")
            if name.startswith("pieces/"):
                known = any(number_of(n) == number_of(name) for n in self.package.names() if n.startswith("data/"))
                self.demand(known, "zip.unexpected-entry", f"{name} belongs to no object")

    def check_item_tree(self):
        self.demand(self.records, "content.empty", "a package without records is no package")
        root = ef.items_root([line["record"] for line in self.records])
        wanted = ef.items_checkpoint(self.info["id"], len(self.records), root)
        found = self.package.content("items.checkpoint")
        self.demand(found.split(b"\n")[0] == wanted.split(b"\n")[0], "equality.package-id",
                    "items.checkpoint names another package")
        self.demand(found.split(b"\n")[1:] == wanted.split(b"\n")[1:], "content.items-root",
                    "items.checkpoint is not the root of the records")

    # --- custody ------------------------------------------------------------------

    def check_custody(self):
        self.ledger_id = get(self.info, "ledger", "id")
        if not is_hex(self.ledger_id, HEX32):
            raise ef.FormatError("document.fields", "package.json names no ledger")
        self.events, self.acquired = [], {}
        keys = {i: get(item["objects"][0], "record", "item_key") for i, item in self.items.items()}
        self.item_keys = {i: bytes.fromhex(k) for i, k in keys.items() if is_hex(k, HEX32)}
        self.demand(len(set(self.item_keys.values())) == len(keys), "content.item-key",
                    "an item key is malformed or used twice")
        link, withheld, unsigned = ef.first_link(self.ledger_id), 0, 0
        for seq, line in enumerate(self.lines):
            link = self.check_line(seq, line, link)
            withheld += "event" not in line
            unsigned += "event" in line and "signature" not in line
        self.check_ledger_end(link)
        self.check_acquire_events()
        if withheld:
            self.note("custody.withheld-events", f"{withheld}")
        if unsigned:
            self.note("custody.unsigned-events", f"{unsigned}")

    def check_line(self, seq, line, link):
        shown = {"event", "link", "tags"}
        kinds = (shown, shown | {"signature", "signer"}, {"digest", "link", "seq", "tags"})
        if set(line) not in kinds:
            raise ef.FormatError("custody.line-fields", f"line {seq} of the ledger is neither shown nor withheld")
        tags = ef.split_tags(line["tags"])
        matching = {i for i, key in self.item_keys.items() if ef.relevance_tag(key, self.ledger_id, seq) in tags}
        if "event" in line:
            digest = self.check_event(seq, line, tags, matching)
        else:
            digest = self.check_withheld(seq, line, matching)
        link = ef.next_link(link, ef.event_digest(bytes.fromhex(line["tags"]), digest))
        self.demand(line["link"] == link.hex(), "custody.link-broken", f"event {seq} does not continue the chain")
        return link

    def check_withheld(self, seq, line, matching):
        if not is_hex(line["digest"], HEX64):
            raise ef.FormatError("custody.line-fields", f"line {seq} has no digest")
        self.demand(line["seq"] == seq, "custody.sequence", f"line {seq} says it is number {line['seq']}")
        self.demand(not matching, "custody.event-hidden", f"event {seq} is withheld but concerns {sorted(matching)}")
        self.demand(seq > 0, "custody.no-open", "the first event is withheld")
        return bytes.fromhex(line["digest"])

    def check_event(self, seq, line, tags, matching):
        event, raw = line["event"], ef.encode_json(line["event"])
        if not isinstance(event, dict) or not EVENT <= set(event) <= EVENT | EVENT_MAY \
                or event["format"] != "evidence-event/1" or not is_hex(event["nonce"], HEX32) \
                or not isinstance(event["items"], list) or not isinstance(event["actor"], dict) \
                or not set(event["actor"]) <= ACTOR_MAY or instant(event["at"]) is None \
                or not all(isinstance(i, str) for i in event["items"]):
            raise ef.FormatError("custody.event-fields", f"event {seq} has not the fields of an event")
        self.demand(event["seq"] == seq, "custody.sequence", f"line {seq} says it is number {event['seq']}")
        self.demand(event["ledger"] == self.ledger_id, "equality.ledger", f"event {seq} is of another ledger")
        self.demand(event["case"] == get(self.info, "case", "number"), "equality.case",
                    f"event {seq} is of another case")
        self.demand((event["type"] == "open") == (seq == 0), "custody.no-open", "not exactly event 0 opens the ledger")
        self.check_relevance(seq, event, tags, matching)
        self.check_event_signature(seq, line, event, raw)
        self.events.append(event)
        return ef.sha256(raw)

    def check_relevance(self, seq, event, tags, matching):
        items = event["items"]
        self.demand(len(set(items)) == len(items) and len(tags) == ef.tag_count(len(items)),
                    "custody.tags-malformed", f"event {seq} has not the number of tags its items call for")
        self.demand(seq == 0 or (items and set(items) <= set(self.items)), "custody.event-overshown",
                    f"event {seq} concerns what is not in the package and is shown all the same")
        self.demand(matching == set(items) & set(self.items), "custody.tag-mismatch",
                    f"the tags of event {seq} are not those of its items")

    def check_event_signature(self, seq, line, event, raw):
        actor = event["actor"]
        named, signed = actor.get("certificate_sha256"), "signature" in line
        if not self.demand((named is not None) == signed and ("algorithm" in actor) == signed
                           and (not signed or named == line["signer"]),
                           "custody.signature-stripped", f"event {seq}: actor and signature do not agree") or not signed:
            return
        name = f"custody/signers/{named}.pem"
        if not self.demand(is_hex(named, HEX64) and name in self.package.by_name, "custody.signer-missing",
                           f"event {seq}: the certificate of its signer is missing"):
            return
        chain = self.package.content(name)
        leaf = self.signer_certificate(seq, chain, named)
        if leaf is None:
            return
        if not self.demand(ef.algorithm_fits(actor["algorithm"], leaf), "custody.signature-invalid",
                           f"event {seq}: the algorithm does not fit the key"):
            return
        try:
            signature = ef.base64.b64decode(line["signature"], validate=True)
        except (ValueError, TypeError):
            signature = b""
        self.demand(signature and ef.base64.b64encode(signature).decode("ascii") == line["signature"]
                    and ef.verify_event(raw, signature, actor["algorithm"], chain),
                    "custody.signature-invalid", f"event {seq}: the signature does not hold")
        self.check_signer_trust(seq, event, leaf, chain)

    def signer_certificate(self, seq, chain, named):
        try:
            leaf = strict_der.Certificate(ef.pem_certificates(chain)[0])
        except (IndexError, ValueError):
            leaf = None
        good = leaf is not None and leaf.fingerprint == named
        self.demand(good, "custody.signer-missing", f"event {seq}: the signer's file holds another certificate")
        return leaf if good else None

    def check_signer_trust(self, seq, event, leaf, chain):
        at = instant(event["at"])
        self.demand(leaf.not_before <= at <= leaf.not_after, "time.inconsistent",
                    f"event {seq} lies outside the validity of its signer's certificate")
        if not ef.verify_chain(chain, self.ca_path, at.timestamp()):
            self.note("custody.signer-untrusted", f"event {seq}: no chain to the given anchor")

    def check_ledger_end(self, link):
        size, info = len(self.lines), self.info["ledger"]
        self.demand(set(info) == {"id", "link", "size"} and info["size"] == size and info["link"] == link.hex(),
                    "equality.ledger", "package.json names another end of the ledger")
        self.demand(self.package.content("custody/checkpoint") == ef.ledger_checkpoint(self.ledger_id, size, link),
                    "custody.checkpoint-mismatch", "custody/checkpoint is not the end of this chain")
        self.demand(size > 0 and self.events and self.events[0]["seq"] == 0, "custody.no-open", "the ledger is empty")
        signers = {get(e, "actor", "certificate_sha256") for e in self.events}
        for name in self.package.names():
            if name.startswith("custody/signers/") and name[16:80] not in signers:
                self.note("custody.signer-unused", name)

    def check_acquire_events(self):
        found = [(i, e) for e in self.events if e["type"] == "acquire" for i in e["items"]]
        order = [i for i, _ in found]
        self.demand(order == list(self.items), "custody.acquire-missing",
                    "the items are not those acquired, once each and in that order")
        for item_id, event in found:
            if item_id not in self.items:
                continue
            record = self.items[item_id]["objects"][0]["record"]
            whole = record.get("media") or record
            self.demand(get(event, "digests_after", item_id) == get(whole, "digests")
                        and get(event, "detail", "acquisition_sha256") == record.get("acquisition_sha256")
                        and get(event, "detail", "size_bytes") == get(whole, "size_bytes"),
                        "custody.acquire-mismatch", f"{item_id}: acquired were other bytes than are recorded")

    # --- what has to be said alike everywhere -----------------------------------------

    def check_equalities(self):
        info, terms = self.info, self.terms
        self.demand(isinstance(info["id"], str) and UUID.fullmatch(info["id"]), "document.fields",
                    "the package id is no UUID in lower case")
        self.demand(terms["package"] == info["id"], "equality.package-id", "terms.json names another package")
        self.demand(terms["ledger"] == get(info, "ledger", "id"), "equality.ledger", "terms.json names another ledger")
        self.demand(terms["conditions"] == info["conditions"], "equality.conditions",
                    "terms.json binds to other conditions than package.json")
        self.demand(terms["created_at"] == info["created_at"], "equality.created-at",
                    "terms.json was made at another time")
        shared = ("certificate_sha256", "name", "organization")
        self.demand(terms["sealed_by"] == {k: get(info, "sealed_by", k) for k in shared}, "equality.sealed-by",
                    "terms.json names another sealer")
        objects = sum(n.startswith("data/") for n in self.package.names())
        self.demand(info["objects"] == objects and info["records"] == len(self.records), "equality.counts",
                    "package.json counts other objects or records")

    def check_times(self):
        created = instant(self.info["created_at"])
        if not self.demand(created is not None, "document.fields", "created_at is no time"):
            return
        for event in self.events:
            self.demand(instant(event["at"]) <= created, "time.inconsistent",
                        f"event {event['seq']} is later than the package")
        for number, signature in self.signatures.items():
            self.check_signing_time(number, signature, created)

    def check_signing_time(self, number, signature, created):
        """Clocks may disagree a little, so order is demanded within the tolerance only."""
        signed, token, signer = signature.signing_time, self.token_times.get(number), signature.signer
        ordered = created <= signed + TOLERANCE and (token is None or signed <= token + TOLERANCE)
        moments = [created, signed] + ([token] if token else [])
        inside = all(signer.not_before <= m <= signer.not_after for m in moments)
        self.demand(ordered and inside, "time.inconsistent",
                    f"signature {number}: creation, signing, time-stamp and certificate do not fit together")


def check(path, ca_path):
    """Violations and notes about a package, each a list of lines."""
    try:
        with ef.Package(path) as package:
            checker = Checker(package, ca_path)
            checker.run()
            return checker.violations, checker.notes
    except ef.FormatError as error:
        return [f"{error.code}: {error.text}"], []


def main(arguments):
    if len(arguments) != 2:
        print("usage: check_package.py PACKAGE CA.pem", file=sys.stderr)
        return 2
    violations, notes = check(*arguments)
    for line in notes:
        print(f"note {line}", file=sys.stderr)
    print("\n".join(violations) if violations else "ok")
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
