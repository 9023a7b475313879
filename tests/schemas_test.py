#!/usr/bin/env python3
"""Every schema is valid draft-07, and every document the tools really write fits its schema.

schemas_test.py SOURCE_DIR BIN_DIR
"""

import json
import os
import pathlib
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile

import jsonschema

BASE = "file:///schemas/"  # what references between schemas are relative to
ANCHOR = ["--trust-anchor", "pki/root.pem"]
SENDER = ["--key", "pki/good-ec.key", "--cert", "pki/good-ec.pem",
          "--chain", "pki/intermediate.pem"]
RECEIVER = ["--key", "pki/good-rsa.key", "--cert", "pki/good-rsa.pem",
            "--chain", "pki/intermediate.pem",
            "--decrypt-key", "pki/recipient-rsa.key", "--decrypt-cert", "pki/recipient-rsa.pem"]


class Schemas:
    """The schemas by name, with a count of how often each was held against real output."""

    def __init__(self, folder):
        self.schemas, self.used = {}, {}
        store = {}
        for path in sorted(folder.glob("*.schema.json")):
            schema = json.loads(path.read_text())
            jsonschema.Draft7Validator.check_schema(schema)
            name = path.name.removesuffix(".schema.json")
            self.schemas[name], self.used[name] = schema, 0
            store[BASE + path.name] = schema
        self.store = store

    def check(self, name, text, where):
        schema = self.schemas[name]
        resolver = jsonschema.RefResolver(BASE, schema, store=self.store)
        document = json.loads(text)
        errors = list(jsonschema.Draft7Validator(schema, resolver=resolver).iter_errors(document))
        if errors:
            place = "/".join(str(part) for part in errors[0].absolute_path)
            sys.exit(f"{where} does not fit {name}.schema.json at {place or 'the top'}: "
                     f"{errors[0].message}")
        self.used[name] += 1

    def check_lines(self, name, text, where):
        for number, line in enumerate(text.splitlines(), 1):
            self.check(name, line, f"{where} line {number}")

    def check_refuses(self, name, text):
        """A schema that accepts anything would pass every test above."""
        document = dict(json.loads(text), surprise=1)
        if not list(jsonschema.Draft7Validator(
                self.schemas[name],
                resolver=jsonschema.RefResolver(BASE, self.schemas[name], store=self.store)
        ).iter_errors(document)):
            sys.exit(f"{name}.schema.json accepts a member that is not in the format")


    def check_refuses_everywhere(self, name, text):
        """The same for every object inside, however deep."""
        document = json.loads(text)
        resolver = jsonschema.RefResolver(BASE, self.schemas[name], store=self.store)
        validator = jsonschema.Draft7Validator(self.schemas[name], resolver=resolver)
        inside = [document]
        while inside:
            part = inside.pop()
            if isinstance(part, dict):
                part["surprise"] = 1
                if not list(validator.iter_errors(document)):
                    sys.exit(f"{name}.schema.json accepts a member that is not in the format, "
                             f"beside {', '.join(sorted(part))}")
                del part["surprise"]
                inside += part.values()
            elif isinstance(part, list):
                inside += part


class Tools:
    def __init__(self, folder):
        self.folder = folder

    def run(self, tool, *arguments, expect=0):
        done = subprocess.run([self.folder / f"evidence-{tool}", *arguments],
                              capture_output=True, text=True, check=False,
                              stdin=subprocess.DEVNULL)
        if done.returncode != expect:
            sys.exit(f"evidence-{tool} {' '.join(arguments)}: exit {done.returncode} (expected "
                     f"{expect})\n{done.stdout}{done.stderr}")
        return done


def make_sources():
    tree = pathlib.Path("tree/folder")
    tree.mkdir(parents=True)
    (tree / "note.txt").write_text("a note\n")
    (tree / "thư.txt").write_text("một lá thư\n")
    os.symlink("note.txt", tree / "link")
    os.mkfifo(tree / "pipe")
    (pathlib.Path("tree") / os.fsdecode(b"caf\xe9")).write_text("not UTF-8\n")
    import socket
    with socket.socket(socket.AF_UNIX) as left_behind:
        left_behind.bind("tree/socket")
    pathlib.Path("image.bin").write_bytes(os.urandom(2_500_000))


def check_case(tools, schemas):
    schemas.check("custody-log", tools.run(
        "custody", "init", "case", "--case-number", "S-1", "--title", "Schemas", "--officer",
        "Tester", "--authority", "Authority", "--country", "VN", "--json", *SENDER).stdout, "init")
    schemas.check("case", pathlib.Path("case/case.json").read_text(), "case.json")
    schemas.check("identity", tools.run(
        "custody", "identity", "--name", "Somebody", "--out-key", "new.key", "--out-cert",
        "new.pem", "--json").stdout, "identity")
    schemas.check("acquire-result", tools.run(
        "acquire", "--case", "case", "--item", "IMAGE-01", "--digest", "md5,sha512", "--json",
        *SENDER, "image.bin").stdout, "acquire of a file")
    schemas.check("acquire-result", tools.run(
        "acquire", "--case", "case", "--item", "TREE-01", "--json", *SENDER, "tree",
        expect=6).stdout, "acquire of a tree")
    for item in ("IMAGE-01", "TREE-01"):
        path = pathlib.Path(f"case/items/{item}/acquisition.json")
        schemas.check("acquisition", path.read_text(), path)
    check_resumed(tools, schemas)
    tree = pathlib.Path("case/items/TREE-01")
    schemas.check_lines("index-line", (tree / "index.jsonl").read_text(), "index.jsonl")
    schemas.check_lines("omitted-line", (tree / "omitted.jsonl").read_text(), "omitted.jsonl")
    schemas.check("custody-log", tools.run(
        "custody", "record", "--case", "case", "--type", "move", "--item", "IMAGE-01", "--json",
        *SENDER).stdout, "record")
    schemas.check("custody-log", tools.run("custody", "log", "--case", "case", "--json").stdout,
                  "log")
    schemas.check_lines("ledger-line", tools.run(
        "custody", "export", "--case", "case", "--format", "jsonl").stdout, "export")


def check_resumed(tools, schemas):
    """An acquisition that comes to the largest file it may write, and is resumed without limit."""
    pathlib.Path("large.bin").write_bytes(os.urandom(40 * 2**20))
    command = ("--case", "case", "--item", "LARGE-01", *SENDER, "large.bin")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (30 * 2**20, before[1]))
    tools.run("acquire", *command, expect=3)
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    states = list(pathlib.Path("case/items").glob(".LARGE-01.partial-*/resume.json"))
    if len(states) != 1:
        sys.exit("an acquisition that could not write left no resume.json")
    schemas.check("resume", states[0].read_text(), "resume.json")
    tools.run("acquire", "--resume", *command)
    schemas.check("acquisition", pathlib.Path(
        "case/items/LARGE-01/acquisition.json").read_text(), "resumed acquisition")


def check_drill(tools, schemas):
    schemas.check("drill", tools.run("acquire", "--drill", "short-read", "--json").stdout, "drill")


def check_package(tools, schemas):
    pathlib.Path("request.json").write_text('{ "purpose": "trial", "id": 7 }\n')
    schemas.check("seal-result", tools.run(
        "seal", "--case", "case", "--item", "IMAGE-01", "--item", "TREE-01", "--request",
        "request.json", "--condition", "use-limit=only here", "--json", *SENDER, "-o",
        "sealed.asice").stdout, "seal")
    with zipfile.ZipFile("sealed.asice") as package:
        read = lambda name: package.read(name).decode()
        schemas.check("package", read("package.json"), "package.json")
        schemas.check("terms", read("terms.json"), "terms.json")
        schemas.check_refuses("package", read("package.json"))
        schemas.check_refuses("terms", read("terms.json"))
        schemas.check_lines("record-line", read("items.jsonl"), "items.jsonl")
        lines = read("custody/ledger.jsonl")
        schemas.check_lines("ledger-line", lines, "ledger.jsonl")
        for line in lines.splitlines():
            shown = json.loads(line).get("event")
            if shown:
                schemas.check("event", json.dumps(shown), "an event")
    # A package that is damaged, and one of which nobody knows the signer.
    damaged = bytearray(pathlib.Path("sealed.asice").read_bytes())
    damaged[len(damaged) // 2] ^= 1
    pathlib.Path("damaged.asice").write_bytes(damaged)
    for target, anchor, status in (("damaged.asice", ANCHOR, 1), ("sealed.asice", [], 6),
                                   ("case", [], 6)):
        schemas.check("verification", tools.run("verify", target, "--json", *anchor,
                                                expect=status).stdout, f"exit {status} on {target}")
    quick = tools.run("verify", "sealed.asice", "--quick", "--json", *ANCHOR, "--extract", "out",
                      expect=6).stdout
    schemas.check("verification", quick, "report of a quick verification with an extraction")
    extraction = pathlib.Path("out/extraction.json").read_text()
    schemas.check("extraction", extraction, "extraction.json")
    schemas.check_refuses("extraction", extraction)
    shutil.rmtree("out")
    tools.run("custody", "checkpoint", "--case", "case", *SENDER, "-o", "head")
    result = tools.run(
        "seal", "--case", "case", "--item", "IMAGE-01", "--json", *SENDER, "--key",
        "pki/good-ec384.key", "--cert", "pki/good-ec384.pem", "--chain", "pki/chain.pem", "-o",
        "cosigned.asice").stdout
    assert len(json.loads(result)["cosigned_by"]) == 1
    schemas.check("seal-result", result, "seal with a co-signer")
    with zipfile.ZipFile("cosigned.asice") as package:
        schemas.check("package", package.read("package.json").decode(), "co-signed package.json")
    for target in ("sealed.asice", "case", "head"):
        report = tools.run("verify", target, "--json", *ANCHOR).stdout
        schemas.check("verification", report, f"report on {target}")
        schemas.check_refuses_everywhere("verification", report)


def check_disclosure(tools, schemas):
    """Parts of sealed.asice: all kinds of records, both kinds of disclosure."""
    pathlib.Path("black.txt").write_text("all of it\n")
    parts = {
        "named": ["--only", "TREE-01/folder/note.txt", "--range", "IMAGE-01:0-1", "--replace",
                  "TREE-01/folder/thư.txt=black.txt", "--reason", "a third person",
                  "--with-item-record", "--given", "Somebody"],
        "blind": ["--only", "TREE-01", "--replace", "IMAGE-01=black.txt", "--reason", "privacy"],
    }
    for kind, part in parts.items():
        name = f"{kind}.asice"
        result = tools.run("seal", "--from", "sealed.asice", f"--{kind}", *part, "--case", "case",
                           "--json", *SENDER, "-o", name).stdout
        schemas.check("disclose-result", result, f"{kind} disclosure")
        schemas.check_refuses("disclose-result", result)
        with zipfile.ZipFile(name) as package:
            read = lambda name: package.read(name).decode()
            schemas.check("package", read("package.json"), "package.json of a disclosure")
            schemas.check("disclosure", read("disclosure.json"), "disclosure.json")
            schemas.check_refuses("disclosure", read("disclosure.json"))
            schemas.check_lines("record-line", read("items.jsonl"), "items.jsonl of a disclosure")
            for line in read("items.jsonl").splitlines():
                if '"kind":"re' in line:
                    schemas.check_refuses_everywhere("record-line", line)
            if kind == "blind":
                schemas.check_lines("proof-line", read("origin/proofs.jsonl"), "proofs.jsonl")
                schemas.check_refuses("proof-line", read("origin/proofs.jsonl").splitlines()[0])
        report = tools.run("verify", name, "--json", *ANCHOR, "--original", "sealed.asice",
                           "--extract", kind).stdout
        schemas.check("verification", report, f"report on a {kind} disclosure")
        schemas.check_refuses_everywhere("verification", report)
        schemas.check("extraction", pathlib.Path(kind, "extraction.json").read_text(),
                      f"extraction of a {kind} disclosure")
    for line in tools.run("custody", "export", "--case", "case", "--format",
                          "jsonl").stdout.splitlines():
        schemas.check("event", json.dumps(json.loads(line)["event"]), "an event of the case")


def check_time_stamps(tools, schemas, root):
    """A package stamped by the authority of the tests."""
    os.environ["NO_PROXY"] = "127.0.0.1"
    port = pathlib.Path("port")
    server = subprocess.Popen([sys.executable, root / "tests/pki/tsa_server.py", "pki", port])
    try:
        while not port.exists() and server.poll() is None:
            time.sleep(0.05)
        result = tools.run("seal", "--case", "case", "--item", "IMAGE-01", "--json", *SENDER, "-o",
                           "stamped.asice", "--timestamp",
                           f"http://127.0.0.1:{port.read_text()}/").stdout
    finally:
        server.kill()
        server.wait()
    assert "time_stamp" in json.loads(result)
    schemas.check("seal-result", result, "seal --timestamp")
    report = tools.run("verify", "stamped.asice", "--json", *ANCHOR).stdout
    assert "proven_time" in json.loads(report)["package"]
    schemas.check("verification", report, "report on time-stamps")
    schemas.check_refuses_everywhere("verification", report)


def check_bag(tools, schemas):
    """A plain bag, right and wrong."""
    os.makedirs("bag/data")
    pathlib.Path("bag/bagit.txt").write_text(
        "BagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-8\n")
    pathlib.Path("bag/data/empty").touch()
    pathlib.Path("bag/manifest-md5.txt").write_text(
        "d41d8cd98f00b204e9800998ecf8427e  data/empty\n")
    schemas.check("verification", tools.run("verify", "bag", "--json").stdout, "report on a bag")
    pathlib.Path("bag/bagit.txt").write_text("\xff")
    schemas.check("verification", tools.run("verify", "bag", "--json", expect=1).stdout,
                  "report on a broken bag")


def check_transfer(tools, schemas):
    for folder in ("out", "out2"):
        os.mkdir(folder)
    tools.run("custody", "init", "other", "--case-number", "R-9", "--title", "Receiver",
              "--officer", "Receiver")
    folder = tools.run("transfer", "send", "sealed.asice", "--to", "out", "--recipient",
                       "pki/recipient-rsa.pem", *SENDER, "--case", "case").stdout.split("\n")[0]
    schemas.check("offer", pathlib.Path(folder, "offer.json").read_text(), "offer.json")
    tools.run("transfer", "receive", folder, *RECEIVER, *ANCHOR, "--case", "other", "-o",
              "received.asice")
    receipt = pathlib.Path(folder, "receipt.json")
    schemas.check("receipt", receipt.read_text(), "receipt.json")
    tools.run("transfer", "close", folder, "--receipt", str(receipt), *SENDER, *ANCHOR, "--case",
              "case")
    schemas.check("close", pathlib.Path(folder, "close.json").read_text(), "close.json")
    schemas.check("transfer-status", tools.run("transfer", "status", folder, "--json").stdout,
                  "status")
    schemas.check("verification", tools.run("verify", folder, "--json", *ANCHOR).stdout,
                  "report on a transfer")
    schemas.check("verification", tools.run("verify", str(receipt), "--json", *ANCHOR).stdout,
                  "report on a receipt")
    doubtful = tools.run("verify", folder, "--json", expect=6).stdout
    assert json.loads(doubtful)["sub_indication"] == "NO_CERTIFICATE_CHAIN_FOUND"
    schemas.check("verification", doubtful, "report without an anchor")
    refused = tools.run("transfer", "send", "sealed.asice", "--to", "out2", "--recipient",
                        "pki/recipient-rsa.pem", *SENDER).stdout.split("\n")[0]
    tools.run("transfer", "receive", refused, *RECEIVER, *ANCHOR, "--refuse", "not-asked-for",
              "-o", "unwanted.asice")
    schemas.check("refusal", pathlib.Path(refused, "refusal.json").read_text(), "refusal.json")


def check_hash(tools, schemas):
    answer = tools.run("hash", "-a", "md5,sha256", "-r", "--json", "tree/folder").stdout
    schemas.check("hash", answer, "hash")
    pathlib.Path("list").write_text(tools.run("hash", "image.bin").stdout)
    for form in ("--check", "--audit", "--known"):
        paths = [] if form == "--check" else ["image.bin"]
        answer = tools.run("hash", form, "list", "--json", *paths).stdout
        schemas.check("hash", answer, f"hash {form}")
        schemas.check_refuses("hash", answer)
    pathlib.Path("moved").write_bytes(pathlib.Path("image.bin").read_bytes())
    schemas.check("hash", tools.run("hash", "--audit", "list", "--json", "moved",
                                    expect=1).stdout, "hash --audit that failed")
    schemas.check_lines("hash-line", tools.run("hash", "-r", "--format", "jsonl", "tree").stdout,
                        "hash --format jsonl")
    schemas.check("hash", tools.run("hash", "--pieces", "1MiB", "--json", "image.bin").stdout,
                  "hash --pieces")
    for tool in ("acquire", "hash", "seal", "verify", "transfer", "custody"):
        schemas.check("error", tools.run(tool, "--json", "--wrong-option", expect=2).stderr,
                      f"error of {tool}")


def main():
    source, binaries = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    schemas, tools = Schemas(source / "schemas"), Tools(binaries)
    with tempfile.TemporaryDirectory() as scratch:
        os.chdir(scratch)
        subprocess.run([source / "tests/pki/make_pki.sh", "pki"], check=True)
        make_sources()
        check_case(tools, schemas)
        check_package(tools, schemas)
        check_disclosure(tools, schemas)
        check_time_stamps(tools, schemas, source)
        check_bag(tools, schemas)
        check_transfer(tools, schemas)
        check_hash(tools, schemas)
        check_drill(tools, schemas)
        os.chdir(source)
    unused = [name for name, count in schemas.used.items() if count == 0]
    if unused:
        sys.exit(f"no real output was held against: {', '.join(unused)}")
    print(f"{len(schemas.used)} schemas, {sum(schemas.used.values())} documents")


main()
