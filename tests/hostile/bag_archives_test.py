#!/usr/bin/env python3
"""Archives of bags that somebody made to hurt: names that lead elsewhere, links, devices, bombs,
two truths under one name; then every archive cut and damaged in many places. Nothing is ever
unpacked, nothing passes that is not whole, nothing crashes.

bag_archives_test.py BIN_DIR
"""

import bz2
import io
import json
import multiprocessing
import pathlib
import subprocess
import sys
import tarfile
import tempfile
import warnings
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "bags"))

from bag_maker import Bag  # noqa: E402

MEMORY_LIMIT_KIB = 64 * 1024
GIB = 1 << 30


def member(name, kind=tarfile.REGTYPE, **more):
    entry = tarfile.TarInfo(name)
    entry.type = kind
    for key, value in more.items():
        setattr(entry, key, value)
    return entry


def add_bag(tar, base="bag", bag=None):
    for name, content in (bag or Bag("1.0")).files().items():
        tar.addfile(member(f"{base}/{name}", size=len(content)), io.BytesIO(content))


def tar_with(*members):
    def make(path):
        with tarfile.open(path, "w") as tar:
            add_bag(tar)
            for entry, content in members:
                entry.size = len(content)
                tar.addfile(entry, io.BytesIO(content))
    return make


def holes(path):
    """A sparse file with holes before, between and behind its data; one that is nothing else."""
    content = bytearray(6 << 20)
    content[3 << 20:(3 << 20) + 5] = b"hello"
    with tempfile.TemporaryDirectory() as scratch:
        bag = Bag("1.0", payload={"data/some": bytes(content), "data/all": bytes(2 << 20)})
        folder = bag.write(pathlib.Path(scratch) / "bag")
        for name in bag.payload:
            subprocess.run(["fallocate", "-d", folder / name], check=True)
        subprocess.run(["tar", "-S", "-cf", path, "bag"], cwd=scratch, check=True)


def zip_with(*members):
    def make(path):
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in Bag("1.0").files().items():
                archive.writestr(f"bag/{name}", content)
            for name, content in members:
                with warnings.catch_warnings(action="ignore"):  # of names that are there twice
                    archive.writestr(name, content)
    return make


def two_bags(path):
    with tarfile.open(path, "w") as tar:
        add_bag(tar)
        add_bag(tar, "other")


def behind_the_end(make_second):
    """Another archive behind the end of a good one: other programs may unpack just that."""
    def make(path):
        with tarfile.open(path, "w") as tar:
            add_bag(tar)
        with tempfile.TemporaryDirectory() as scratch:
            second = pathlib.Path(scratch) / "second"
            make_second(second)
            with open(path, "ab") as file:
                file.write(second.read_bytes())
    return make


def without_base_folder(path):
    with tarfile.open(path, "w") as tar:
        add_bag(tar, ".")


def bomb_of_zeros(path):
    """1.2 GiB of zeros in about a kilobyte."""
    packer = bz2.BZ2Compressor()
    with open(path, "wb") as file:
        head = io.BytesIO()
        with tarfile.open(fileobj=head, mode="w") as tar:
            add_bag(tar)
            end = tar.offset
        size = GIB + GIB // 5
        file.write(packer.compress(head.getvalue()[:end]))  # without the zeros at its end
        file.write(packer.compress(member("bag/data/zeros", size=size).tobuf()))
        for _ in range(size >> 20):
            file.write(packer.compress(bytes(1 << 20)))
        file.write(packer.compress(bytes(1024)))
        file.write(packer.flush())


def bomb_of_holes(path):
    """A sparse file of 8 TiB in a few kilobytes: GNU's own way."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Bag("1.0").write(pathlib.Path(scratch) / "bag")
        with open(folder / "data/holes", "wb") as file:
            file.truncate(8 << 40)
        subprocess.run(["tar", "-S", "-cf", path, "bag"], cwd=scratch, check=True)


def nested_archive(path):
    """A tar in a ZIP is no serialized bag: unpacking it once gives no bag."""
    inner = io.BytesIO()
    with tarfile.open(fileobj=inner, mode="w") as tar:
        add_bag(tar)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("bag.tar", inner.getvalue())


OUTSIDE, SPECIAL = "bag.path-outside", "bag.not-a-file"
CASES = {
    "second-tar.tar": (behind_the_end(tar_with()), 1, "bag.duplicate-name"),
    "second-zip.tar": (behind_the_end(zip_with()), 1, "bag.archive-damaged"),
    "absolute.tar": (tar_with((member("/tmp/evil"), b"x")), 1, OUTSIDE),
    "upwards.tar": (tar_with((member("bag/../../evil"), b"x")), 1, OUTSIDE),
    "upwards.zip": (zip_with(("bag/../../evil", b"x")), 1, OUTSIDE),
    "drive.zip": (zip_with(("C:/evil", b"x")), 1, OUTSIDE),
    "backslash.zip": (zip_with(("..\\evil", b"x")), 1, OUTSIDE),
    "long-name.tar": (tar_with((member("bag/data/" + "x" * 100_000), b"x")), 1, OUTSIDE),
    "symlink.tar": (tar_with((member("bag/data/l", tarfile.SYMTYPE, linkname="/etc/passwd"), b"")),
                    1, SPECIAL),
    "hardlink.tar": (tar_with((member("bag/data/l", tarfile.LNKTYPE, linkname="/etc/passwd"), b"")),
                     1, SPECIAL),
    "device.tar": (tar_with((member("bag/data/d", tarfile.BLKTYPE, devmajor=8), b"")), 1, SPECIAL),
    "fifo.tar": (tar_with((member("bag/data/f", tarfile.FIFOTYPE), b"")), 1, SPECIAL),
    "twice.tar": (tar_with((member("bag/data/letter.txt"), b"a letter\n")), 1, "bag.duplicate-name"),
    "twice-dotted.tar": (tar_with((member("./bag//data/letter.txt"), b"a letter\n")), 1,
                         "bag.duplicate-name"),
    "twice.zip": (zip_with(("bag/data/letter.txt", b"another\n")), 1, "bag.duplicate-name"),
    "declared-twice.tar": (tar_with((member("bag/bagit.txt"), b"BagIt-Version: 0.97\n")), 1,
                           "bag.duplicate-name"),
    "unlisted.tar": (tar_with((member("bag/data/more"), b"")), 1, "payload.unexpected"),
    "base-is-a-link.tar": (tar_with((member("bag", tarfile.SYMTYPE, linkname="/tmp"), b"")), 1,
                           "bag.serialized-layout"),
    "beside.tar": (tar_with((member("evil.exe"), b"x")), 1, "bag.serialized-layout"),
    "two-bags.tar": (two_bags, 1, "bag.serialized-layout"),
    "no-base.tar": (without_base_folder, 1, "bag.serialized-layout"),
    "zeros.tar.bz2": (bomb_of_zeros, 6, "bag.archive-expansion"),
    "sparse.tar": (holes, 0, None),
    "holes.tar": (bomb_of_holes, 6, "bag.archive-expansion"),
    "nested.zip": (nested_archive, 1, None),
}


def verify(tool, target):
    done = subprocess.run([tool, "--json", target], capture_output=True, text=True, check=False,
                          timeout=300, cwd=target.parent)
    codes = {finding["code"] for finding in json.loads(done.stdout)["findings"]} \
        if done.stdout else set()
    return done.returncode, codes, done.stderr


def check_cases(tool, folder, complain):
    for name, (make, status, code) in CASES.items():
        archive = folder / ("bag." + name.partition(".")[2])
        make(archive)
        before = sorted(path.name for path in folder.iterdir())
        found, codes, said = verify(tool, archive)
        if found != status or (code and code not in codes):
            complain(f"{name}: exit {found} (expected {status}, {code}), {sorted(codes)} {said}")
        if sorted(path.name for path in folder.iterdir()) != before:
            complain(f"{name}: something was unpacked")
        archive.unlink()


def check_damage(tool, folder, complain):
    """Cut and damaged copies: any answer but a crash, and no pass when the content is not whole."""
    for ending, mode in (("tar", "w"), ("tar.gz", "w:gz"), ("tar.xz", "w:xz")):
        archive = folder / f"bag.{ending}"
        with tarfile.open(archive, mode) as tar:
            add_bag(tar)
        damage(tool, archive, complain)
    zip_with()(folder / "bag.zip")
    damage(tool, folder / "bag.zip", complain)


def damage(tool, archive, complain):
    whole = archive.read_bytes()
    if verify(tool, archive)[0] != 0:
        complain(f"{archive.name}: the undamaged one does not pass")
    step = max(1, len(whole) // 60)
    for at in range(0, len(whole), step):
        for kind, content in (("cut", whole[:at]),
                              ("bit", whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1:])):
            archive.write_bytes(content)
            status, codes, said = verify(tool, archive)
            if status not in {0, 1, 4, 6}:
                complain(f"{archive.name}: {kind} at {at}: exit {status} {said}")
            if status == 0 and kind == "cut" and len(whole) - at > 10240:
                complain(f"{archive.name}: cut at {at} passes")
    archive.write_bytes(whole)


def make_large(archive):
    content = bytes(range(256)) * 4096
    bag = Bag("1.0", ["md5", "sha224", "sha256"], {"data/large": content * 300,
                                                  "data/other": content * 300})
    with tarfile.open(archive, "w") as tar:
        add_bag(tar, bag=bag)


def check_memory(tool, folder, complain):
    """600 MiB through both passes in little memory."""
    archive = folder / "bag.tar"
    maker = multiprocessing.Process(target=make_large, args=[archive])
    maker.start()  # apart from here: what we take, our children are counted with
    maker.join()
    done = subprocess.run(["/usr/bin/time", "-f", "%M", tool, "--quiet", archive],
                          capture_output=True, text=True, check=False)
    used = int(done.stderr.split()[-1])
    if done.returncode != 0:
        complain(f"large bag: exit {done.returncode} {done.stdout}")
    if used > MEMORY_LIMIT_KIB:
        complain(f"verification took {used} KiB of memory (expected at most {MEMORY_LIMIT_KIB})")


def main():
    tool = pathlib.Path(sys.argv[1]).resolve() / "evidence-verify"
    complaints = []
    with tempfile.TemporaryDirectory() as scratch:
        for check in (check_cases, check_damage, check_memory):
            check(tool, pathlib.Path(scratch), complaints.append)
    print("\n".join(complaints), end="\n" if complaints else "")
    sys.exit(1 if complaints else 0)


if __name__ == "__main__":
    main()
