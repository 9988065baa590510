"""What a file is says its content; its name is what its owner believes."""

import pytest

from quizapp.domain.imports import check_rows
from quizapp.formats.questions.all import find_reader


@pytest.mark.parametrize("name", ["a.xlsx", "a.docx", "a.zip", "a.xls", "a", "a.exe"])
@pytest.mark.parametrize(
    "text",
    [
        "题干,选项A,选项B,答案\n甲？,一,二,A\n",
        "1.甲？\nA.一\nB.二\n答案：A\n",
        "甲？{=一 ~二}\n",
        "甲？\nA. 一\nB. 二\nANSWER: A\n",
    ],
)
def test_text_is_read_by_its_content_whatever_it_is_called(name: str, text: str) -> None:
    for encoding in ("utf-8", "utf-8-sig", "gb18030"):
        content = text.encode(encoding)
        (question,) = check_rows(find_reader(name, content).read(content)).questions
        assert (question.stem, question.answer) == ("甲？", ("A",))
