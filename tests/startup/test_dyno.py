import io
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bot import children
from bot.dyno import FIRST_DELAY, HEAD_START, ROLES, Member, Role, Supervisor
from bot.voices import Voices

# A busy machine is slow; nothing waits longer than it must.
PATIENCE = 60.0
SLEEP = "import time; time.sleep(60)"
# Says that it is there, notes each SIGTERM it gets, and ends a moment after the first.
POLITE = """
import signal, sys, time
def end(*_):
    print("asked", flush=True)
    signal.signal(signal.SIGTERM, lambda *_: print("asked again", flush=True))
    time.sleep(0.3)
    sys.exit(0)
signal.signal(signal.SIGTERM, end)
print("ready", flush=True)
time.sleep(60)
"""
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True); time.sleep(60)"
)


def python(program: str, *words: str) -> tuple[str, ...]:
    return (sys.executable, "-S", "-c", program, *words)


def await_true(is_so: Callable[[], bool], seconds: float = PATIENCE) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not (stat.exists() and stat.read_text().rpartition(")")[2].split()[0] == "Z")


@pytest.fixture
def dyno(tmp_path: Path):
    """Starts a dyno with roles of ours as a process of its own, with what it says in a file."""
    started: list[subprocess.Popen[bytes]] = []

    def start(roles: dict[str, str], *, grace: float = 5.0) -> tuple[subprocess.Popen[bytes], Path]:
        program = textwrap.dedent(f"""
            import sys
            from bot.dyno import Role, Supervisor
            from bot.voices import Voices
            roles = [
                Role(name=name, command=(sys.executable, "-S", "-c", program), essential=name == "web")
                for name, program in {roles!r}.items()
            ]
            sys.exit(Supervisor(roles, Voices(sys.stdout.buffer), grace={grace}).run())
        """)
        said = tmp_path / "said"
        with said.open("wb") as out:
            started.append(subprocess.Popen([sys.executable, "-c", program], stdout=out, stderr=subprocess.STDOUT))
        return started[-1], said

    yield start
    for process in started:
        process.kill()
        process.wait()


def test_the_roles_are_web_worker_and_clock() -> None:
    """Only web is essential: without it the host should start the dyno anew."""
    assert [(role.name, role.essential) for role in ROLES] == [("web", True), ("worker", False), ("clock", False)]


def test_web_has_a_head_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever wakes a sleeping dyno waits for web, and for nobody else."""
    now = 1000.0
    monkeypatch.setattr("bot.dyno.time.monotonic", lambda: now)
    voices = Voices(io.BytesIO())
    sleep = (sys.executable, "-S", "-c", SLEEP)
    members = [Member(Role(name=role.name, command=sleep, after=role.after), voices) for role in ROLES]
    for member in members:
        member.start_if_due()
    assert [member.child is not None for member in members] == [True, False, False]
    now += HEAD_START
    for member in members:
        member.start_if_due()
    children = [member.child for member in members if member.child is not None]
    assert len(children) == 3
    for child in children:
        child.kill()
        child.wait()
        assert child.stdout is not None
        child.stdout.close()


def test_sigterm_is_passed_on_once_and_waited_for(dyno) -> None:
    """A second one would abort the job a worker is finishing."""
    process, said = dyno({"web": POLITE, "worker": POLITE})
    await_true(lambda: said.read_text().count("ready") == 2)
    process.send_signal(signal.SIGTERM)
    time.sleep(0.05)
    process.send_signal(signal.SIGTERM)
    assert process.wait(PATIENCE) == 0
    assert said.read_text().count("asked") == 2
    assert "again" not in said.read_text()


def test_who_does_not_end_in_time_is_killed(dyno) -> None:
    """The host would do it a moment later, and with less order."""
    process, said = dyno({"web": STUBBORN}, grace=0.3)
    await_true(lambda: "ready" in said.read_text())
    process.send_signal(signal.SIGTERM)
    assert process.wait(PATIENCE) == 0
    assert "is killed" in said.read_text()


def test_the_dyno_ends_with_webs_code_and_takes_the_others_along(dyno) -> None:
    """The host then starts everything anew."""
    worker = "import os, time; print('pid', os.getpid(), flush=True); time.sleep(60)"
    web = "import time, sys; time.sleep(0.5); sys.exit(3)"
    process, said = dyno({"web": web, "worker": worker})
    assert process.wait(PATIENCE) == 3
    assert not is_alive(int(said.read_text().split("pid ")[1].split()[0]))


def test_a_signal_that_kills_web_becomes_a_shells_code(dyno) -> None:
    """137 is what people search for when memory ran out."""
    process, _ = dyno({"web": "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"})
    assert process.wait(PATIENCE) == 137


def test_a_fallen_worker_is_started_again(dyno) -> None:
    """It ends whenever Redis blinks."""
    process, said = dyno({"web": SLEEP, "worker": "print('here', flush=True)"})
    await_true(lambda: said.read_text().count("worker | here") >= 2)
    process.send_signal(signal.SIGINT)
    assert process.wait(PATIENCE) == 0


def test_each_pause_is_longer_until_the_process_is_steady(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker without Redis must not use up the machine, nor wait for ever once Redis is back."""
    out = io.BytesIO()
    member = Member(Role(name="worker", command=()), Voices(out))
    now = 1000.0
    monkeypatch.setattr("bot.dyno.time.monotonic", lambda: now)
    member._started = now
    pauses = []
    for _ in range(9):
        member.pause(1)
        pauses.append(member.start_at - now)
    assert pauses == [0.5, 1, 2, 4, 8, 16, 30, 30, 30]
    now += 61
    member.pause(1)
    assert member.start_at - now == FIRST_DELAY


# Only Linux tells a process that its parent is gone.
if sys.platform == "linux":

    def test_a_killed_dyno_leaves_no_orphans(dyno) -> None:
        """Two workers that nobody knows of would answer the restarted one's friends."""
        worker = "import os, time; print('pid', os.getpid(), flush=True); time.sleep(60)"
        process, said = dyno({"web": worker, "worker": worker})
        await_true(lambda: said.read_text().count("pid") == 2)
        pids = [int(line.split("pid ")[1]) for line in said.read_text().splitlines()]
        process.kill()
        await_true(lambda: not any(map(is_alive, pids)))


def test_each_line_names_its_speaker() -> None:
    """Three processes speak into one log; a line without end is not lost."""
    out = io.BytesIO()
    voices = Voices(out)
    child = children.spawn(python("import sys; print('one\\ntwo'); sys.stdout.write('three')"), output=subprocess.PIPE)
    assert child.stdout is not None
    voices.listen("web", child.stdout)
    child.wait()
    voices.copy(1)
    voices.close()
    assert out.getvalue() == b"web    | one\nweb    | two\nweb    | three\n"


def test_a_supervisor_gives_back_the_signals(tmp_path: Path) -> None:
    """Whoever runs it inside something larger keeps their own handlers."""
    before = [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD)]
    with (tmp_path / "said").open("wb") as out:
        web = Role(name="web", command=python("import sys; sys.exit(7)"), essential=True)
        assert Supervisor([web], Voices(out)).run() == 7
    assert [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD)] == before
