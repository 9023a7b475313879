#!/usr/bin/env python3
"""Make a sealed package: make_package.py OUT.asice --pki DIR [--seed N]

DIR receives a throw-away authority (ca.pem) and a signer; they are made on
first use and used again afterwards. The contents follow from the seed; keys,
signatures and times do not. Randomness here is for tests, not for secrecy.
"""

import argparse
import datetime
import hashlib
import io
import json
import os
import random
import tarfile
import uuid
import zlib

import evidence_format as ef

CASE = "HN-INTEROP-1"
PLACE = "Hà Nội"
ZONE = "+07:00"
TOOL = {"name": "make_package", "version": "1"}
CONDITIONS = [{"kind": "use-limit", "text": "only for the proceeding named in the request"},
              {"kind": "no-onward", "text": "không chuyển tiếp"}]
PERSON = {"name": "Nguyễn Thị Điều Tra", "organization": "Interop Authority", "role": "investigator"}

README = """\
HOW TO CHECK THIS PACKAGE

You hold one file that is an ordinary ZIP, a BagIt bag and a signed ASiC-E container. Nothing but unzip,
openssl and the small tools of every Unix system is needed. Put the path of the package into PACKAGE and
the path of the certificate of the authority you trust, obtained by another way than this package, into CA.
Both have to be full paths. Then give the lines below in their order; silence means that a step found nothing wrong,
apart from openssl, which says "successful" once for every signature.

First unpack the file:

    unzip -q "$PACKAGE" -d bag && cd bag

Second, ask whether the holder of the key signed the two lists of files:

    for n in 1 2; do openssl cms -verify -cades -binary -inform DER -no-CApath -no-CAstore -CAfile "$CA" -in META-INF/signature00$n.p7s -content META-INF/ASiCManifest00$n.xml -out /dev/null || echo "BAD SIGNATURE: $n"; done

Third, compare every file with the digest in the lists:

    for m in META-INF/ASiCManifest*.xml; do sed -n 's/.*URI="\\([^"]*\\)"><[^"]*"\\([^"]*\\)".*<ds:DigestValue>\\([^<]*\\)<.*/\\1 \\2 \\3/p' "$m" | while read -r f a d; do [ "$(openssl dgst -"${a##*#}" -binary "$f" | openssl base64 -A)" = "$d" ] || echo "DIFFERS: $f ($m)"; done; done

Fourth, look for files that no list names:

    find . -type f ! -path './META-INF/*' ! -name mimetype | sed 's|^\\./||' | while read -r f; do grep -qF "URI=\\"$f\\"" META-INF/ASiCManifest001.xml || echo "NOT SIGNED: $f"; done

The same digests stand in the two lists that archivists know:

    sha256sum -c --quiet manifest-sha256.txt tagmanifest-sha256.txt

Large objects have their digests piece by piece, so that damage can be located:

    for p in pieces/*.txt; do n=$(basename "$p" .txt); split -b 1M --filter=sha256sum data/$n.* | cut -c1-64 | cmp - "$p"; done

On Windows, Get-FileHash -Algorithm SHA256 FILE gives the digest to compare with manifest-sha256.txt.
This package has no time-stamp: when it was made is the signer's word. Once the signer's certificate has
expired, add -attime SECONDS, the time of signing, to the openssl command.
"""

CA_CONFIG = """\
[ca]
default_ca = throwaway
[throwaway]
database = {folder}/index.txt
new_certs_dir = {folder}
rand_serial = yes
default_md = sha256
policy = names
unique_subject = no
email_in_dn = no
[names]
countryName = optional
organizationName = optional
commonName = supplied
[req]
distinguished_name = asked
[asked]
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[signer]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature,nonRepudiation
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
"""


class Pki:
    """An authority and one signer. `profile` is the extension section of the signer, for tests of wrong ones."""

    def __init__(self, folder, signer="signer", extra_config="", profile="signer", curve="P-256"):
        self.folder = os.path.abspath(folder)
        os.makedirs(self.folder, exist_ok=True)
        self.ca, self.ca_key = self.path("ca.pem"), self.path("ca.key")
        self.config = self.path("ca.cnf")
        with open(self.config, "w", encoding="utf-8") as stream:
            stream.write(CA_CONFIG.format(folder=self.folder) + extra_config)
        if not os.path.exists(self.ca):
            open(self.path("index.txt"), "w", encoding="utf-8").close()
            self._certify("ca", "/C=VN/O=Interop Authority/CN=Interop Root", "root", self.ca_key, "P-256", "-selfsign")
        self.certificate, self.key = self.path(signer + ".pem"), self.path(signer + ".key")
        if not os.path.exists(self.certificate):
            self._certify(signer, f"/C=VN/O=Interop Authority/CN=Interop {signer}", profile, self.ca_key, curve)
        with open(self.certificate, "rb") as stream:
            self.pem = stream.read()
        self.fingerprint = hashlib.sha256(ef.pem_certificates(self.pem)[0]).hexdigest()

    def path(self, name):
        return os.path.join(self.folder, name)

    def _certify(self, name, subject, profile, issuer_key, curve, *extra):
        """`openssl ca` is the one command that can date a certificate back to before the events."""
        key, request, out = self.path(name + ".key"), self.path(name + ".csr"), self.path(name + ".pem")
        ef.openssl_must("genpkey", "-algorithm", "EC", "-pkeyopt", f"ec_paramgen_curve:{curve}", "-out", key)
        ef.openssl_must("req", "-new", "-config", self.config, "-key", key, "-subj", subject, "-out", request)
        start = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=30)
        issuer = () if extra else ("-cert", self.ca)
        ef.openssl_must("ca", "-batch", "-notext", "-config", self.config, "-keyfile", issuer_key, *issuer, *extra,
                        "-startdate", start.strftime("%Y%m%d%H%M%SZ"),
                        "-enddate", start.replace(year=start.year + 20, day=1).strftime("%Y%m%d%H%M%SZ"),
                        "-extensions", profile, "-in", request, "-out", out)


def unchanged(_what, value):
    """The default of `change`: tests pass a function that spoils one thing before it is hashed and signed."""
    return value


class Item:
    """What was acquired, with its records apart from salts."""

    def __init__(self, item_id, kind, extension, source, data, key):
        self.id, self.kind, self.extension, self.source = item_id, kind, extension, source
        self.data, self.key = data, key
        self.sha256 = hashlib.sha256(data).hexdigest()
        self.entries = []
        self.pieces = ef.piece_digests(data) if len(data) > ef.PIECE else []
        self.acquisition = b""

    def extent(self):
        """The fields that describe the bytes, as records and acquisition files both have them."""
        fields = {"size_bytes": len(self.data), "digests": {"sha256": self.sha256},
                  "crc32": f"{zlib.crc32(self.data):08x}"}
        if self.pieces:
            fields["pieces_root"] = ef.pieces_root(self.pieces).hex()
        return fields

    def record(self):
        fields = {"format": "evidence-record/1", "item": self.id, "kind": self.kind, "source": self.source,
                  "item_key": self.key.hex(), "acquisition_sha256": hashlib.sha256(self.acquisition).hexdigest()}
        fields.update(self.extent())
        if self.pieces:
            fields["piece_size_bytes"] = ef.PIECE
        return fields


class Maker:
    def __init__(self, pki, seed=0, change=unchanged, case=CASE):
        self.pki, self.change, self.case = pki, change, case
        self.random = random.Random(f"interop {seed}")
        self.now = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
        self.package_id = str(uuid.UUID(bytes=self.random.randbytes(16), version=4))
        self.ledger_id = self.random.randbytes(16).hex()
        self.link, self.lines = ef.first_link(self.ledger_id), []
        self.items = []
        self.actor = dict(PERSON, certificate_sha256=pki.fingerprint, algorithm="ecdsa-sha256")

    def before(self, minutes):
        return (self.now - datetime.timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%S.000Z")

    # --- items ------------------------------------------------------------------

    def add_item(self, item_id, kind, extension, source, data, minutes):
        data = self.change("data " + item_id, data)
        item = Item(item_id, kind, extension, source, data, self.random.randbytes(16))
        fields = {"format": "evidence-acquisition/1", "case": self.case, "item": item_id, "method": kind,
                  "clock": {"source": "system", "offset_ms": 0}, "zone": ZONE, "tool": TOOL,
                  "started_at": self.before(minutes + 1), "completed_at": self.before(minutes),
                  "source": {"path": source}, "salt": self.random.randbytes(16).hex()}
        item.acquisition = ef.encode_document(self.change("acquisition " + item_id, {**fields, **item.extent()}))
        self.items.append(item)
        return item

    def make_image(self):
        """Not a multiple of the piece size, with a hole in the middle as disks have."""
        size = ef.PIECE + 200_000 + self.random.randrange(1000)
        return self.random.randbytes(400_000) + bytes(300_000) + self.random.randbytes(size - 700_000)

    def tree_members(self):
        """Name, type, content or target. Some need an extended header: length, letters, a fine time, raw bytes."""
        deep = "thư mục/" + "rất dài " * 20 + "tên.txt"
        text = f"Chào bạn {self.random.randrange(10**6)}\n".encode("utf-8")
        return sorted([
            (b"a link", "symlink", "thư mục/đơn.txt".encode("utf-8")),
            (b"bytes-\xff\xfe.bin", "file", self.random.randbytes(700)),
            (b"empty", "file", b""),
            (b"pipe", "fifo", None),
            ("thư mục".encode("utf-8"), "directory", None),
            (deep.encode("utf-8"), "file", self.random.randbytes(1025)),
            ("thư mục/trống".encode("utf-8"), "directory", None),
            ("thư mục/đơn.txt".encode("utf-8"), "file", text),
            ("thư mục/đơn2.txt".encode("utf-8"), "hardlink", "thư mục/đơn.txt".encode("utf-8")),
            (b"with space", "directory", None),
            (b"with space/\"quote\"\n.txt", "file", self.random.randbytes(512)),
        ], key=lambda m: m[0].split(b"/"))

    def make_tree(self):
        """The archive and, for each member, its record and place."""
        kinds = {"file": tarfile.REGTYPE, "directory": tarfile.DIRTYPE, "symlink": tarfile.SYMTYPE,
                 "hardlink": tarfile.LNKTYPE, "fifo": tarfile.FIFOTYPE}
        stream, described = io.BytesIO(), []
        archive = tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT, errors="surrogateescape")
        for name, kind, value in self.tree_members():
            info = tarfile.TarInfo(name.decode("utf-8", "surrogateescape"))
            info.type = kinds[kind]
            info.mode = {"directory": 0o755, "symlink": 0o777}.get(kind, 0o4640 if kind == "fifo" else 0o644)
            info.uid, info.gid = 1000, self.random.randrange(3_000_000)
            seconds, nanoseconds = self.random.randrange(-10**8, 1_700_000_000), self.random.randrange(10**9)
            # Archivers disagree on how to write fractions of a second before 1970: none is made here.
            fine = seconds >= 0 and self.random.random() < 0.5
            self._set_times(info, seconds, nanoseconds if fine else 0)
            data = value if kind == "file" else b""
            info.size = len(data)
            if kind in ("symlink", "hardlink"):
                info.linkname = value.decode("utf-8", "surrogateescape")
            archive.addfile(info, io.BytesIO(data))
            described.append((self._describe(name, kind, value, info, seconds, nanoseconds if fine else 0), data))
        archive.close()
        return stream.getvalue(), self._place(stream, described)

    @staticmethod
    def _set_times(info, seconds, nanoseconds):
        """The plain header holds whole seconds since 1970; all else goes into the extended one, as decimal text."""
        info.mtime = max(seconds, 0)
        if nanoseconds or seconds < 0:
            info.pax_headers["mtime"] = f"{seconds}.{nanoseconds:09d}" if nanoseconds else str(seconds)
        if nanoseconds:
            info.pax_headers["atime"] = f"1700000000.{nanoseconds:09d}"

    @staticmethod
    def _describe(name, kind, value, info, seconds, nanoseconds):
        moment = datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=seconds)
        fields = {"format": "evidence-record/1", "kind": "entry", "type": kind, "mode": f"{info.mode:04o}",
                  "uid": info.uid, "gid": info.gid, "mtime": f"{moment.isoformat()}.{nanoseconds:09d}Z"}
        if nanoseconds:
            fields["atime"] = f"2023-11-14T22:13:20.{nanoseconds:09d}Z"
        for field, raw in (("name", name), ("target", value if kind in ("symlink", "hardlink") else None)):
            try:
                fields.update({field: raw.decode("utf-8")} if raw is not None else {})
            except UnicodeDecodeError:
                fields[field + "_bytes"] = raw.hex()
        if kind == "file":
            fields.update(size_bytes=len(value), digests={"sha256": hashlib.sha256(value).hexdigest()})
        return fields

    @staticmethod
    def _place(stream, described):
        """Where each file's bytes start is asked of `tarfile`, not of the reader that checks packages."""
        stream.seek(0)
        with tarfile.open(fileobj=stream, errors="surrogateescape") as archive:
            offsets = [m.offset_data for m in archive.getmembers()]
        return [(fields, offset if fields["type"] == "file" else None)
                for (fields, _), offset in zip(described, offsets)]

    # --- custody ------------------------------------------------------------------

    def add_event(self, kind, minutes, items=(), signed=True, shown=True, extra_keys=(), **fields):
        """Append to the chain. `extra_keys`: keys of items that are not in the package."""
        seq = len(self.lines)
        event = {"format": "evidence-event/1", "ledger": self.ledger_id, "case": self.case, "seq": seq, "type": kind,
                 "at": self.before(minutes), "zone": ZONE, "clock": "system", "items": list(items), "place": PLACE,
                 "reason": "", "authority": "warrant 12/2025", "nonce": self.random.randbytes(16).hex(),
                 "actor": dict(self.actor if signed else PERSON), "detail": {}, **fields}
        event = self.change(f"event {seq}", event)
        keys = [i.key for i in self.items if i.id in event["items"]] + list(extra_keys)
        tags = self.change(f"tags {seq}", self._tags(seq, keys))
        raw = ef.encode_json(event)
        self.link = ef.next_link(self.link, ef.event_digest(tags, ef.sha256(raw)))
        line = {"link": self.link.hex(), "tags": tags.hex()}
        if self.change(f"shown {seq}", shown):
            line["event"] = event
            if signed:
                line["signature"] = ef.base64.b64encode(ef.sign_event(raw, self.pki.key)).decode("ascii")
                line["signer"] = self.pki.fingerprint
        else:
            line.update(digest=ef.sha256(raw).hex(), seq=seq)
        self.lines.append(self.change(f"line {seq}", line))

    def _tags(self, seq, keys):
        tags = [ef.relevance_tag(key, self.ledger_id, seq) for key in keys]
        tags += [self.random.randbytes(ef.TAG) for _ in range(ef.tag_count(len(keys)) - len(keys))]
        return b"".join(sorted(tags))

    def acquire(self, item, minutes):
        self.add_event("acquire", minutes, [item.id], digests_after={item.id: {"sha256": item.sha256}},
                       detail={"acquisition_sha256": hashlib.sha256(item.acquisition).hexdigest(),
                               "size_bytes": len(item.data), "method": item.kind, "tool": TOOL})

    def tell_story(self):
        """Ten events: two withheld, one unsigned, one about two items."""
        self.add_event("open", 120)
        disk = self.add_item("DISK-01", "image", "img", "/dev/sdb", self.make_image(), 110)
        self.acquire(disk, 109)
        other = self.random.randbytes(16)
        self.add_event("acquire", 105, ["OTHER-09"], shown=False, extra_keys=[other])
        archive, entries = self.make_tree()
        tree = self.add_item("TREE-01", "tree", "tar", "/home/nghi phạm/thư", archive, 100)
        tree.entries = entries
        self.acquire(tree, 99)
        self.add_event("move", 90, ["DISK-01"], reason="to the laboratory")
        self.add_event("checkpoint", 80, shown=False, detail={"size": 5, "link": self.link.hex()})
        note = self.add_item("FILE-01", "file", "bin", "/home/nghi phạm/ghi chú.txt", b"ghi ch\xc3\xba\n" * 3, 70)
        self.acquire(note, 69)
        self.add_event("store", 60, ["DISK-01", "TREE-01"], reason="evidence room", place="Kho 3")
        self.add_event("label", 50, ["FILE-01"], signed=False)
        self.add_event("verify_ok", 40, ["TREE-01"], digests_before={"TREE-01": {"sha256": tree.sha256}},
                       detail={"target_sha256": tree.sha256, "verdict": "TOTAL-PASSED"})

    # --- package ------------------------------------------------------------------

    def item_lines(self):
        lines = []
        for number, item in enumerate(self.items, 1):
            where = f"data/{number:06d}.{item.extension}"
            lines.append({"at": {"object": where}, "record": item.record()})
            for fields, offset in item.entries:
                at = {"object": where} if offset is None else {"object": where, "offset_bytes": offset}
                lines.append({"at": at, "record": dict(fields, item=item.id)})
        for line in lines:
            line["record"]["salt"] = self.random.randbytes(16).hex()
        return self.change("items", lines)

    def package_json(self, records):
        return self.change("package.json", {
            "case": {"number": self.case, "title": "Vụ án thử nghiệm"}, "conditions": CONDITIONS,
            "created_at": self.before(0), "format": "evidence-package/1", "id": self.package_id, "kind": "seal",
            "ledger": {"id": self.ledger_id, "link": self.link.hex(), "size": len(self.lines)},
            "objects": len(self.items), "previous": None, "records": records, "sealed_by": self.actor,
            "timestamp": "none", "tool": TOOL})

    def terms_json(self):
        sealer = {k: self.actor[k] for k in ("certificate_sha256", "name", "organization")}
        return self.change("terms.json", {
            "conditions": CONDITIONS, "created_at": self.before(0), "format": "evidence-terms/1",
            "ledger": self.ledger_id, "package": self.package_id, "sealed_by": sealer})

    def bag_info(self):
        sizes = [len(i.data) for i in self.items]
        return (f"Bag-Software-Agent: {TOOL['name']} {TOOL['version']}\nBagging-Date: {self.now:%Y-%m-%d}\n"
                f"External-Identifier: {self.package_id}\nInternal-Sender-Identifier: {self.case}\n"
                f"Payload-Oxum: {sum(sizes)}.{len(sizes)}\nSource-Organization: {PERSON['organization']}\n").encode()

    def documents(self):
        """Everything but manifests and signatures, in the order of the entries."""
        lines = self.item_lines()
        files = {"mimetype": ef.MIMETYPE,
                 "bagit.txt": b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
                 "bag-info.txt": self.bag_info(), "README.txt": README.encode("utf-8"),
                 "package.json": ef.encode_document(self.package_json(len(lines))),
                 "terms.json": ef.encode_document(self.terms_json())}
        numbered = list(enumerate(self.items, 1))
        files.update({f"data/{n:06d}.{i.extension}": i.data for n, i in numbered})
        files["items.jsonl"] = ef.encode_lines(lines)
        root = ef.items_root([line["record"] for line in lines])
        files["items.checkpoint"] = ef.items_checkpoint(self.package_id, len(lines), root)
        files.update({f"pieces/{n:06d}.txt": ef.pieces_file(i.pieces) for n, i in numbered if i.pieces})
        files.update({f"acquisition/{n:06d}.json": i.acquisition for n, i in numbered})
        files["custody/ledger.jsonl"] = ef.encode_lines(self.lines)
        files["custody/checkpoint"] = ef.ledger_checkpoint(self.ledger_id, len(self.lines), self.link)
        files[f"custody/signers/{self.pki.fingerprint}.pem"] = self.pki.pem
        return self.change("files", files)

    def sign(self, files):
        """Add the lists of files and the two signatures."""
        digest = {n: hashlib.sha256(d).hexdigest() for n, d in files.items()}
        payload = [(n, digest[n]) for n in files if n.startswith("data/")]
        self._put(files, digest, "manifest-sha256.txt", ef.bag_manifest(payload))
        tags = [(n, digest[n]) for n in files if ef.is_tag_file(n)]
        self._put(files, digest, "tagmanifest-sha256.txt", ef.bag_manifest(tags))
        for number in (1, 2):
            manifest = ef.build_manifest(number, list(files), digest.__getitem__)
            self._put(files, digest, f"META-INF/ASiCManifest{number:03d}.xml", manifest)
            manifest = files[f"META-INF/ASiCManifest{number:03d}.xml"]
            signature = ef.sign_cms(manifest, self.pki.certificate, self.pki.key)
            self._put(files, digest, f"META-INF/signature{number:03d}.p7s", signature)
        return files

    def _put(self, files, digest, name, data):
        files[name] = self.change(name, data)
        digest[name] = hashlib.sha256(files[name]).hexdigest()

    def make(self, path):
        self.tell_story()
        files = self.change("sealed", self.sign(self.documents()))
        ef.write_zip(path, files.items())
        return path


def make(path, pki, seed=0, change=unchanged):
    return Maker(pki, seed, change).make(path)


def main():
    parser = argparse.ArgumentParser(description="Make a sealed package with a throw-away authority.")
    parser.add_argument("out")
    parser.add_argument("--pki", required=True, help="folder of the authority; ca.pem is put there")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    pki = Pki(options.pki)
    make(options.out, pki, options.seed)
    print(json.dumps({"package": options.out, "anchor": pki.ca}))


if __name__ == "__main__":
    main()
