# kill -9 at 50 random moments, half of them again while it is resumed: what comes out in the end is
# what an undisturbed acquisition gives, and the ledger has one acquire event for it.
evidence-custody init case --case-number K-1 --title Killed --officer Lan --quiet >/dev/null
head -c 256M /dev/zero | openssl enc -aes-128-ctr -nosalt -K "$(printf '%032d' 5)" \
    -iv "$(printf '%032d' 0)" >disk.bin
python3 - <<'END'
import glob, hashlib, json, os, random, signal, subprocess, sys

numbers = random.Random(20261125)
size = os.path.getsize("disk.bin")
digest = hashlib.sha256(open("disk.bin", "rb").read()).hexdigest()
resumed = killed_again = 0


os.mkdir("second")


def form(item):
    """Every third in segments, every third with a second copy."""
    return [[], ["--split", "16MiB"], ["--also", "second"]][int(item[-2:]) % 3]


def start(item, *options):
    return subprocess.Popen(["evidence-acquire", "--case", "case", "--item", item, "--quiet",
                             *form(item), *options, "disk.bin"], stdout=subprocess.DEVNULL,
                            stderr=subprocess.PIPE, text=True)


def kill_after(process, read_bytes):
    """Once the process has read that much. False when it was done before."""
    while process.poll() is None:
        try:
            with open(f"/proc/{process.pid}/io") as counts:
                done = int(counts.readline().split()[1])
        except (OSError, ValueError, IndexError):  # it is ending
            continue
        if done >= read_bytes:
            break
    process.send_signal(signal.SIGKILL)
    process.communicate()
    return process.returncode == -signal.SIGKILL


def resumable(item):
    found = glob.glob(f"case/items/.{item}.partial-*/resume.json")
    # Cut off between its final name and its event, or just after that.
    return bool(found) or os.path.exists(f"case/items/{item}/resume.json")


def finish(item):
    process = start(item, *(["--resume"] if resumable(item) else []))
    said = process.communicate()[1]
    if process.returncode != 0 and "item exists" not in said:
        sys.exit(f"{item}: exit {process.returncode}: {said}")


def check_nothing_is_lost(item):
    """Whatever is complete can be gone on with or is an item."""
    for record in glob.glob(f"case/items/.{item}.partial-*/acquisition.json"):
        if not resumable(item):
            sys.exit(f"{record}: complete, and nobody can go on with it")


def check_copy(item, folder):
    record = json.load(open(f"{folder}/acquisition.json"))
    files = sorted(glob.glob(f"{folder}/file.*"))
    found = hashlib.sha256(b"".join(open(file, "rb").read() for file in files)).hexdigest()
    if not found == record["digests"]["sha256"] == digest:
        sys.exit(f"{item}: {found}, {record['digests']['sha256']} (expected {digest})")
    names = ["acquisition.json", *map(os.path.basename, files), "pieces.txt"]
    left = set(os.listdir(folder)) - {"resume.json", "pieces.txt.before", "resume.json.next"}
    if sorted(left) != names or len(files) != (16 if "--split" in form(item) else 1):
        sys.exit(f"{item}: {sorted(left)} in {folder}")
    for file in files:
        os.remove(file)  # room


for number in range(50):
    item = f"DISK-{number:02}"
    if kill_after(start(item), numbers.randrange(size + 64 * 2**20)):
        was_resumed = resumable(item)
        resumed += was_resumed
        if was_resumed and number % 2:
            killed_again += kill_after(start(item, "--resume"), numbers.randrange(2 * size))
        check_nothing_is_lost(item)
        finish(item)
    check_copy(item, f"case/items/{item}")
    if "--also" in form(item):
        check_copy(item, f"second/{item}")
print("all whole;", "many" if resumed >= 8 else resumed, "resumed,",
      "many" if killed_again >= 2 else killed_again, "killed again")
END
evidence-custody log --case case --json | grep -o '"type":"acquire"' | wc -l
