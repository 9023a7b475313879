"""A case with names in several scripts, sealed, stamped, damaged and handed over, for the tests of the report."""

import os
import pathlib
import subprocess
import sys
import time

OFFICER = "Nguyễn Thị Ánh Tuyết"  # Vietnamese
PLACE = "مطار القاهرة الدولي"  # Arabic
REASON = "移交给检察机关审查"  # Chinese
TITLE = "Vụ án lừa đảo qua mạng – قضية احتيال – 网络诈骗案"
REQUEST = """{
  "id": "MLA-2026/118",
  "profile": "uncc",
  "requesting_authority": {"name": "Viện kiểm sát nhân dân tối cao", "country": "VN"},
  "requested_state": "EG",
  "matter": {"kind": "investigation", "nature": "Online fraud", "reference": "118/2026"},
  "offences": [{"title": "Computer-related fraud", "max_penalty_months": 84}],
  "facts_summary": "Between March and May 2026 unknown persons took over accounts of a bank's customers.",
  "purpose": "Evidence in the trial of the case named above",
  "confidentiality": {"required": true}
}
"""
SIGNER = ["--key", "pki/good-ec.key", "--cert", "pki/good-ec.pem", "--chain", "pki/intermediate.pem"]
ANCHOR = ["--trust-anchor", "pki/root.pem"]


class SampleCase:
    """Made in the current folder."""

    def __init__(self, source, binaries):
        self.source, self.binaries = source, binaries

    def run(self, tool, *arguments, expect=(0,), environment=None):
        done = subprocess.run([self.binaries / f"evidence-{tool}", *arguments], text=True,
                              capture_output=True, check=False, stdin=subprocess.DEVNULL,
                              env=dict(os.environ, **(environment or {})))
        if done.returncode not in expect:
            sys.exit(f"evidence-{tool} {' '.join(map(str, arguments))}: exit {done.returncode} "
                     f"(expected {expect})\n{done.stdout}{done.stderr}")
        return done

    def record(self, kind, **details):
        options = [each for name, value in details.items() for each in (f"--{name}", value)]
        self.run("custody", "record", "--case", "case", "--type", kind, "--item", "USB-01",
                 "--officer", OFFICER, *options, *SIGNER)

    def make(self):
        subprocess.run([self.source / "tests/pki/make_pki.sh", "pki"], check=True)
        pathlib.Path("usb.img").write_bytes(os.urandom(1_300_000) + bytes(700_000))
        tree = pathlib.Path("thư/含")
        tree.mkdir(parents=True)
        (tree / "رسالة.txt").write_text("a letter\n")
        (tree / "note.txt").write_text("a note\n")
        pathlib.Path("request.json").write_text(REQUEST)
        self.run("custody", "init", "case", "--case-number", "HN-2026-118", "--title", TITLE,
                 "--officer", OFFICER, "--authority", "Cơ quan Cảnh sát điều tra", "--country",
                 "VN", *SIGNER)
        self.record_items()
        self.seal()

    def record_items(self):
        by = ["--officer", OFFICER, "--place", PLACE, "--authority", "warrant 12/2026", *SIGNER]
        self.run("acquire", "--case", "case", "--item", "USB-01", "--description",
                 "Black USB stick, 闪存盘", "--digest", "md5,sha512", *by, "usb.img")
        self.run("acquire", "--case", "case", "--item", "MAIL-01", *by, "thư")
        self.record("check_out", place=PLACE, reason=REASON)
        self.record("analyse", reason="مراجعة الرسائل")
        self.run("custody", "record", "--case", "case", "--type", "check_in", "--item", "USB-01",
                 "--officer", OFFICER)

    def seal(self):
        os.environ["NO_PROXY"] = "127.0.0.1"
        port = pathlib.Path("port")
        server = subprocess.Popen([sys.executable, self.source / "tests/pki/tsa_server.py", "pki",
                                   port])
        try:
            while not port.exists() and server.poll() is None:
                time.sleep(0.05)
            self.run("seal", "--case", "case", "--all", "--request", "request.json", "--condition",
                     "use-limit=chỉ dùng cho vụ án nêu trong yêu cầu", "--condition",
                     "no-onward=لا يجوز النقل إلى طرف ثالث", *SIGNER, "--timestamp",
                     f"http://127.0.0.1:{port.read_text()}/", "-o", "sealed.asice")
        finally:
            server.kill()
            server.wait()

    def damage(self, name):
        content = bytearray(pathlib.Path("sealed.asice").read_bytes())
        content[len(content) // 2] ^= 1
        pathlib.Path(name).write_bytes(content)

    def page(self, target, name, *options, expect=(0,), environment=None):
        self.run("verify", target, "--report", name, *options, expect=expect,
                 environment=environment)
        return pathlib.Path(name).read_text()
