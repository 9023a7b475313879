# What the record and the ledger say is what was there: the interface the source was read through,
# its sizes, the areas that could not be reached, times, program and digests.
skip() { echo "skipped: $*" >&2; exit 77; }
[ "$(id -u)" = 0 ] || skip "loop devices need root"
head -c 3000320 /dev/urandom >disk
device=$(losetup --find --show --read-only disk 2>/dev/null) || skip "losetup does not work here"
trap 'losetup --detach "$device"' EXIT
evidence-custody init case --case-number C-1 --title T --officer Lan --quiet >/dev/null
from=$(date -u +%Y-%m-%dT%H:%M:%S.000Z)
evidence-acquire --case case --item DISK-1 --digest md5,sha1,sha512 --write-blocker 'T8u' --quiet \
    --place 'Ha Noi' --authority 'Warrant 7' "$device"
until=$(date -u +%Y-%m-%dT%H:%M:%S.999Z)
evidence-custody log --case case --json >log
python3 - "$device" "$from" "$until" <<'END'
import hashlib, json, os, platform, subprocess, sys, zlib
device, begun, ended = sys.argv[1:]
text = open("case/items/DISK-1/acquisition.json").read()
record, disk = json.loads(text), open("disk", "rb").read()
checks = {each["check"]: each for each in record["preflight"]}


def ask(what):
    return int(subprocess.check_output(["blockdev", what, device]))


def state(what, holds):
    print(("" if holds else "WRONG: ") + what)


source = record["source"]
state("interface: the block device by its name", source["path"] == device
      and record["method"] == "image")
state("sizes and sectors as the system says", (
    source["size_bytes"], source["logical_sector"], source["physical_sector"]) == (
        ask("--getsize64"), ask("--getss"), ask("--getpbsz")))
state("read-only as the system says",
      (checks["read-only"]["result"] == "pass") == bool(ask("--getro")))
state("hidden areas are never passed over in silence",
      checks["hidden-areas"]["result"] == "unknown" and checks["hidden-areas"]["detail"])
state("kernel and host", platform.release() in checks["kernel"]["detail"]
      and checks["host"]["detail"] == platform.node())
state("times", begun <= record["started_at"] <= record["completed_at"] <= ended)
state("program", record["tool"]["name"] == "evidence-acquire" and record["tool"]["version"])
state("write blocker, place and authority as given", (
    record["write_blocker"], record["place"], record["authority"]) == (
        "T8u", "Ha Noi", "Warrant 7"))
state("digests", record["digests"] == {
    name: hashlib.new(name, disk).hexdigest()
    for name in ("md5", "sha1", "sha256", "sha512")})
state("CRC-32", record["crc32"] == f"{zlib.crc32(disk):08x}")
event = [each["event"] for each in json.load(open("log"))["events"]
         if each["event"]["type"] == "acquire"][0]
state("the ledger has the digest of the record itself",
      event["detail"]["acquisition_sha256"] == hashlib.sha256(text.encode()).hexdigest())
END
