import io
import random
import zipfile

import pytest

from quizapp.domain.imports import check_rows
from quizapp.formats import archives, safety
from quizapp.formats.base import FileRefused
from quizapp.formats.questions.all import QUESTION_WRITERS, find_reader
from tests.typed_questions import JUDGE, SINGLE

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
TYPES = "[Content_Types].xml"
LINK = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://x/{kind}" Target="http://example.org/t" '
    'TargetMode="External"/></Relationships>'
)
LAUGHS = (
    '<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">'
    '<!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;">]><a>&d;</a>'
)
TWO_MILLION_BYTES_OF_ATTRIBUTES = " ".join(f'a{no}="1"' for no in range(200_000))
ENTITY = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><a>&b;</a>'


def archive(entries: dict[str, bytes | str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in entries.items():
            packed.writestr(name, content)
    return out.getvalue()


def random_letters(count: int) -> str:
    """Letters that no archive packs densely."""
    return random.Random(7).randbytes(count // 2).hex()


def office(extra: dict[str, bytes | str]) -> bytes:
    with zipfile.ZipFile(
        io.BytesIO(QUESTION_WRITERS.get("xlsx").write([SINGLE]).content)
    ) as packed:
        parts: dict[str, bytes | str] = {name: packed.read(name) for name in packed.namelist()}
    return archive(parts | extra)


def open_document() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr("content.xml", "<a/>")
    return out.getvalue()


def lying(content: bytes, size: int) -> bytes:
    """The same archive, its one member declared smaller than it unpacks to."""
    out = bytearray(content)
    entry = out.index(b"PK\x01\x02")
    for at in (22, entry + 24):  # where both headers keep the unpacked size
        out[at : at + 4] = size.to_bytes(4, "little")
    return bytes(out)


def refusal(content: bytes, name: str = "上传") -> str:
    with pytest.raises(FileRefused) as refused:
        find_reader(name, content).read(content)
    return refused.value.name


def locked(entries: dict[str, bytes | str]) -> bytes:
    out = bytearray(archive(entries))
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        out[out.index(mark) + flags] |= 1
    return bytes(out)


@pytest.mark.parametrize(
    ("extra", "code"),
    [
        ({"xl/bomb.bin": b"\0" * 70_000_000}, "file_unpacks_too_large"),
        ({f"xl/{no}.bin": b"" for no in range(600)}, "file_unpacks_too_large"),
        ({"xl/inner.bin": archive({"a": b"b"})}, "file_nested"),
        ({"xl/old.bin": OLE}, "file_nested"),
        ({"../evil.txt": b"x"}, "file_unsafe"),
        ({"/etc/cron.d/x": b"x"}, "file_unsafe"),
        ({"C:\\x.txt": b"x"}, "file_unsafe"),
        ({"a\\..\\..\\x.txt": b"x"}, "file_unsafe"),
        ({"xl/vbaProject.bin": b"x"}, "file_unsafe"),
        ({"word/embeddings/oleObject1.bin": b"x"}, "file_unsafe"),
        (
            {TYPES: '<Types><Override ContentType="x.macroEnabled.main+xml"/></Types>'},
            "file_unsafe",
        ),
        ({"xl/_rels/workbook.xml.rels": LINK.format(kind="attachedTemplate")}, "file_unsafe"),
        ({"word/_rels/document.xml.rels": LINK.format(kind="aFChunk")}, "file_unsafe"),
        ({"word/_rels/document.xml.rels": LINK.format(kind="oleObject")}, "file_unsafe"),
        ({"_rels/.rels": LINK.format(kind="subDocument").encode("utf-16")}, "file_unsafe"),
        ({"xl/styles.xml": '<xf numFmtId="0"/>' * 70_000}, "file_unpacks_too_large"),
        ({"xl/styles.xml": f'<numFmt formatCode="{"[" * 5000}"/>'}, "file_unpacks_too_large"),
        ({"xl/workbook.xml": '<sheet sheetId="1"/>' * 300}, "file_unpacks_too_large"),
        ({"_rels/.rels": "<Relationship/>" * 21_000}, "file_unpacks_too_large"),
        ({"word/document.xml": f"<t>{random_letters(6_000_000)}</t>"}, "file_unpacks_too_large"),
        (
            {"xl/worksheets/sheet1.xml": "<sheetData/>" + "<dataValidation/>" * 250_000},
            "file_unpacks_too_large",
        ),
        (
            {"xl/worksheets/sheet1.xml": "<sheetData>" + "<c/>" * 2_600_000},
            "file_unpacks_too_large",
        ),
        (
            {"xl/worksheets/sheet1.xml": "<sheetData><row " + TWO_MILLION_BYTES_OF_ATTRIBUTES},
            "file_unpacks_too_large",
        ),
        ({"xl/worksheets/sheet1.xml": LAUGHS}, "file_unsafe"),
        ({"xl/worksheets/sheet1.xml": ENTITY}, "file_unsafe"),
        ({"word/document.xml": ENTITY.encode("utf-16")}, "file_unsafe"),
        ({"xl/workbook.xml": "<workbook>"}, "file_broken"),
        ({"xl/never_read.xml": "<a>" * 20_000}, "file_broken"),
        ({"xl/worksheets/sheet1.xml": '<row r="1"/>' * 60_000}, "file_too_many_rows"),
    ],
)
def test_a_document_with_a_trap_is_refused_before_it_is_read(
    extra: dict[str, bytes | str], code: str
) -> None:
    assert refusal(office(extra)) == code


@pytest.mark.parametrize("kind", ["hyperlink", "image"])
def test_a_link_to_click_and_a_linked_picture_do_no_harm(kind: str) -> None:
    content = office({"xl/worksheets/_rels/sheet1.xml.rels": LINK.format(kind=kind)})
    assert check_rows(find_reader("a.xlsx", content).read(content)).questions


@pytest.mark.parametrize(
    "target", ["file:///C:\\Users\\a\\Normal.dotm", "\\\\server\\red.dotx", "Normal.dotm"]
)
def test_the_template_that_a_document_was_written_with_is_never_opened(target: str) -> None:
    link = LINK.format(kind="attachedTemplate").replace("http://example.org/t", target)
    content = office({"word/_rels/settings.xml.rels": link})
    assert check_rows(find_reader("a.docx", content).read(content)).questions


def test_an_archive_of_endlessly_many_members_is_refused_unlisted() -> None:
    content = b"PK\x03\x04" + b"PK\x01\x02".ljust(46, b"\0") * 100_000
    assert refusal(content) == "file_unpacks_too_large"


def test_a_member_that_unpacks_to_more_than_it_says_is_broken() -> None:
    content = lying(archive({"q.xml": b"<quiz>" + b" " * 3_000_000 + b"</quiz>"}), 100)
    assert refusal(content, "q.zip") == "file_broken"


def test_no_more_is_unpacked_than_a_member_says(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    read = zipfile.ZipExtFile.read

    def watched(opened: zipfile.ZipExtFile, n: int | None = -1) -> bytes:
        asked.append(-1 if n is None else n)
        return read(opened, n)

    monkeypatch.setattr(zipfile.ZipExtFile, "read", watched)
    with pytest.raises(FileRefused):
        archives.check_archive(lying(archive({"q.xml": b" " * 3_000_000}), 100))
    assert asked
    assert min(asked) > 0


def test_a_package_of_traps_is_refused_like_a_document() -> None:
    assert refusal(archive({"q.xml": LAUGHS}), "q.zip") == "file_unsafe"
    assert refusal(archive({"q.zip": archive({"a": b"b"})}), "q.zip") == "file_nested"
    assert refusal(locked({"q.xml": b"<quiz/>"}), "q.zip") == "file_encrypted"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.txt", b"", "file_empty"),
        ("a.txt", b"\0" * 5000, "file_empty"),
        ("a.txt", "\n \ufeff".encode("utf-16"), "file_empty"),
        ("a.txt", "甲？\0{T}".encode(), "file_not_text"),
        ("a.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "file_not_text"),
        ("a.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n\0\1", "file_not_text"),
        ("a.exe", b"MZ\x90\0\3\0\0\0\4\0", "file_not_text"),
        ("a.txt", "甲？{T}".encode("utf-16-le"), "file_encoding"),
        ("a.doc", b"{\\rtf1\\ansi {\\b T}}", "file_old_word"),
        ("a.xls", OLE + b"\0" * 100, "file_old_excel"),
        ("a.doc", OLE + "WordDocument".encode("utf-16-le"), "file_old_word"),
        ("a.xlsx", OLE + "EncryptedPackage".encode("utf-16-le"), "file_encrypted"),
        ("a.xls", "<html><table><tr><td>题干</td></tr></table></html>".encode(), "file_old_excel"),
        ("a.xls", b"\x09\0\4\0\7\0\x10\0" + b"\0" * 600, "file_old_excel"),
        ("a.ods", open_document(), "file_other_office"),
        ("a.xlsb", office({"xl/workbook.bin": b"\x83\1\0"}), "file_other_office"),
        ("a.xlsx", b"\0\1\2\xff" * 9, "file_broken"),
        ("a.docx", b"PK\x03\x04 nothing", "file_broken"),
        ("a.xlsx", office({})[:-300], "file_broken"),
        ("a.txt", b"::" + b"a" * 200_000 + b"{T}", "file_broken_line"),
        ("a.txt", b"{T}\n" * 250_000, "file_too_many_lines"),
        ("a.txt", b"a" * (safety.MAX_FILE_MB * 1024 * 1024 + 1), "file_too_large"),
        ("a.json", b'{"questions": ' + b"[" * 200_000, "file_unsafe"),
        ("a.json", b'{"questions": [\n{"stem" 1}]}', "file_broken_line"),
        ("a.json", b'{"questions": [' + b"{}," * 450_000 + b"{}]}", "file_too_many_questions"),
        ("a.json", b'{"questions": [' + b"1," * 2_000_000 + b"1]}", "file_too_many_questions"),
        ("a.gift", "甲？{T}\n".encode() * 21_000, "file_too_many_questions"),
        ("a.txt", "甲？\nA.1\nB.2\nANSWER:A\n".encode() * 21_000, "file_too_many_questions"),
        ("a.xml", b"<quiz>" + b"<question/>" * 21_000 + b"</quiz>", "file_too_many_questions"),
        (
            "a.xml",
            b"<questestinterop>" + b"<item/>" * 21_000 + b"</questestinterop>",
            "file_too_many_questions",
        ),
        (
            "a.xml",
            f"<quiz {TWO_MILLION_BYTES_OF_ATTRIBUTES}/>".encode(),
            "file_unpacks_too_large",
        ),
        ("a.csv", "题型,题干,答案\n".encode() + b"judge,a,T\n" * 21_000, "file_too_many_questions"),
        (
            "a.xml",
            f"<quiz>{''.join(f'<a{no}/>' for no in range(6_000))}</quiz>".encode(),
            "file_unpacks_too_large",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_by_its_reason(name: str, content: bytes, code: str) -> None:
    assert refusal(content, name) == code


def test_the_content_decides_whatever_the_name_says() -> None:
    content = QUESTION_WRITERS.get("xlsx").write([SINGLE]).content
    assert find_reader("a.txt", content).key == find_reader("a.csv", content).key
    assert find_reader("题目.csv", "甲？{T}\n".encode()) is not None


@pytest.mark.parametrize("key", QUESTION_WRITERS.keys())
def test_a_file_cut_anywhere_is_read_or_refused_never_a_fault(key: str) -> None:
    writer = QUESTION_WRITERS.get(key)
    content = writer.write([SINGLE, JUDGE]).content
    for at in range(0, len(content), max(1, len(content) // 60)):
        for damaged in (content[:at], content[:at] + b"\xff\x00<" + content[at + 3 :]):
            try:
                check_rows(find_reader("a", damaged).read(damaged))
            except FileRefused as refused:
                assert refused.name  # noqa: PT017 — either way is right, an exception is not


def test_text_of_old_editors_is_read_exactly() -> None:
    assert safety.decode(b"a\x0bb\x0cc\x1a") == "a b c"
    assert safety.lines_of("一\r\n二\r三\n".encode("gb18030")) == ["一", "二", "三", ""]
