#!/usr/bin/env python3
"""Play the attacker: change one thing in a package and cover the traces.

    mutate_package.py PACKAGE --list
    mutate_package.py PACKAGE OUT --entry NAME [--thorough]
    mutate_package.py PACKAGE OUT --signature-byte K [--mask M]

Checksums, sizes and every list of digests are made to fit again; signatures
and time-stamps stay what they were, for want of the key. With --thorough the
records, pieces, checkpoints, acquire events and links of the chain are made to
fit as well, so that nothing but signatures can give the change away. The ZIP
is perfect in every case. --signature-byte changes a single byte inside
META-INF/signature001.p7s and repairs nothing but its checksum.
"""

import argparse
import hashlib
import re
import sys
import zlib

import evidence_format as ef

SIGNATURE = "META-INF/signature001.p7s"
FIXED_TEXT = {"mimetype": (b"asic-e", b"asic-s"), "bagit.txt": (b"1.0", b"1.1")}
DOCUMENTS = {
    "package.json": lambda d: d["case"].update(title=d["case"].get("title", "") + " (2)"),
    "terms.json": lambda d: d.update(conditions=[{"kind": "use-limit", "text": "none"}]
                                     if d["conditions"] != [{"kind": "use-limit", "text": "none"}] else []),
}


def load(path):
    with ef.Package(path) as package:
        return {name: package.content(name) for name in package.names()}


# --- one sensible change per kind of entry ----------------------------------------

def flip(data, position, mask=1):
    return data[:position] + bytes([data[position] ^ mask]) + data[position + 1:]


def other_digit(data, position):
    """Another character of the same alphabet, so that hex stays hex and base64 stays base64."""
    return data[:position] + (b"1" if data[position:position + 1] != b"1" else b"2") + data[position + 1:]


def change_lines(data, change):
    """Apply `change` to the first line of a JSON Lines file that it accepts."""
    lines = ef.decode_lines(data, "entry")
    for line in lines:
        if change(line):
            return ef.encode_lines(lines)
    raise SystemExit("no line of this entry can be changed sensibly")


def change_record(line):
    """Another origin, for an item; another owner, for something inside a tree."""
    record = line["record"]
    field = "source" if "source" in record else "uid" if "uid" in record else None
    if field:
        record[field] = "/dev/sdz" if field == "source" and record[field] != "/dev/sdz" else record[field] * 2 or 1
    return field


def change_event(line):
    if "event" not in line:
        return False
    line["event"]["place"] = str(line["event"].get("place", "")) + " 2"
    return True


def change_document(name, data):
    document = ef.decode_document(data, name)
    if name in DOCUMENTS:
        DOCUMENTS[name](document)
    else:
        document["note"] = str(document.get("note", "")) + "changed"
    return ef.encode_document(document)


def digit_position(name, data):
    """Where a digit may change without the text losing its form."""
    if name.startswith("META-INF/"):
        return data.index(b"<ds:DigestValue>") + len(b"<ds:DigestValue>")
    if name.endswith(".pem"):
        return data.index(b"\n") + 40
    if name == "bag-info.txt":
        return data.index(b"Bagging-Date: ") + len(b"Bagging-Date: YYYY-MM-D")
    if name.endswith("checkpoint"):
        return data.rindex(b"\n", 0, len(data) - 1) + 1
    return 0


def change(name, data):
    """The entry's new bytes; never the old ones."""
    if name in FIXED_TEXT:
        return data.replace(*FIXED_TEXT[name], 1)
    if name == "items.jsonl":
        return change_lines(data, change_record)
    if name == "custody/ledger.jsonl":
        return change_lines(data, change_event)
    if name.endswith(".json"):
        return change_document(name, data)
    if name.endswith((".p7s", ".tst")):
        return flip(data, len(data) - 3)
    if name == "README.txt":
        return data + b"Nothing needs to be checked.\n"
    if name.startswith("data/") or name.endswith((".map", ".jsonl")):
        return flip(data, len(data) // 2) if data else b"\0"
    return other_digit(data, digit_position(name, data))


# --- covering the traces ------------------------------------------------------------

def repair_manifests(files, spared):
    """Make every list of digests true again, but for the entry that was changed on purpose."""
    def digest(name):
        return hashlib.sha256(files[name]).hexdigest()

    lists = {"manifest-sha256.txt": lambda n: n.startswith("data/"), "tagmanifest-sha256.txt": ef.is_tag_file}
    for name, listed in lists.items():
        if name != spared:
            files[name] = ef.bag_manifest([(n, digest(n)) for n in files if listed(n)])
    for name in list(files):
        match = re.fullmatch(r"META-INF/ASiCManifest([0-9]{3})\.xml", name)
        if match and name != spared:
            files[name] = ef.build_manifest(int(match[1]), list(files), digest)


def redigest(digests, data):
    names = {"sha3-256": "sha3_256", "blake2b512": "blake2b"}
    return {a: hashlib.new(names.get(a, a), data).hexdigest() for a in digests}


def repair_object(files, spared, record, where):
    """Record and piece list of one payload object."""
    data, number = files[where], where[5:11]
    record.update(size_bytes=len(data), digests=redigest(record["digests"], data), crc32=f"{zlib.crc32(data):08x}")
    if "pieces_root" in record:
        digests = ef.piece_digests(data)
        record["pieces_root"] = ef.pieces_root(digests).hex()
        if spared != f"pieces/{number}.txt":
            files[f"pieces/{number}.txt"] = ef.pieces_file(digests)


def repair_acquisition(files, spared, record, where):
    name = f"acquisition/{where[5:11]}.json"
    if "acquisition_sha256" not in record or "media" in record:
        return
    if name != spared:
        document = ef.decode_document(files[name], name)
        document.update({k: record[k] for k in ("size_bytes", "digests", "crc32", "pieces_root")
                         if k in document and k in record})
        files[name] = ef.encode_document(document)
    record["acquisition_sha256"] = hashlib.sha256(files[name]).hexdigest()


def repair_records(files, spared):
    lines = ef.decode_lines(files["items.jsonl"], "items.jsonl")
    for line in lines:
        record, at = line["record"], line["at"]
        if record["kind"] != "entry":
            repair_object(files, spared, record, at["object"])
            repair_acquisition(files, spared, record, at["object"])
        elif "digests" in record:
            start = at["offset_bytes"]
            record["digests"] = redigest(record["digests"], files[at["object"]][start:start + record["size_bytes"]])
    if spared != "items.jsonl":
        files["items.jsonl"] = ef.encode_lines(lines)
    return {line["record"]["item"]: line["record"] for line in lines if "acquisition_sha256" in line["record"]}


def repair_event(event, records):
    """An acquire event is made to tell of the changed bytes; its signature is left behind."""
    for item in event["items"]:
        if event["type"] == "acquire" and item in records and "media" not in records[item]:
            event["digests_after"][item] = records[item]["digests"]
            event["detail"].update(acquisition_sha256=records[item]["acquisition_sha256"],
                                   size_bytes=records[item]["size_bytes"])


def repair_chain(files, ledger_id, records):
    lines = ef.decode_lines(files["custody/ledger.jsonl"], "ledger")
    link = ef.first_link(ledger_id)
    for line in lines:
        if "event" in line:
            repair_event(line["event"], records)
            digest = ef.sha256(ef.encode_json(line["event"]))
        else:
            digest = bytes.fromhex(line["digest"])
        link = ef.next_link(link, ef.event_digest(bytes.fromhex(line["tags"]), digest))
        line["link"] = link.hex()
    files["custody/ledger.jsonl"] = ef.encode_lines(lines)
    return len(lines), link


def repair_thoroughly(files, spared):
    records = repair_records(files, spared)
    info = ef.decode_document(files["package.json"], "package.json")
    size, link = repair_chain(files, info["ledger"]["id"], records)
    info["ledger"].update(size=size, link=link.hex())
    lines = ef.decode_lines(files["items.jsonl"], "items.jsonl")
    root = ef.items_root([line["record"] for line in lines])
    terms = ef.decode_document(files["terms.json"], "terms.json")
    if spared == "terms.json":
        info["conditions"] = terms["conditions"]
    repaired = {"package.json": ef.encode_document(info),
                "items.checkpoint": ef.items_checkpoint(info["id"], len(lines), root),
                "custody/checkpoint": ef.ledger_checkpoint(info["ledger"]["id"], size, link)}
    files.update({name: data for name, data in repaired.items() if name != spared})


def mutate_entry(files, name, thorough=False):
    """Changed files; raises if the change should come to nothing after the repair."""
    changed = dict(files)
    changed[name] = change(name, files[name])
    assert changed[name] != files[name]
    if thorough and not name.startswith("META-INF/") and name != "mimetype":
        repair_thoroughly(changed, name)
    repair_manifests(changed, name)
    assert changed[name] != files[name]
    return changed


def mutate_signature(files, position, mask=1):
    size = len(files[SIGNATURE])
    if not 0 <= position < size or not 1 <= mask <= 255:
        raise SystemExit(f"the signature has bytes 0 to {size - 1}, and a mask has a bit")
    return {**files, SIGNATURE: flip(files[SIGNATURE], position, mask)}


def main():
    parser = argparse.ArgumentParser(description="Change one thing in a package and cover the traces.")
    parser.add_argument("package")
    parser.add_argument("out", nargs="?")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--list", action="store_true", help="name the entries, with the size of each")
    what.add_argument("--entry", metavar="NAME")
    what.add_argument("--signature-byte", type=int, metavar="K")
    parser.add_argument("--mask", type=lambda t: int(t, 0), default=1, help="bits to flip in that byte (default 1)")
    parser.add_argument("--thorough", action="store_true")
    options = parser.parse_args()
    files = load(options.package)
    if options.list:
        print("\n".join(f"{name}\t{len(data)}" for name, data in files.items()))
        return
    if not options.out:
        parser.error("OUT is missing")
    if options.entry is not None:
        if options.entry not in files:
            sys.exit(f"{options.entry} is not in the package; --list names what is")
        changed = mutate_entry(files, options.entry, options.thorough)
    else:
        changed = mutate_signature(files, options.signature_byte, options.mask)
    ef.write_zip(options.out, changed.items())


if __name__ == "__main__":
    main()
