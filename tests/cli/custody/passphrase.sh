# An encrypted key: the passphrase comes from a file, a descriptor or the terminal, and ^C at the
# prompt stops at once, with echo on again.
evidence-custody identity --name Officer --out-key plain.key --out-cert officer.pem >/dev/null
openssl pkcs8 -topk8 -in plain.key -v2 aes-256-cbc -passout pass:secret -out officer.key
export EVIDENCE_KEY=officer.key EVIDENCE_CERT=officer.pem
try() {
    local status=0
    "$@" 2>&1 || status=$?
    echo "-- exit $status"
}
init=(evidence-custody init --quiet --case-number P-1 --title 'Passphrases')
echo secret >secret.txt
echo wrong >wrong.txt
try "${init[@]}" by-file --key-password secret.txt
try "${init[@]}" by-descriptor --key-password fd:3 3<secret.txt
try "${init[@]}" by-wrong-file --key-password wrong.txt
try setsid "${init[@]}" without-terminal
ls -d by-* without-* 2>/dev/null || true

cat >on_terminal.py <<'END'
import os, pty, sys, termios
answer, command = sys.argv[1].encode().decode("unicode_escape"), sys.argv[2:]
child, terminal = pty.fork()
if child == 0:
    os.execvp(command[0], command)
said = b""
while not said.endswith(b"passphrase for officer.key: "):
    said += os.read(terminal, 1000)
# Echo goes off after the question: wait for it.
while termios.tcgetattr(terminal)[3] & termios.ECHO:
    pass
os.write(terminal, answer.encode())
try:
    while more := os.read(terminal, 1000):
        said += more
except OSError:  # the other end has closed
    pass
echo_is_on = bool(termios.tcgetattr(terminal)[3] & termios.ECHO)
print(said.decode().replace("\r\n", "\n"), end="" if echo_is_on else "echo stays off\n")
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
END
try python3 on_terminal.py 'secret\n' "${init[@]}" by-terminal
try python3 on_terminal.py '\x03' "${init[@]}" interrupted
ls -d by-terminal interrupted 2>&1 || true
