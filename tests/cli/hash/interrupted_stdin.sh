# Ctrl-C ends the wait for a pipe that has nothing to say.
cat >run.py <<'END'
import signal, subprocess, sys
# Once 4 MiB fitted into the pipe, the tool is reading; its standard input stays open.
tool = subprocess.Popen(["evidence-hash", "-"], stdin=subprocess.PIPE)
tool.stdin.write(b"x" * (4 << 20))
tool.stdin.flush()
tool.send_signal(getattr(signal, sys.argv[1]))
print(sys.argv[1], "->", tool.wait())
END
python3 run.py SIGINT
python3 run.py SIGTERM
