#!/usr/bin/env python3
"""A time-stamping authority for tests: HTTP in front of `openssl ts -reply`.

tsa_server.py PKI_DIR PORT_FILE

Serves on a free port of 127.0.0.1, whose number is written to PORT_FILE. The path of a request says
how it is answered: / rightly; /untrusted by an authority of another root; /rejected with a refusal;
/replay with the answer to the first request; /nonce about another nonce; /slow after a minute;
/huge without end; /html with a page; /moved with a redirection; /cut with a reply cut short;
/as/NAME by another authority of the PKI; anything else with status 500. A GET of /crl/NAME is answered
with that list of the PKI.
"""

import http.server
import pathlib
import subprocess
import sys
import tempfile
import time
import urllib.parse

CONFIG = """[tsa]
serial = serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4.1
other_policies = 1.2.3.4.5
digests = sha256, sha384, sha512
accuracy = secs:1
ordering = no
tsa_name = yes
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""
# TimeStampResp with status 2 (rejection), the words "not today" and systemFailure.
REJECTED = bytes.fromhex("30193017020102300b0c096e6f7420746f64617903050600000040")


class Authority:
    def __init__(self, pki):
        self.pki = pathlib.Path(pki).resolve()
        self.folder = tempfile.TemporaryDirectory()
        self.work = pathlib.Path(self.folder.name)
        (self.work / "tsa.cnf").write_text(CONFIG)
        (self.work / "serial").write_text("01\n")
        self.first = None

    def run(self, *command):
        subprocess.run(command, cwd=self.work, check=True, capture_output=True)

    def reply(self, query, name="tsa"):
        (self.work / "query").write_bytes(query)
        self.run("openssl", "ts", "-reply", "-config", "tsa.cnf", "-section", "tsa", "-queryfile", "query",
                 "-out", "reply", "-signer", self.pki / f"{name}.pem", "-inkey", self.pki / f"{name}.key",
                 "-chain", self.pki / "intermediate.pem")
        reply = (self.work / "reply").read_bytes()
        self.first = self.first or reply
        return reply


class Handler(http.server.BaseHTTPRequestHandler):
    authority = None

    def log_message(self, *_):
        pass

    def answer(self, body, content_type="application/timestamp-reply", status=200, **headers):
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def endless(self):
        self.send_response(200)
        self.send_header("Content-Type", "application/timestamp-reply")
        self.end_headers()
        try:
            while True:
                self.wfile.write(b"x" * 65536)
        except OSError:
            pass

    def do_POST(self):
        query = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        if self.headers.get("Content-Type") != "application/timestamp-query":
            return self.answer(b"", status=415)
        match urllib.parse.urlsplit(self.path).path:  # a proxy is given the whole URL
            case "/":
                self.answer(self.authority.reply(query))
            case "/untrusted":
                self.answer(self.authority.reply(query, "tsa-untrusted"))
            case "/replay":
                self.authority.reply(query)
                self.answer(self.authority.first)
            case "/nonce":  # its last byte stands before the BOOLEAN at the end
                self.answer(self.authority.reply(query[:-4] + bytes([query[-4] ^ 1]) + query[-3:]))
            case "/cut":
                self.answer(self.authority.reply(query)[:-40])
            case path if path.startswith("/as/"):
                self.answer(self.authority.reply(query, pathlib.PurePath(path).name))
            case "/rejected":
                self.answer(REJECTED)
            case "/slow":
                time.sleep(60)
            case "/huge":
                self.endless()
            case "/html":
                self.answer(b"<html>hello</html>", "text/html; charset=utf-8")
            case "/moved":
                self.answer(b"", status=302, Location="/")
            case _:
                self.answer(b"", status=500)

    def do_GET(self):
        path = pathlib.PurePosixPath(urllib.parse.urlsplit(self.path).path)
        if path == pathlib.PurePosixPath("/slow"):
            time.sleep(60)
        elif path == pathlib.PurePosixPath("/huge"):
            self.endless()
        elif path.parent == pathlib.PurePosixPath("/crl") and (self.authority.pki / path.name).is_file():
            self.answer((self.authority.pki / path.name).read_bytes(), "application/pkix-crl")
        else:
            self.answer(b"<html>nothing here</html>", "text/html", 404)


def main():
    Handler.authority = Authority(sys.argv[1])
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    temporary = pathlib.Path(sys.argv[2] + ".new")
    temporary.write_text(str(server.server_port))
    temporary.rename(sys.argv[2])
    server.serve_forever()


if __name__ == "__main__":
    main()
