"""Makes BagIt bags with the Python standard library alone, right ones and wrong ones.

A Bag is a description; write() turns it into a folder. What a case wants different it changes
before (fields) or after (the written files).
"""

import hashlib

HASHLIB_NAMES = {"sha512256": "sha512_256", "sha3256": "sha3_256", "sha3512": "sha3_512",
                 "blake2b512": "blake2b", "blake2s256": "blake2s"}


def digest_of(algorithm, content):
    return hashlib.new(HASHLIB_NAMES.get(algorithm, algorithm), content).hexdigest()


class Bag:
    def __init__(self, version="1.0", algorithms=("sha256",), payload=None, encoding="UTF-8"):
        self.declaration = f"BagIt-Version: {version}\nTag-File-Character-Encoding: {encoding}\n"
        self.encoding = encoding
        self.info_name = "package-info.txt" if version < "0.96" else "bag-info.txt"
        self.info = [("Source-Organization", "Registry of the Court"), ("Contact-Name", "A. Clerk")]
        self.algorithms = algorithms
        self.tag_algorithms = algorithms
        self.payload = {"data/letter.txt": b"a letter\n", "data/dir/image.bin": bytes(range(256))}
        if payload is not None:
            self.payload = payload
        self.tags = {}              # further tag files: bytes by name
        self.written = {}           # how the manifests write a name, where not as it is
        self.extra_lines = {}       # lines more in a file, by its name: "DIGEST  NAME"
        self.separator = "  "
        self.line_end = "\n"

    def encoded(self, text):
        return text.replace("\n", self.line_end).encode(self.encoding)

    def manifest(self, name, algorithm, files):
        lines = [f"{digest_of(algorithm, content)}{self.separator}{self.written.get(path, path)}"
                 for path, content in sorted(files.items())]
        lines += self.extra_lines.get(name, [])
        return self.encoded("".join(line + "\n" for line in lines))

    def files(self):
        """Every file of the bag: bytes by name."""
        tags = dict(self.tags)
        if self.declaration is not None:
            tags["bagit.txt"] = self.declaration.encode()
        if self.info is not None:
            tags[self.info_name] = self.encoded("".join(f"{k}: {v}\n" for k, v in self.info))
        for algorithm in self.algorithms:
            name = f"manifest-{algorithm}.txt"
            tags[name] = self.manifest(name, algorithm, self.payload)
        lists = {}
        for algorithm in self.tag_algorithms:
            name = f"tagmanifest-{algorithm}.txt"
            lists[name] = self.manifest(name, algorithm, tags)
        return {**self.payload, **tags, **lists}

    def write(self, folder):
        folder.mkdir(parents=True)
        (folder / "data").mkdir()
        for name, content in self.files().items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return folder
