"""Every command: what it says of itself, and misuse in one line."""

import pytest

HELP = [
    "plan", "demo", "connect", "connect shopify", "connect woocommerce", "disconnect", "rehearse", "rotate-webhooks", "sync", "api-token", "login-link",
    "worker", "serve", "db", "db upgrade", "db move", "backup", "restore", "rotate-keys", "export", "forget", "doctor",
]  # fmt: skip


@pytest.mark.parametrize("words", HELP)
def test_every_command_says_what_it_does(terminal_of, words):
    done = terminal_of().type(*words.split(), "--help")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.startswith("Usage:")


def test_no_command_is_left_out(terminal_of):
    commands = terminal_of().app.cli.commands
    found = set(commands) | {f"{name} {sub}" for name, c in commands.items() for sub in getattr(c, "commands", ())}
    assert found == set(HELP)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["plan"], "Missing argument 'FILE'"),
        (["plan", "a", "--wrong"], "No such option '--wrong'"),
        (["connect"], "Missing command"),
        (["connect", "nowhere"], "No such command 'nowhere'"),
        (["connect", "woocommerce", "https://shop.example.com", "--key", "ck"], "Missing option '--secret'"),
        (["connect", "shopify", "north", "--token", "t", "--mode", "maybe"], "'maybe' is not one of 'observe', 'act'"),
        (["connect", "shopify", "north"], "give either --token TOKEN or --client-credentials"),
        (["connect", "shopify", "north", "--token", "t", "--client-credentials"], "give either"),
        (["sync", "north", "--since", "yesterday"], "'yesterday' is not a date such as 2026-11-01"),
        (["db"], "Missing command"),
        (["worker", "now"], "unexpected extra argument"),
        (["demo", "--seed", "seven"], "'seven' is not a valid integer"),
        (["demo", "--speed", "-1"], "--speed: must be from 0 to 1000"),
        (["demo", "--speed", "nan"], "--speed: must be from 0 to 1000"),
    ],
)  # fmt: skip
def test_misuse_is_one_line_and_touches_nothing(terminal_of, tmp_path, words, says):
    assert says in terminal_of().refused(*words, code=2)
    assert list(tmp_path.iterdir()) == []
