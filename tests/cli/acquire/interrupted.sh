# Ctrl-C ends with 130 and leaves nothing; kill -9 leaves a folder that is named and kept.
evidence-custody init case --case-number N-1 --title T --officer Lan --quiet >/dev/null
cat >run.py <<'END'
import signal, subprocess, sys
# Once 4 MiB fitted into the pipe, the tool is reading; its standard input stays open.
tool = subprocess.Popen(["evidence-acquire", "--case", "case", "--item", "CUT-1", "-"],
                        stdin=subprocess.PIPE)
tool.stdin.write(b"x" * (4 << 20))
tool.stdin.flush()
tool.send_signal(getattr(signal, sys.argv[1]))
print(sys.argv[1], "->", tool.wait())
END
python3 run.py SIGINT
python3 run.py SIGTERM
python3 run.py SIGHUP
find case/items -mindepth 1
evidence-custody log --case case | grep -c acquire_failed
python3 run.py SIGKILL
find case/items -mindepth 1 -maxdepth 1 | sed 's/partial-.*/partial-*/'
printf 'x' | evidence-acquire --case case --item CUT-1 - 2>&1 |
    sed 's/partial-[A-Za-z0-9]*/partial-*/'
find case/items -mindepth 1 -maxdepth 1 | sed 's/partial-.*/partial-*/' | sort
