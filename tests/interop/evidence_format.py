"""The sealed package format, version 1, written from its description alone.

A second implementation, sharing no code with the C++ tools: canonical JSON,
the ZIP profile, the manifests, the two hash trees, the custody chain. Only the
Python standard library is used; signatures go through the `openssl` command.
"""

import base64
import functools
import hashlib
import json
import mmap
import os
import re
import struct
import subprocess
import tempfile
import zlib

MIMETYPE = b"application/vnd.etsi.asic-e+zip"
PIECE = 1 << 20
MAX_DEPTH = 16
MAX_INTEGER = 2**53
MAX_ENTRIES = 65535
LIMIT32 = 0xFFFFFFFF
FIRST_TOKEN = 3


class FormatError(Exception):
    """A violation with a stable code."""

    def __init__(self, code, text):
        super().__init__(f"{code}: {text}")
        self.code, self.text = code, text


# --- canonical JSON -----------------------------------------------------------

def encode_json(value):
    """The one encoding of `value`. Python orders text by code point, which is UTF-8 byte order."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8")


def _reject(text):
    raise ValueError(f"{text!r} is not allowed")


def _unique(pairs):
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _integer(text):
    value = int(text) if len(text) < 20 else MAX_INTEGER
    if abs(value) >= MAX_INTEGER:
        raise ValueError("an integer is too large")
    return value


def _check_depth(data):
    """Brackets are counted before parsing, so deep nesting never reaches the recursive parser."""
    depth = 0
    for token in re.finditer(rb'"(?:[^"\\]|\\.)*"|[\[{\]}]', data, re.S):
        if token[0] in (b"[", b"{"):
            depth += 1
            if depth > MAX_DEPTH:
                raise ValueError("nested too deeply")
        elif token[0] in (b"]", b"}"):
            depth -= 1


def decode_json(data, what):
    """Parse bytes that must be canonical; encoding the result again has to give the same bytes."""
    data = bytes(data)
    try:
        _check_depth(data)
        value = json.loads(data.decode("utf-8"), object_pairs_hook=_unique, parse_int=_integer,
                           parse_float=_reject, parse_constant=_reject)
        if encode_json(value) != data:
            raise ValueError("not in canonical form")
    except (ValueError, RecursionError) as error:
        raise FormatError("json.not-canonical", f"{what}: {error}") from error
    return value


def encode_document(value):
    return encode_json(value) + b"\n"


def decode_document(data, what):
    data = bytes(data)
    if not data.endswith(b"\n"):
        raise FormatError("json.not-canonical", f"{what}: no newline at the end")
    value = decode_json(data[:-1], what)
    if not isinstance(value, dict):
        raise FormatError("json.not-canonical", f"{what}: not an object")
    return value


def encode_lines(values):
    return b"".join(encode_document(v) for v in values)


def decode_lines(data, what):
    lines = bytes(data).split(b"\n")
    if lines.pop() != b"":
        raise FormatError("json.not-canonical", f"{what}: the last line has no newline")
    return [decode_document(line + b"\n", f"{what} line {n}") for n, line in enumerate(lines, 1)]


# --- ZIP profile --------------------------------------------------------------

NAME = re.compile(r"[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*")


def local_header(name, size, crc):
    """Everything that precedes an entry's bytes, from name, size and CRC alone."""
    raw = name.encode("ascii")
    extra, shown = b"", size
    if size >= LIMIT32:
        extra, shown = struct.pack("<HHQQ", 1, 16, size, size), LIMIT32
    return struct.pack("<IHHHHHIIIHH", 0x04034B50, 45 if extra else 10, 0, 0, 0, 0x0021,
                       crc, shown, shown, len(raw), len(extra)) + raw + extra


def directory_record(name, size, crc, offset):
    """One record of the directory. Only what does not fit 32 bits moves into the extra field."""
    raw = name.encode("ascii")
    wide = [size, size] if size >= LIMIT32 else []
    wide += [offset] if offset >= LIMIT32 else []
    extra = struct.pack(f"<HH{len(wide)}Q", 1, 8 * len(wide), *wide) if wide else b""
    shown, where = min(size, LIMIT32), min(offset, LIMIT32)
    return struct.pack("<IHHHHHHIIIHHHHHII", 0x02014B50, 0x032D if wide else 0x030A, 45 if wide else 10,
                       0, 0, 0, 0x0021, crc, shown, shown, len(raw), len(extra), 0, 0, 0,
                       0o100644 << 16, where) + raw + extra


def end_records(count, size, offset):
    """The end record, preceded by the 64-bit record and its locator when they are needed."""
    wide = b""
    if size >= LIMIT32 or offset >= LIMIT32:
        wide = struct.pack("<IQHHIIQQQQ", 0x06064B50, 44, 0x032D, 45, 0, 0, count, count, size, offset)
        wide += struct.pack("<IIQI", 0x07064B50, 0, offset + size, 1)
    return wide + struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, count, count,
                              min(size, LIMIT32), min(offset, LIMIT32), 0)


class ZipWriter:
    """Writes the profile front to back; sizes and checksums are known before each entry."""

    def __init__(self, stream):
        self.stream, self.offset, self.records = stream, 0, []

    def _write(self, data):
        self.stream.write(data)
        self.offset += len(data)

    def add(self, name, data):
        crc = zlib.crc32(data)
        self.records.append(directory_record(name, len(data), crc, self.offset))
        self._write(local_header(name, len(data), crc))
        self._write(data)

    def close(self):
        directory, start = b"".join(self.records), self.offset
        self._write(directory)
        self._write(end_records(len(self.records), len(directory), start))


def write_zip(path, entries):
    """`entries`: pairs of name and bytes, in order. Nothing stands under `path` until all is written."""
    temporary = f"{path}.part"
    with open(temporary, "wb") as stream:
        writer = ZipWriter(stream)
        for name, data in entries:
            writer.add(name, data)
        writer.close()
    os.replace(temporary, path)


class ZipEntry:
    def __init__(self, name, size, crc, offset):
        self.name, self.size, self.crc, self.offset = name, size, crc, offset
        self.start = 0


def _read_end(view):
    """Count, size and offset of the directory, from the records at the very end."""
    if len(view) < 22:
        raise FormatError("zip.end-record", "the file is too short to be a ZIP")
    fields = struct.unpack("<IHHHHIIH", view[-22:])
    if fields[0] != 0x06054B50:
        raise FormatError("zip.end-record", "the file does not end with an end record (rule 3)")
    count, size, offset = fields[4], fields[5], fields[6]
    if LIMIT32 in (size, offset):
        if len(view) < 98:
            raise FormatError("zip.end-record", "the 64-bit end record is missing (rule 3)")
        wide = struct.unpack("<IQHHIIQQQQ", view[-98:-42])
        size, offset = wide[8], wide[9]
    end = len(end_records(count, size, offset))
    if offset + size + end != len(view):
        raise FormatError("zip.gap", "the directory does not reach exactly to the end records (rule 3)")
    if bytes(view[len(view) - end:]) != end_records(count, size, offset):
        raise FormatError("zip.end-record", "the end records are not the ones regenerated (rule 5)")
    return count, size, offset


def _wide_fields(extra, size, offset):
    """Values that a directory record moved into its 64-bit extra field."""
    need = (2 if size == LIMIT32 else 0) + (1 if offset == LIMIT32 else 0)
    if not need:
        return size, offset
    if len(extra) != 4 + 8 * need:
        raise FormatError("zip.directory-mismatch", "a 64-bit extra field has the wrong length (rule 2)")
    values = list(struct.unpack(f"<{need}Q", extra[4:]))
    if size == LIMIT32:
        size = values[0]
    if offset == LIMIT32:
        offset = values[-1]
    return size, offset


def _read_record(view, pos, end):
    """One directory record: read what it says, then demand that it is said in the one right way."""
    if end - pos < 46 or bytes(view[pos:pos + 4]) != b"PK\x01\x02":
        raise FormatError("zip.directory-mismatch", "a directory record is missing (rule 3)")
    fields = struct.unpack("<IHHHHHHIIIHHHHHII", view[pos:pos + 46])
    crc, size, name_length, extra_length, offset = fields[7], fields[9], fields[10], fields[11], fields[16]
    name_end = pos + 46 + name_length
    try:
        name = bytes(view[pos + 46:name_end]).decode("ascii")
    except UnicodeDecodeError as error:
        raise FormatError("zip.name", "a name is not ASCII (rule 4)") from error
    size, offset = _wide_fields(bytes(view[name_end:name_end + extra_length]), size, offset)
    expected = directory_record(name, size, crc, offset)
    if bytes(view[pos:min(pos + len(expected), end)]) != expected:
        raise FormatError("zip.directory-mismatch", f"{name}: the directory record is not the one regenerated (rule 5)")
    return ZipEntry(name, size, crc, offset), pos + len(expected)


def _read_directory(view):
    count, size, offset = _read_end(view)
    entries, pos, end = [], offset, offset + size
    while pos < end:
        entry, pos = _read_record(view, pos, end)
        entries.append(entry)
    if len(entries) != count:
        raise FormatError("zip.directory-mismatch", "the directory has another number of records than it says (rule 3)")
    return entries, offset


def check_names(names):
    """Rule 4, apart from the list of names."""
    folded = set()
    for name in names:
        parts = name.split("/")
        if not NAME.fullmatch(name) or len(name) > 200 or "." in parts or ".." in parts:
            raise FormatError("zip.name", f"{name!r} is not an allowed name (rule 4)")
        if name.casefold() in folded:
            raise FormatError("zip.duplicate-name", f"{name} stands twice (rule 4)")
        folded.add(name.casefold())


def read_structure(view):
    """All entries, after every byte of the file was accounted for."""
    entries, directory = _read_directory(view)
    pos = 0
    for entry in entries:
        if entry.offset != pos:
            raise FormatError("zip.gap", f"{entry.name} starts at {entry.offset}, expected {pos} (rule 3)")
        header = local_header(entry.name, entry.size, entry.crc)
        if bytes(view[pos:pos + len(header)]) != header:
            raise FormatError("zip.header-mismatch",
                              f"{entry.name}: the local header is not the one regenerated (rule 5)")
        entry.start = pos + len(header)
        pos = entry.start + entry.size
    if pos != directory:
        raise FormatError("zip.gap", f"the entries end at {pos}, the directory starts at {directory} (rule 3)")
    check_names(e.name for e in entries)
    return entries


class Package:
    """An opened package whose structure holds. Contents are views into the mapped file."""

    def __init__(self, path):
        self._file = open(path, "rb")
        try:
            if os.fstat(self._file.fileno()).st_size == 0:
                raise FormatError("zip.end-record", "the file is empty")
            self._map = mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ)
            self.view = memoryview(self._map)
            self.entries = read_structure(self.view)
            self.by_name = {e.name: e for e in self.entries}
            self._check_mimetype()
        except BaseException:
            self._file.close()
            raise

    def _check_mimetype(self):
        first = self.entries[0] if self.entries else None
        if first is None or first.name != "mimetype" or self.content("mimetype") != MIMETYPE:
            raise FormatError("zip.mimetype", "the first entry does not say that this is such a container (rule 1)")

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.view.release()
        try:
            self._map.close()
        except BufferError:
            pass  # a slice is still held by a traceback; the garbage collector closes the map
        self._file.close()

    def names(self):
        return [e.name for e in self.entries]

    def slice(self, name):
        entry = self.by_name[name]
        return self.view[entry.start:entry.start + entry.size]

    def content(self, name):
        return bytes(self.slice(name))


def chunks(view, size=PIECE):
    for start in range(0, len(view), size):
        yield view[start:start + size]


def crc32(view):
    value = 0
    for chunk in chunks(view):
        value = zlib.crc32(chunk, value)
    return value


# --- names and their order ----------------------------------------------------

_ORDER = [re.compile(p) for p in (
    r"mimetype", r"bagit\.txt", r"bag-info\.txt", r"README\.txt", r"package\.json", r"terms\.json", r"request\.json",
    r"data/(?P<number>[0-9]{6})\.(?:img|tar|bin|[0-9]{3}|E[0-9A-Z]{2})",
    r"items\.jsonl", r"items\.checkpoint", r"pieces/(?P<number>[0-9]{6})\.txt",
    r"acquisition/(?P<number>[0-9]{6})\.(?P<part>json|map|omitted\.jsonl)",
    r"custody/ledger\.jsonl", r"custody/checkpoint", r"custody/signers/[0-9a-f]{64}\.pem",
    r"manifest-sha256\.txt", r"tagmanifest-sha256\.txt",
    r"META-INF/(?:ASiCManifest|signature)001\.(?:xml|p7s)", r"META-INF/(?:ASiCManifest|signature)002\.(?:xml|p7s)",
    r"META-INF/(?:ASiCManifest|signature)(?P<number>1[0-9][1-9]|1[1-9]0)\.(?:xml|p7s)",
    r"META-INF/(?:ASiCManifest|timestamp)003\.(?:xml|tst)", r"META-INF/(?:ASiCManifest|timestamp)004\.(?:xml|tst)",
    r"META-INF/(?:ASiCArchiveManifest|timestamp)(?P<number>00[5-9]|0[1-9][0-9])\.(?:xml|tst)",
)]
_PAIRED = re.compile(r"META-INF/(?:ASiC(?:Archive)?Manifest[0-9]{3}\.xml|signature[0-9]{3}\.p7s|timestamp[0-9]{3}\.tst)")
_PARTS = {"json": 0, "map": 1, "omitted.jsonl": 2}


def rank(name):
    """Sort key of an entry's place, or None for a name that may not be there."""
    if name.startswith("META-INF/") and not _PAIRED.fullmatch(name):
        return None
    for place, pattern in enumerate(_ORDER):
        match = pattern.fullmatch(name)
        if match:
            groups = match.groupdict()
            second = _PARTS.get(groups.get("part"), 0) + (1 if name.endswith((".p7s", ".tst")) else 0)
            return place, int(groups.get("number") or 0), second
    return None


def is_tag_file(name):
    return name != "mimetype" and not name.startswith(("data/", "META-INF/")) and name != "tagmanifest-sha256.txt"


# --- manifests ----------------------------------------------------------------

def bag_manifest(digests):
    """`digests`: pairs of name and hex digest, in entry order."""
    return "".join(f"{digest}  {name}\n" for name, digest in digests).encode("ascii")


DIGEST_METHODS = {"sha256": "http://www.w3.org/2001/04/xmlenc#sha256",
                  "sha384": "http://www.w3.org/2001/04/xmldsig-more#sha384",
                  "sha512": "http://www.w3.org/2001/04/xmlenc#sha512"}


def asic_manifest(target, mime, references, algorithm="sha256"):
    """`references`: pairs of name and hex digest; `target` is the file that signs or stamps this one."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>',
             '<asic:ASiCManifest xmlns:asic="http://uri.etsi.org/02918/v1.2.1#"'
             ' xmlns:ds="http://www.w3.org/2000/09/xmldsig#">',
             f'<asic:SigReference URI="{target}" MimeType="{mime}"/>']
    for name, digest in references:
        value = base64.b64encode(bytes.fromhex(digest)).decode("ascii")
        lines.append(f'<asic:DataObjectReference URI="{name}">'
                     f'<ds:DigestMethod Algorithm="{DIGEST_METHODS[algorithm]}"/>'
                     f"<ds:DigestValue>{value}</ds:DigestValue></asic:DataObjectReference>")
    lines.append("</asic:ASiCManifest>")
    return ("\n".join(lines) + "\n").encode("ascii")


BLIND_NAMES = ("items.checkpoint", "custody/checkpoint", "terms.json")


def manifest_plan(number):
    """Signing file, its media type, and a test for what manifest `number` lists (None: fixed list)."""
    if number in (FIRST_TOKEN, FIRST_TOKEN + 1):
        return f"META-INF/timestamp{number:03d}.tst", "application/vnd.etsi.timestamp-token"
    return f"META-INF/signature{number:03d}.p7s", "application/pkcs7-signature"


def manifest_names(number, all_names):
    """What a manifest lists. The second keeps an order of its own, not that of the entries."""
    if number == 2:
        return list(BLIND_NAMES)
    if number in (FIRST_TOKEN, FIRST_TOKEN + 1):
        signed = number - 2
        return [f"META-INF/ASiCManifest{signed:03d}.xml", f"META-INF/signature{signed:03d}.p7s"]
    return [n for n in all_names if n != "mimetype" and not n.startswith("META-INF/")]


def build_manifest(number, all_names, digest_of):
    target, mime = manifest_plan(number)
    return asic_manifest(target, mime, [(n, digest_of(n)) for n in manifest_names(number, all_names)])


# --- hash trees, pieces, checkpoints --------------------------------------------

def sha256(data):
    return hashlib.sha256(data).digest()


def leaf_hash(data):
    return sha256(b"\x00" + data)


def tree_root(leaves):
    """Root over leaf hashes in the shape of RFC 6962."""
    if not leaves:
        return sha256(b"")
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return sha256(b"\x01" + tree_root(leaves[:split]) + tree_root(leaves[split:]))


def items_root(records):
    """Sorting by leaf hash makes a leaf's position say nothing about its record."""
    return tree_root(sorted(leaf_hash(encode_json(r)) for r in records))


def piece_digests(view):
    return [sha256(piece) for piece in chunks(view)]


def pieces_root(digests):
    return tree_root([leaf_hash(d) for d in digests])


def pieces_file(digests):
    return "".join(d.hex() + "\n" for d in digests).encode("ascii")


def checkpoint(origin, size, root):
    return f"{origin}\n{size}\n{base64.b64encode(root).decode('ascii')}\n".encode("ascii")


def items_checkpoint(package_id, size, root):
    return checkpoint(f"evidence-items/1/{package_id}", size, root)


def ledger_checkpoint(ledger_id, size, link):
    return checkpoint(f"evidence-ledger/1/{ledger_id}", size, link)


# --- custody chain --------------------------------------------------------------

TAG = 16
TAGS_STEP = 8


def relevance_tag(item_key, ledger_id, seq):
    return sha256(b"evidence-tag/1\n" + item_key + ledger_id.encode("ascii") + struct.pack(">Q", seq))[:TAG]


def tag_count(items):
    return max(TAGS_STEP, -(-items // TAGS_STEP) * TAGS_STEP)


def split_tags(text):
    """The tags of a ledger line; their number and order are part of the format."""
    if not isinstance(text, str) or not re.fullmatch(r"(?:[0-9a-f]{256})+", text):
        raise FormatError("custody.tags-malformed", "tags do not come in eights")
    raw = bytes.fromhex(text)
    tags = [raw[i:i + TAG] for i in range(0, len(raw), TAG)]
    if tags != sorted(tags):
        raise FormatError("custody.tags-malformed", "tags are not sorted")
    return tags


def event_digest(tags, bytes_digest):
    return sha256(b"\x10" + sha256(tags) + bytes_digest)


def first_link(ledger_id):
    return sha256(b"evidence-ledger/1\n" + ledger_id.encode("ascii"))


def next_link(link, digest):
    return sha256(b"\x11" + link + digest)


def signed_event_bytes(event_bytes):
    return b"evidence-event/1\n" + event_bytes


# --- openssl --------------------------------------------------------------------

STORE = ("-no-CApath", "-no-CAstore")


def openssl(*arguments, data=None):
    """Run the command; the answer has `returncode`, `stdout` and `stderr`."""
    return subprocess.run(["openssl", *map(str, arguments)], input=data, capture_output=True, check=False)


def openssl_must(*arguments, data=None):
    done = openssl(*arguments, data=data)
    if done.returncode:
        raise RuntimeError(f"openssl {arguments[0]} failed: {done.stderr.decode('utf-8', 'replace')}")
    return done.stdout


def pem_certificates(data):
    """DER of every certificate in a PEM text."""
    blocks = re.findall(rb"-----BEGIN CERTIFICATE-----\s+([A-Za-z0-9+/=\s]+?)-----END CERTIFICATE-----", data)
    return [base64.b64decode(b"".join(block.split())) for block in blocks]


def _in_files(**contents):
    """A temporary folder holding the given contents, one file per keyword."""
    folder = tempfile.TemporaryDirectory(prefix="interop-")
    paths = {}
    for name, data in contents.items():
        paths[name] = os.path.join(folder.name, name)
        with open(paths[name], "wb") as stream:
            stream.write(data)
    return folder, paths


def last_line(done):
    """What openssl said, short enough for one line of a report."""
    lines = [line for line in done.stderr.decode("utf-8", "replace").splitlines() if line.strip()]
    return lines[-1] if lines else "no message"


def verify_cms(signature, content, ca_path, at_time=None):
    """None if the detached signature holds, else openssl's words."""
    folder, paths = _in_files(signature=signature, content=content)
    with folder:
        moment = ("-attime", str(int(at_time))) if at_time is not None else ()
        done = openssl("cms", "-verify", "-cades", "-binary", "-inform", "DER", *STORE, "-CAfile", ca_path, *moment,
                       "-in", paths["signature"], "-content", paths["content"], "-out", os.devnull)
        return None if done.returncode == 0 else last_line(done)


def verify_token(token, content, ca_path, at_time):
    folder, paths = _in_files(token=token, content=content)
    with folder:
        done = openssl("ts", "-verify", "-data", paths["content"], "-in", paths["token"], "-token_in",
                       "-CAfile", ca_path, "-attime", str(int(at_time)))
        return None if done.returncode == 0 else last_line(done)


@functools.lru_cache(maxsize=1024)
def verify_chain(chain_pem, ca_path, at_time):
    """Does the first certificate of `chain_pem` lead to an anchor?"""
    folder, paths = _in_files(chain=chain_pem)
    with folder:
        done = openssl("verify", *STORE, "-CAfile", ca_path, "-untrusted", paths["chain"],
                       "-attime", str(int(at_time)), paths["chain"])
        return done.returncode == 0


EVENT_ALGORITHMS = {
    "ecdsa-sha256": (("EC", "P-256"), ("dgst", "-sha256")),
    "ecdsa-sha384": (("EC", "P-384"), ("dgst", "-sha384")),
    "rsa-pss-sha256": (("RSA", None), ("dgst", "-sha256", "-sigopt", "rsa_padding_mode:pss",
                                       "-sigopt", "rsa_pss_saltlen:32")),
    "ed25519": (("Ed25519", None), None),
}


def algorithm_fits(algorithm, certificate):
    wanted = EVENT_ALGORITHMS.get(algorithm, ((None, None), None))[0]
    return wanted[0] == certificate.key_type and wanted[1] in (None, certificate.key_detail)


@functools.lru_cache(maxsize=64)
def public_key(chain_pem):
    return openssl_must("x509", "-pubkey", "-noout", data=chain_pem)


def verify_event(event_bytes, signature, algorithm, chain_pem):
    """Is `signature` the one of this event by the first certificate of `chain_pem`?"""
    folder, paths = _in_files(public=public_key(chain_pem), signature=signature, data=signed_event_bytes(event_bytes))
    with folder:
        command = EVENT_ALGORITHMS[algorithm][1]
        if command is None:
            done = openssl("pkeyutl", "-verify", "-pubin", "-inkey", paths["public"], "-rawin",
                           "-in", paths["data"], "-sigfile", paths["signature"])
        else:
            done = openssl(*command, "-verify", paths["public"], "-signature", paths["signature"], paths["data"])
        return done.returncode == 0


def sign_event(event_bytes, key_path):
    """ECDSA over SHA-256, the only kind this program makes."""
    return openssl_must("dgst", "-sha256", "-sign", key_path, data=signed_event_bytes(event_bytes))


def sign_cms(content, certificate_path, key_path):
    """A detached CAdES signature. Without streaming: that mode would embed the content."""
    return openssl_must("cms", "-sign", "-binary", "-cades", "-outform", "DER", "-md", "sha256", "-nosmimecap",
                        "-signer", certificate_path, "-inkey", key_path, data=content)
