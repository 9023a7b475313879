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


def start(item, *options):
    return subprocess.Popen(["evidence-acquire", "--case", "case", "--item", item, "--quiet",
                             *options, "disk.bin"], stdout=subprocess.DEVNULL,
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
    return bool(glob.glob(f"case/items/.{item}.partial-*/resume.json"))


def finish(item):
    process = start(item, *(["--resume"] if resumable(item) else []))
    said = process.communicate()[1]
    if process.returncode != 0:
        sys.exit(f"{item}: exit {process.returncode}: {said}")


for number in range(50):
    item = f"DISK-{number:02}"
    if kill_after(start(item), numbers.randrange(size + 64 * 2**20)):
        was_resumed = resumable(item)
        resumed += was_resumed
        if was_resumed and number % 2:
            killed_again += kill_after(start(item, "--resume"), numbers.randrange(2 * size))
        if not os.path.exists(f"case/items/{item}/acquisition.json"):
            finish(item)
        else:  # killed between the folder's name and its event: blocked until somebody looks
            os.rename(f"case/items/{item}", f"unrecorded-{item}")
            finish(item)
    record = json.load(open(f"case/items/{item}/acquisition.json"))
    with open(f"case/items/{item}/file.bin", "rb") as image:
        found = hashlib.sha256(image.read()).hexdigest()
    if not found == record["digests"]["sha256"] == digest:
        sys.exit(f"{item}: {found}, {record['digests']['sha256']} (expected {digest})")
    left = sorted(os.listdir(f"case/items/{item}"))
    if left != ["acquisition.json", "file.bin", "pieces.txt"]:
        sys.exit(f"{item}: {left}")
    os.remove(f"case/items/{item}/file.bin")  # room
print("all whole;", "many" if resumed >= 8 else resumed, "resumed,",
      "many" if killed_again >= 2 else killed_again, "killed again")
END
evidence-custody log --case case --json | grep -o '"type":"acquire"' | wc -l
