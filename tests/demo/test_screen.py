"""What the command draws: columns that line up under Chinese words, a bar on a terminal, plain lines elsewhere."""

import io

from portal.front.management.commands.demo import Progress, table, width


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_chinese_character_takes_two_columns():
    assert width("居民 a（高龄）") == 2 * 6 + 2


def test_columns_line_up_whatever_the_words():
    rows = [
        {"role": "居民", "community": "袁家湾社区", "phone": "15400000001", "password": "x"},
        {"role": "system 管理员", "community": "", "phone": "15400000002", "password": "x"},
    ]
    lines = table(rows).splitlines()
    assert len({width(line[: line.index("1540000")]) for line in lines[1:]}) == 1
    assert lines[0].split() == ["角色", "范围", "手机", "密码"]


def test_away_from_a_terminal_each_thing_is_said_once():
    out = io.StringIO()
    progress = Progress(out)
    for fraction in (0.0, 0.1, 0.2):
        progress("建表", fraction)
    progress("居民", 0.5)
    progress("", 1.0)
    progress.end()
    assert out.getvalue() == "  0% 建表\n 50% 居民\n"


def test_on_a_terminal_the_bar_is_drawn_over():
    out = Terminal()
    progress = Progress(out)
    progress("建表", 0.0)
    progress("居民", 1.0)
    progress.end()
    assert out.getvalue().count("\r") == 2
    assert out.getvalue().endswith("居民\n")
    assert "\n" not in out.getvalue()[:-1]
