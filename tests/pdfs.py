"""Reading a PDF that Chromium printed: its pages, the words on each, the colours that were laid on the paper.

Only what Chromium writes is understood: plain objects, deflated streams, two-byte glyphs with a table back to letters.
"""

import re
import unicodedata
import zlib
from dataclasses import dataclass, field

_OBJECT = re.compile(rb"(\d+) 0 obj\s(.*?)\bendobj", re.S)
_LENGTH = re.compile(rb"/Length (\d+)")
_COLOUR = re.compile(rb"([\d.]+) ([\d.]+) ([\d.]+) (?:rg|RG)\b")
_GREY = re.compile(rb"(?<![\d.] )([\d.]+) (?:g|G)\b")
_RADICALS = dict(zip("⻚⻔⺠⻓⻋⻅⻉⻛⻜⻝⻢⻥⻦⻨⻩⻬⻮⻰⻳", "页门民长车见贝风飞食马鱼鸟麦黄齐齿龙龟", strict=True))
_TOKEN = re.compile(rb"/(\w+) [\d.]+ Tf|<([0-9A-Fa-f]+)>")


@dataclass
class Sheet:
    """One page: its size in millimetres, its words without blanks, its colours as (red, green, blue)."""

    width: float
    height: float
    text: str
    colours: set[tuple[float, ...]] = field(default_factory=set)


def sheets(pdf: bytes) -> list[Sheet]:
    """The pages of ``pdf`` in order."""
    objects = {int(number): body for number, body in _OBJECT.findall(pdf)}
    pages = [body for body in objects.values() if re.search(rb"/Type\s*/Page\b", body)]
    return [_sheet(objects, body) for body in pages]


def _data(body: bytes) -> bytes:
    """What the stream of an object holds; nothing where it has none."""
    head, _stream, rest = body.partition(b"stream\n")
    length = _LENGTH.search(head)
    if not length or not rest:
        return b""
    raw = rest[: int(length[1])]
    return zlib.decompress(raw) if b"/FlateDecode" in head else raw


def _reference(body: bytes, name: bytes) -> int:
    found = re.search(rb"/" + name + rb"\s*\[?\s*(\d+) 0 R", body)
    assert found, name
    return int(found[1])


def _sheet(objects: dict[int, bytes], body: bytes) -> Sheet:
    box = re.search(rb"/MediaBox\s*\[([^\]]*)\]", body)
    assert box
    _left, _bottom, width, height = (float(part) / 72 * 25.4 for part in box[1].split())
    seen: set[int] = set()
    found = Sheet(round(width, 1), round(height, 1), "")
    _read(objects, body, _data(objects[_reference(body, b"Contents")]), found, seen)
    return found


def _read(objects: dict[int, bytes], body: bytes, content: bytes, found: Sheet, seen: set[int]) -> None:
    """Words and colours of a stream, and of the forms that it draws."""
    inline = re.search(rb"/Resources\s+(\d+) 0 R", body)
    resources = objects[int(inline[1])] if inline else body
    fonts = {
        name: _letters(objects, int(number))
        for part in re.findall(rb"/Font\s*<<(.*?)>>", resources, re.S)
        for name, number in re.findall(rb"/(\w+) (\d+) 0 R", part)
    }
    letters: dict[int, str] = {}
    for font, glyphs in _TOKEN.findall(content):
        if font:
            letters = fonts.get(font, {})
        else:
            codes = (int(glyphs[start : start + 4], 16) for start in range(0, len(glyphs), 4))
            found.text += "".join(_plain(letters.get(code, "")) for code in codes)
    found.colours |= {tuple(map(float, colour)) for colour in _COLOUR.findall(content)}
    found.colours |= {(float(grey),) * 3 for grey in _GREY.findall(content)}
    for part in re.findall(rb"/XObject\s*<<(.*?)>>", resources, re.S):
        for number in map(int, re.findall(rb"(\d+) 0 R", part)):
            if number not in seen and b"/Form" in objects[number]:
                seen.add(number)
                _read(objects, objects[number], _data(objects[number]), found, seen)


def _plain(letter: str) -> str:
    """A radical is written like a character, and the table may name either; those without a decomposition by hand."""
    if not "\u2e80" <= letter <= "\u2fdf":
        return letter
    return _RADICALS.get(letter) or unicodedata.normalize("NFKC", letter)


def _letters(objects: dict[int, bytes], number: int) -> dict[int, str]:
    """Glyph → letters of one font; nothing for a font of pictures."""
    if b"/ToUnicode" not in objects[number]:
        return {}
    table = _data(objects[_reference(objects[number], b"ToUnicode")]).decode("ascii")
    found: dict[int, str] = {}
    for part in re.findall(r"beginbfchar(.*?)endbfchar", table, re.S):
        for code, letters in re.findall(r"<(\w+)>\s*<(\w+)>", part):
            found[int(code, 16)] = bytes.fromhex(letters).decode("utf-16-be")
    for part in re.findall(r"beginbfrange(.*?)endbfrange", table, re.S):
        for first, last, letters in re.findall(r"<(\w+)>\s*<(\w+)>\s*<(\w+)>", part):
            start = int(letters, 16)
            for step in range(int(last, 16) - int(first, 16) + 1):
                found[int(first, 16) + step] = chr(start + step)
    return found
