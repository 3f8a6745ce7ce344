"""`make run`: the whole product on this machine, with a pretended LINE to practise in. Needs no account and no server."""

import contextlib
import http.client
import json
import os
import signal
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from subprocess import Popen
from typing import Any, NoReturn

from bot import children, tcp_ports
from bot.append_only import OlderServerError
from bot.embedded import Choice, EmbeddedRedisError, Source, choose, chosen_redis
from bot.log import mask_url
from bot.practice import AlreadyRunningError, Secrets, kept_secrets, only_one

VAR = Path("var")
LOGS = VAR / "log"
READY_SECONDS = 60.0
# The dyno gives its processes 25 seconds.
DYNO_STOP_SECONDS = 28.0
SIMULATOR_STOP_SECONDS = 5.0
SHOWN_LINES = 20
ENDING_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
NOTHING_IS_KEPT = """
┌──────────────────────────────────────────────────────────────────────┐
│ ⚠ 本物のRedisがないので、終了すると記録はすべて消えます。            │
│   残すには: apt install redis-server / brew install valkey           │
│   NOTHING IS KEPT: no real Redis was found, a fake one is in use.    │
└──────────────────────────────────────────────────────────────────────┘"""


class LocalError(Exception):
    """One sentence that says why it does not run and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Where everything will be, decided before anything starts."""

    port: int
    simulator_port: int
    secrets: Secrets
    redis: Choice

    @property
    def product(self) -> str:
        """The product's address."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def simulator(self) -> str:
        """The pretended LINE's address, which is also the page to open."""
        return f"http://127.0.0.1:{self.simulator_port}"


def main() -> int:
    """Run until Ctrl-C; returns 0 after an orderly end, 78 when something must be mended first."""
    try:
        with only_one(VAR), _ended_by_signals():
            _run(_plan(os.environ))
    except AlreadyRunningError:
        return _refuse("もう動いています → 先にそちらを Ctrl-C で終えてください (already running on the same data)")
    except (LocalError, EmbeddedRedisError, OlderServerError) as error:
        return _refuse(str(error))
    except KeyboardInterrupt:
        print("\r終了しました。また動かすときは make run。 (stopped)")
        return 0


def _refuse(sentence: str) -> int:
    _draw("")
    print(f"✗ {sentence}", file=sys.stderr)
    return 78


def _plan(environ: Mapping[str, str]) -> Plan:
    port = _port(environ, "PORT", 5000)
    simulator_port = _port(environ, "SIM_PORT", 8800)
    if port == simulator_port:
        raise LocalError("PORT と SIM_PORT が同じです → 別の番号にしてください (the two ports are the same)")
    _require_free({"PORT": port, "SIM_PORT": simulator_port})
    secrets = kept_secrets(VAR)
    if code := environ.get("OWNER_CODE"):
        secrets = replace(secrets, owner_code=code)
    return Plan(port=port, simulator_port=simulator_port, secrets=secrets, redis=choose(environ))


def _port(environ: Mapping[str, str], name: str, default: int) -> int:
    given = environ.get(name) or str(default)
    if not given.isdecimal() or not 0 < int(given) < 65_536:
        raise LocalError(f"{name} は1〜65535の数字です → {name}={default} make run (not a port: {given})")
    return int(given)


def _require_free(ports: Mapping[str, int]) -> None:
    """Raise LocalError with the one command that works, however many of the ports are taken."""
    taken = {name: port for name, port in ports.items() if not tcp_ports.is_free(port)}
    if not taken:
        return
    holders = [f"ポート {port} は {tcp_ports.holder(port) or 'ほかのプログラム'} が" for port in taken.values()]
    mend = " ".join(f"{name}={tcp_ports.next_free(port)}" for name, port in taken.items())
    raise LocalError(f"{'、'.join(holders)}使っています → {mend} make run (in use)")


def _run(plan: Plan) -> NoReturn:
    if not plan.redis.keeps:
        print(NOTHING_IS_KEPT)
    LOGS.mkdir(parents=True, exist_ok=True)
    with (
        chosen_redis(plan.redis, VAR / "redis") as redis_url,
        _running("simulator", _simulator_command(plan, redis_url), os.environ, SIMULATOR_STOP_SECONDS) as simulator,
        _running("ayumi", [sys.executable, "-m", "bot.dyno"], _product_env(plan, redis_url), DYNO_STOP_SECONDS) as dyno,
    ):
        health = _await_ready(plan, {"simulator": simulator, "ayumi": dyno})
        _greet(plan, health)
        _stay({"simulator": simulator, "ayumi": dyno})


def _simulator_command(plan: Plan, redis_url: str) -> list[str]:
    options = {
        "port": str(plan.simulator_port),
        "product": f"{plan.product}/callback",
        "secret": plan.secrets.secret,
        "token": plan.secrets.token,
        "channel-id": plan.secrets.channel_id,
        "redis-url": redis_url,
        "state": str(VAR / "simulator"),
        "suggest-owner": f"登録 {plan.secrets.owner_code}",
        "next-due-url": f"{plan.product}/clock",
        "product-health": f"{plan.product}/healthz",
        # LINE takes media from HTTPS addresses only; our own, on this machine, is the exception.
        "stored-base": f"{plan.product}/",
    }
    # In one word each: a secret drawn at random may begin with a dash.
    return [sys.executable, "-m", "simulator", *(f"--{name}={value}" for name, value in options.items())]


def _product_env(plan: Plan, redis_url: str) -> dict[str, str]:
    # A real account's settings in this shell must not leak into the practice.
    strangers = {"LINE_CHANNEL_ID", "DYNO", *(() if plan.redis.source is Source.GIVEN else ("RQ_REDIS_URL",))}
    return {name: value for name, value in os.environ.items() if name not in strangers} | {
        "LINE_CHANNEL_SECRET": plan.secrets.secret,
        "LINE_CHANNEL_ACCESS_TOKEN": plan.secrets.token,
        "LINE_API_URL": plan.simulator,
        "REDIS_URL": redis_url,
        "PUBLIC_URL": plan.product,
        "PORT": str(plan.port),
        "OWNER_CODE": plan.secrets.owner_code,
        "CLOCK": "movable",
    }


@contextlib.contextmanager
def _running(name: str, command: Sequence[str], env: Mapping[str, str], seconds: float) -> Iterator[Popen[bytes]]:
    """A process with its output in `var/log`, asked to end afterwards and given so many seconds for it."""
    with _log(name).open("wb") as output:
        child = children.spawn(command, env=env, output=output)
        try:
            yield child
        finally:
            children.stop(child, seconds=seconds)


def _log(name: str) -> Path:
    return LOGS / f"{name}.log"


def _await_ready(plan: Plan, running: Mapping[str, Popen[bytes]]) -> dict[str, Any]:
    """Wait until both answer; gives what the product says of its health."""
    began = time.monotonic()
    while (seconds := time.monotonic() - began) < READY_SECONDS:
        _fail_if_ended(running)
        health = _ask(plan.port, "/healthz")
        if health is not None and _ask(plan.simulator_port, "/") is not None:
            _draw("")
            return health
        _draw(f"… 起動しています (starting) {seconds:.0f}秒")
        time.sleep(0.1)
    raise LocalError(f"{READY_SECONDS:.0f}秒たっても準備ができません (not ready)\n{_tail('ayumi')}")


def _ask(port: int, path: str) -> dict[str, Any] | None:
    """What a page of ours answers with status 200: its JSON, or nothing to read; None while it does not answer so."""
    # Not urllib: a proxy in the environment must not be asked about this machine.
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    with contextlib.closing(connection):
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            said = answer.read()
        except (OSError, http.client.HTTPException):
            return None
    if answer.status != http.HTTPStatus.OK:
        return None
    return dict(json.loads(said)) if "json" in answer.headers.get_content_type() else {}


def _fail_if_ended(running: Mapping[str, Popen[bytes]], mend: str = "下の記録が理由です") -> None:
    for name, child in running.items():
        if child.poll() is not None:
            raise LocalError(f"{name} が終了しました → {mend} (ended with code {child.returncode})\n{_tail(name)}")


def _tail(name: str) -> str:
    lines = _log(name).read_text(encoding="utf-8", errors="replace").splitlines()[-SHOWN_LINES:]
    return "\n".join([*(f"    {line}" for line in lines), f"  記録 (log): {_log(name)}"])


def _draw(line: str) -> None:
    """Draw the one living line of a terminal."""
    if sys.stdout.isatty():
        sys.stdout.write(f"\r\033[K{line}")
        sys.stdout.flush()


def _greet(plan: Plan, health: Mapping[str, Any]) -> None:
    first = f"「登録 {plan.secrets.owner_code}」と左の電話から送ると、あなたが所有者になります"
    known = "所有者は登録済みです。続きからどうぞ"
    where = plan.redis.at if plan.redis.source is Source.GIVEN else f"{VAR.resolve()}（Redis: {plan.redis.source}）"
    print(f"開く      {plan.simulator}")
    print(f"はじめに  {known if health.get('owner') else first}")
    print(f"データ    {mask_url(where) if plan.redis.keeps else 'どこにも残りません (nothing is kept)'}")
    print("終わる    Ctrl-C", flush=True)


def _stay(running: Mapping[str, Popen[bytes]]) -> NoReturn:
    """Watch until somebody presses Ctrl-C or a process ends by itself."""
    while True:
        _fail_if_ended(running, mend="もう一度 make run で、続きから始まります")
        time.sleep(0.3)


@contextlib.contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Treat SIGTERM and a closed terminal like Ctrl-C; while we are ending, a second one changes nothing."""

    def end(*_: object) -> NoReturn:
        for number in ENDING_SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        _draw("… 終了しています (stopping)")
        raise KeyboardInterrupt

    before = {number: signal.signal(number, end) for number in ENDING_SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


if __name__ == "__main__":
    sys.exit(main())
