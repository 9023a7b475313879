"""Reading the tar of a captured tree, byte by byte.

Python's own `tarfile` is used where packages are made; reading is done here
with other code, so that one mistake cannot hide in both places.
"""

import datetime
import re

BLOCK = 512
TYPES = {b"0": "file", b"\0": "file", b"1": "hardlink", b"2": "symlink",
         b"3": "device", b"4": "device", b"5": "directory", b"6": "fifo"}
PAX_TIMES = {"mtime": b"mtime", "atime": b"atime", "ctime": b"ctime", "btime": b"LIBARCHIVE.creationtime"}
EPOCH = datetime.datetime(1970, 1, 1)


class TarError(ValueError):
    """The archive is not a tar of the kind the format allows."""


class Entry:
    """One member; `name` and `target` are bytes, times are nanoseconds or None."""

    def __init__(self, name, kind, target, offset, size, numbers, times):
        self.name, self.kind, self.target = name, kind, target
        self.offset, self.size = offset, size
        self.mode, self.uid, self.gid = numbers
        self.times = times


def _number(field):
    """An octal field, or the base-256 form used for values that do not fit."""
    if field[0] & 0x80:
        value = int.from_bytes(field, "big") & ((1 << (8 * len(field) - 1)) - 1)
        return value - (1 << (8 * len(field) - 1)) if field[0] & 0x40 else value
    text = field.strip(b" \0")
    if not re.fullmatch(rb"[0-7]*", text):
        raise TarError("a number field is not octal")
    return int(text or b"0", 8)


def _text(field):
    return field.split(b"\0", 1)[0]


def _check_header(block):
    if block[257:265] != b"ustar\x0000":
        raise TarError("a header is not of the POSIX kind")
    counted = sum(block[:148]) + 8 * 32 + sum(block[156:])
    if _number(block[148:156]) != counted:
        raise TarError("a header has a wrong checksum")


def _pax_records(body):
    records, pos = {}, 0
    while pos < len(body):
        match = re.match(rb"([0-9]{1,10}) ", body[pos:pos + 12])
        length = int(match[1]) if match else 0
        record = body[pos:pos + length]
        if not match or len(record) != length or not record.endswith(b"\n") or b"=" not in record:
            raise TarError("an extended header is malformed")
        key, value = record[len(match[0]):-1].split(b"=", 1)
        records[key] = value
        pos += length
    if any(key.startswith(b"GNU.sparse") for key in records):
        raise TarError("a member is stored sparse")
    return records


def _decimal(value):
    if not re.fullmatch(rb"[0-9]+", value):
        raise TarError("a number in an extended header is malformed")
    return int(value)


def _nanoseconds(value):
    match = re.fullmatch(rb"(-?)([0-9]+)(?:\.([0-9]+))?", value)
    if not match:
        raise TarError("a time in an extended header is malformed")
    total = int(match[2]) * 10**9 + int((match[3] or b"").ljust(9, b"0")[:9])
    return -total if match[1] else total


def _times(block, pax):
    times = {field: _nanoseconds(pax[key]) for field, key in PAX_TIMES.items() if key in pax}
    times.setdefault("mtime", _number(block[136:148]) * 10**9)
    return times


def _member(block, pax, offset):
    kind = TYPES.get(bytes(block[156:157]))
    if kind is None:
        raise TarError(f"a member has the unknown type {bytes(block[156:157])!r}")
    prefix, name = _text(block[345:500]), _text(block[0:100])
    name = pax.get(b"path", prefix + b"/" + name if prefix else name)
    target = pax.get(b"linkpath", _text(block[157:257])) if kind in ("symlink", "hardlink") else None
    size = _decimal(pax[b"size"]) if b"size" in pax else _number(block[124:136])
    if kind != "file" and size:
        raise TarError("a member that is no file has content")
    if kind == "directory" and name.endswith(b"/"):
        name = name[:-1]
    uid = _decimal(pax[b"uid"]) if b"uid" in pax else _number(block[108:116])
    gid = _decimal(pax[b"gid"]) if b"gid" in pax else _number(block[116:124])
    numbers = (_number(block[100:108]) & 0o7777, uid, gid)
    return Entry(name, kind, target, offset, size, numbers, _times(block, pax))


def _check_name(name):
    parts = name.split(b"/")
    if not name or b"" in parts or b"." in parts or b".." in parts or b"\0" in name:
        raise TarError(f"the name {name!r} is not a plain relative path")


def _padded(size):
    return -(-size // BLOCK) * BLOCK


def _take(view, pos, size):
    """`size` bytes at `pos`, whose padding to a whole block must be zeros."""
    end = pos + _padded(size)
    if end > len(view):
        raise TarError("the archive is cut off")
    if any(view[pos + size:end]):
        raise TarError("padding is not zero")
    return view[pos:pos + size], end


def read(view):
    """All members in archive order. Names must ascend part by part, so none repeats."""
    entries, pax, pos, previous = [], {}, 0, None
    while True:
        block, after = _take(view, pos, BLOCK)
        block = bytes(block)
        if not any(block):
            break
        _check_header(block)
        if block[156:157] == b"x":
            if pax:
                raise TarError("two extended headers in a row")
            body, pos = _take(view, after, _number(block[124:136]))
            pax = _pax_records(bytes(body))
            continue
        entry = _member(block, pax, after)
        _check_name(entry.name)
        parts = entry.name.split(b"/")
        if previous is not None and parts <= previous:
            raise TarError(f"the name {entry.name!r} is out of order")
        previous, pax = parts, {}
        _, pos = _take(view, after, entry.size)
        entries.append(entry)
    if pax:
        raise TarError("an extended header without a member")
    _check_end(view, pos)
    return entries


def _check_end(view, pos):
    if len(view) - pos < 2 * BLOCK or len(view) % BLOCK:
        raise TarError("the end marker is cut off")
    for start in range(pos, len(view), 1 << 20):
        if any(view[start:start + (1 << 20)]):
            raise TarError("there are bytes after the end marker")


def text_or_bytes(field, value):
    """Valid UTF-8 goes into the plain field, anything else as hex into the other."""
    try:
        return {field: value.decode("utf-8")}
    except UnicodeDecodeError:
        return {field + "_bytes": value.hex()}


def timestamp(nanoseconds):
    seconds, rest = divmod(nanoseconds, 10**9)
    try:
        moment = EPOCH + datetime.timedelta(seconds=seconds)
    except OverflowError as error:
        raise TarError("a time is beyond what can be written") from error
    return moment.strftime("%Y-%m-%dT%H:%M:%S").rjust(19, "0") + f".{rest:09d}Z"


def describe(entry):
    """The fields of an entry's record that follow from its header alone."""
    fields = {"format": "evidence-record/1", "kind": "entry", "type": entry.kind,
              "mode": f"{entry.mode:04o}", "uid": entry.uid, "gid": entry.gid}
    fields.update(text_or_bytes("name", entry.name))
    if entry.target is not None:
        fields.update(text_or_bytes("target", entry.target))
    for field, value in entry.times.items():
        fields[field] = timestamp(value)
    if entry.kind == "file":
        fields["size_bytes"] = entry.size
    return fields
