"""``manage.py demo``: the whole portal with invented communities, from a fresh checkout, on this machine alone."""

import sys
import unicodedata
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.front import demonstration, serving

_BAR = 28
_COLUMNS = (("role", "角色"), ("community", "范围"), ("phone", "手机"), ("password", "密码"))


def width(text: str) -> int:
    """Columns that ``text`` takes on a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def table(rows: list[dict[str, str]]) -> str:
    """The accounts under their headings, in columns that line up."""
    lines = [dict(_COLUMNS), *rows]
    widths = {key: max(width(line.get(key, "")) for line in lines) for key, _heading in _COLUMNS}

    def cell(line: dict[str, str], key: str) -> str:
        text = line.get(key, "")
        return text + " " * (widths[key] - width(text))

    return "\n".join("  ".join(cell(line, key) for key in widths).rstrip() for line in lines)


class Progress:
    """A bar that is drawn over on a terminal; elsewhere one plain line for each thing that is begun."""

    def __init__(self, stream: Any) -> None:
        self.stream, self.drawn, self.said = stream, bool(stream.isatty()), ""

    def __call__(self, text: str, fraction: float) -> None:
        if self.drawn:
            done = round(_BAR * fraction)
            self.stream.write(f"\r\x1b[2K{'█' * done}{'░' * (_BAR - done)} {fraction:4.0%} {text}")
        elif text and text != self.said:
            self.stream.write(f"{fraction:4.0%} {text}\n")
        self.said = text or self.said
        self.stream.flush()

    def end(self) -> None:
        """Leave the finished bar standing and go to the next line."""
        if self.drawn and self.said:
            self.stream.write("\n")


class Command(BaseCommand):
    help = "Build the demonstration below var/ when it is due, and serve it on 127.0.0.1."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="port on 127.0.0.1 (8000)")
        parser.add_argument("--no-serve", action="store_true", help="build and print the accounts only")
        parser.add_argument("--scale", type=int, default=1, help="multiply by further, invented communities (1)")
        choice = parser.add_mutually_exclusive_group()
        choice.add_argument("--reset", action="store_true", help="build anew in any case")
        choice.add_argument("--keep", action="store_true", help="keep another day's records and what was done since")

    def handle(self, *args: Any, **options: Any) -> None:
        if not 1 <= options["scale"] <= 1000:
            raise CommandError("--scale takes a number from 1 to 1000.")
        if not 1 <= options["port"] <= 65535:
            raise CommandError("--port takes a number from 1 to 65535.")
        try:
            self._run(options)
        except (demonstration.Refused, serving.PortTaken) as refusal:
            raise CommandError(str(refusal)) from None
        except KeyboardInterrupt:
            sys.stderr.write("\nBroken off; the next start builds again what is not whole.\n")
            sys.exit(130)

    def _run(self, options: dict[str, Any]) -> None:
        demonstration.assert_own()
        if not options["no_serve"]:
            serving.check_port(options["port"])
        self._build(scale=options["scale"], keep=options["keep"], reset=options["reset"])
        if options["no_serve"]:
            self._print_accounts()
            return
        if demonstration.collect_static():
            sys.stderr.write("Static files are hashed and compressed.\n")
        with demonstration.held(alone=False):
            serving.serve(port=options["port"], ready=lambda: self._announce(options["port"]))
        self.stdout.write("Ended.")

    def _build(self, *, scale: int, keep: bool, reset: bool) -> None:
        why = demonstration.why_build(scale=scale, keep=keep, reset=reset)
        if not why:
            if keep:
                demonstration.bring_up_to_date()
            return
        with demonstration.held(alone=True):
            sys.stderr.write(f"Building the demonstration ({why}):\n")
            progress = Progress(sys.stderr)
            demonstration.build(scale=scale, show=progress)
            progress.end()

    def _print_accounts(self) -> None:
        self.stdout.write(table(demonstration.accounts()))

    def _announce(self, port: int) -> None:
        self._print_accounts()
        self.stdout.write(f"\nhttp://{serving.HOST}:{port}/   Ctrl-C ends it.")
        self.stdout.flush()
