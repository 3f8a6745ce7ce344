import pytest

from bot.judging import EX_CONFIG, judge, names, settings_or_exit
from bot.settings import Settings

SECRET = "0123456789abcdef0123456789abcdef"
TOKEN = "t" * 172
REAL = {"LINE_CHANNEL_SECRET": SECRET, "LINE_CHANNEL_ACCESS_TOKEN": TOKEN, "REDIS_URL": "redis://10.0.0.1:6379/0"}
PRACTICE = REAL | {
    "LINE_API_URL": "http://127.0.0.1:8800",
    "LINE_CHANNEL_SECRET": "s",
    "LINE_CHANNEL_ACCESS_TOKEN": "t",
}


@pytest.fixture(autouse=True)
def _empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*names(), "DYNO"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch):
    def give(values: dict[str, str]):
        for name, value in values.items():
            monkeypatch.setenv(name, value)
        return judge()

    return give


def test_the_needed_settings_suffice(given) -> None:
    """Everything else has a default, and jobs go to the same Redis."""
    settings = given(REAL).settings
    assert settings is not None
    assert (settings.port, settings.timezone, settings.clock, settings.namespace) == (
        8000,
        "Asia/Tokyo",
        "system",
        "lm",
    )
    assert settings.rq_redis_url == settings.redis_url == REAL["REDIS_URL"]
    assert settings.owner_code is None
    assert settings.public_url is None


def test_a_channel_id_takes_the_tokens_place(given) -> None:
    """Then the program makes its own tokens, and a newcomer has one page less to visit."""
    settings = given(
        {name: REAL[name] for name in ("LINE_CHANNEL_SECRET", "REDIS_URL")} | {"LINE_CHANNEL_ID": "1234567890"}
    ).settings
    assert settings is not None
    assert settings.line_channel_access_token is None


def test_an_empty_value_is_an_absent_one(given) -> None:
    """Hosts show a form with empty fields; they mean nothing."""
    assert given(REAL | {"OWNER_CODE": "", "PUBLIC_URL": ""}).problems == ()


def test_all_problems_are_listed_at_once(given) -> None:
    """Nobody should have to start once per mistake."""
    judgement = given(
        {"LINE_CHANNEL_SECRET": TOKEN, "PORT": "http", "TIMEZONE": "Tokyo", "CLOCK": "movable", "NAMESPACE": "友だち"}
    )
    assert {problem.name for problem in judgement.problems} == {
        "LINE_CHANNEL_SECRET",
        "LINE_CHANNEL_ID",
        "REDIS_URL",
        "PORT",
        "TIMEZONE",
        "CLOCK",
        "NAMESPACE",
    }
    assert all("→" in str(problem) for problem in judgement.problems)


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("LINE_CHANNEL_SECRET", TOKEN, "入れ替え"),
        ("LINE_CHANNEL_SECRET", SECRET[:-1], "31文字"),
        ("LINE_CHANNEL_SECRET", f" {SECRET}", "空白"),
        ("LINE_CHANNEL_SECRET", f"{SECRET}\n", "改行"),
        ("LINE_CHANNEL_SECRET", f'"{SECRET}"', "引用符"),
        ("LINE_CHANNEL_SECRET", f"「{SECRET}」", "引用符"),
        ("LINE_CHANNEL_ACCESS_TOKEN", SECRET, "シークレット"),
        ("LINE_CHANNEL_ACCESS_TOKEN", "short", "5文字"),
        ("LINE_CHANNEL_ACCESS_TOKEN", f"{TOKEN} {TOKEN}", "写し直して"),
        ("LINE_CHANNEL_ID", "@shop", "数字"),
        ("LINE_API_URL", "api.line.me", "アドレス"),
        ("REDIS_URL", "localhost:6379", "redis://"),
        ("REDIS_URL", "https://example.com", "redis://"),
        ("RQ_REDIS_URL", "6379", "redis://"),
        ("PUBLIC_URL", "shop.example.com", "https://"),
        ("PUBLIC_URL", "http://shop.example.com", "https"),
        ("PUBLIC_URL", "https://shop.example.com/callback", "/callback"),
        ("PORT", "0", "65535"),
        ("PORT", "70000", "65535"),
        ("PORT", "５０００", "65535"),
        ("TIMEZONE", "日本", "Asia/Tokyo"),
        ("TIMEZONE", "../etc/passwd", "Asia/Tokyo"),
        ("OWNER_CODE", "123", "4文字"),
        ("OWNER_CODE", "12 34 56", "空白"),
        ("CLOCK", "fast", "movable"),
        ("CLOCK", "movable", "CLOCK を消して"),
        ("NAMESPACE", "a:b", "英数字"),
    ],
)
def test_each_wrong_form_has_its_own_mend(given, name: str, value: str, says: str) -> None:
    """The sentence names the variable, what was found, and what to do."""
    (problem,) = given(REAL | {name: value}).problems
    assert problem.name == name
    assert says in problem.says
    assert not problem.absent


def test_a_report_never_repeats_a_secret(given) -> None:
    """People paste such a report into a public question."""
    report = given(REAL | {"LINE_CHANNEL_SECRET": f"'{SECRET}'", "PORT": "x"}).report()
    assert SECRET not in report
    assert TOKEN not in report
    assert "✓ LINE_CHANNEL_ACCESS_TOKEN" in report


def test_a_report_has_the_wrong_ones_first(given) -> None:
    """What was tried and failed is what the person is thinking about."""
    lines = given({"PORT": "x", "LINE_CHANNEL_ID": "1234567890"}).report().splitlines()
    assert [line.split()[1].rstrip(":") for line in lines[1:-1]] == [
        "PORT",
        "LINE_CHANNEL_SECRET",
        "REDIS_URL",
        "LINE_CHANNEL_ID",
    ]


def test_a_misspelt_name_is_recognised(given) -> None:
    """LINE's own samples call the token by several names."""
    said = str(given(REAL | {"LINE_CHANNEL_SECRET": "", "LINE_CHANNEL_SECERT": SECRET}).problems[0])
    assert "LINE_CHANNEL_SECERT という名前" in said


def test_a_stand_in_for_line_may_use_any_secrets(given) -> None:
    """Only LINE's own have a known shape."""
    assert given(PRACTICE).problems == ()


@pytest.mark.parametrize(
    "at", ["http://127.0.0.1:8800", "http://localhost:1", "http://[::1]:8800", "http://127.3.2.1:80/"]
)
def test_time_moves_only_while_line_is_on_this_machine(given, at: str) -> None:
    """A moved clock with real friends would send everything at once."""
    settings = given(PRACTICE | {"LINE_API_URL": at, "CLOCK": "movable"}).settings
    assert settings is not None
    assert settings.is_practice


@pytest.mark.parametrize("at", ["http://10.0.0.1", "https://127.0.0.1.example.com", "http://localhost.example.com:80"])
def test_time_does_not_move_with_line_elsewhere(given, at: str) -> None:
    """A name that only looks like this machine is another one."""
    assert [problem.name for problem in given(PRACTICE | {"LINE_API_URL": at, "CLOCK": "movable"}).problems] == [
        "CLOCK"
    ]


@pytest.mark.parametrize(
    ("url", "used"),
    [
        ("rediss://:pw@h:6380", "rediss://:pw@h:6380?ssl_cert_reqs=none"),
        ("rediss://h:6380/1?max_connections=5", "rediss://h:6380/1?max_connections=5&ssl_cert_reqs=none"),
        ("rediss://h?ssl_cert_reqs=required", "rediss://h?ssl_cert_reqs=required"),
        ("redis://h:6379", "redis://h:6379"),
    ],
)
def test_herokus_self_signed_redis_is_accepted_there(given, url: str, used: str) -> None:
    """Its chain cannot be verified on any plan; refusing it would leave no way in."""
    settings = given(REAL | {"REDIS_URL": url, "DYNO": "web.1"}).settings
    assert settings is not None
    assert settings.redis_url == settings.rq_redis_url == used


def test_elsewhere_a_certificate_is_checked(given) -> None:
    """Friends' records travel over that line."""
    settings = given(REAL | {"REDIS_URL": "rediss://h:6380"}).settings
    assert settings is not None
    assert settings.redis_url == "rediss://h:6380"


def test_a_wrong_setting_ends_the_program_with_78(given, capsys: pytest.CaptureFixture[str]) -> None:
    """A supervisor can tell a mistake to be mended from a crash to be retried; nobody reads a traceback."""
    given(REAL | {"PORT": "x"})
    with pytest.raises(SystemExit) as ended:
        settings_or_exit()
    assert ended.value.code == EX_CONFIG
    assert "Traceback" not in capsys.readouterr().err


def test_settings_do_not_show_their_secrets(given) -> None:
    """A stray log line must not give the account away."""
    shown = repr(given(REAL | {"OWNER_CODE": "1234-5678"}).settings)
    assert not any(value in shown for value in (SECRET, TOKEN, "10.0.0.1", "1234-5678"))


def test_settings_cannot_be_changed() -> None:
    """Read once, the same everywhere."""
    settings = Settings(line_channel_secret=SECRET, line_channel_access_token=TOKEN, redis_url="redis://h")
    with pytest.raises(ValueError, match="frozen"):
        setattr(settings, "port", 1)  # noqa: B010 - the type checker would refuse it first


BUCKET = {"MEDIA_S3_URL": "https://s3.example.com/my-shop", "MEDIA_S3_KEY": "k", "MEDIA_S3_SECRET": "s"}


def test_a_bucket_takes_the_place_of_redis_and_is_roomier(given) -> None:
    """Unless the owner said how much it may hold."""
    assert given(REAL).settings.media_budget == 64 * 1024 * 1024
    settings = given(REAL | BUCKET).settings
    assert settings.media_budget == 1000 * 1024 * 1024
    assert "media_s3_secret" not in repr(settings)
    assert given({"MEDIA_MB": "200"}).settings.media_budget == 200 * 1024 * 1024


@pytest.mark.parametrize(
    ("changed", "name", "says"),
    [
        ({"MEDIA_S3_URL": "my-shop"}, "MEDIA_S3_URL", "バケットのアドレス"),
        ({"MEDIA_S3_URL": "http://s3.example.com/my-shop"}, "MEDIA_S3_URL", "https"),
        ({"MEDIA_S3_KEY": ""}, "MEDIA_S3_KEY", "鍵を入れる"),
        ({"MEDIA_S3_SECRET": ""}, "MEDIA_S3_SECRET", "鍵を入れる"),
        ({"MEDIA_S3_URL": ""}, "MEDIA_S3_KEY", "MEDIA_S3_URL がありません"),
    ],
)
def test_half_a_bucket_is_none(given, changed: dict[str, str], name: str, says: str) -> None:
    """Found before the first photo, not by it."""
    problems = {problem.name: str(problem) for problem in given(REAL | BUCKET | changed).problems}
    assert says in problems[name]
    assert "→" in problems[name]
