"""Whatever an exchange file says to its reader is part of a question, of a problem, or skipped."""

from collections.abc import Sequence
from operator import add

from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.imports import ReadResult
from quizapp.formats.questions.moodle_xml import MOODLE_XML
from quizapp.formats.questions.qti import QTI
from tests.formats.test_nothing_vanishes import words_of

RIGHT = '<answer fraction="100"><text>对的</text></answer>'
MOODLE_PARTS = (
    "<generalfeedback><text>{t}</text></generalfeedback>",
    '<answer fraction="0"><text>{t}</text></answer>',
    '<answer fraction="0"><text>另一项</text><feedback><text>{t}</text></feedback></answer>',
    '<answer fraction="50" format="html"><text><![CDATA[<p>{t}</p>]]></text></answer>',
    "<correctfeedback><text>{t}</text></correctfeedback>",
    "<partiallycorrectfeedback><text>{t}</text></partiallycorrectfeedback>",
    "<incorrectfeedback><text>{t}</text></incorrectfeedback>",
    "<hint><text>{t}</text></hint>",
    "<tags><tag><text>{t}</text></tag></tags>",
    "<idnumber>7</idnumber>",
)
MOODLE_KINDS = ("multichoice", "truefalse", "description", "essay", "matching", "cloze", "odd")
ITEM_TWO_BODY = (
    "<p>{t}</p>",
    "<rubricBlock view='candidate'><p>{t}</p></rubricBlock>",
    "<div><table><tr><td>{t}</td></tr></table></div>",
    "<feedbackBlock identifier='f'><p>{t}</p></feedbackBlock>",
    (
        "<choiceInteraction responseIdentifier='R' maxChoices='1'><prompt>{t}</prompt>"
        "<simpleChoice identifier='x'>甲</simpleChoice>"
        "<simpleChoice identifier='y'>乙<feedbackInline>{t}</feedbackInline></simpleChoice>"
        "</choiceInteraction>"
    ),
    "<textEntryInteraction responseIdentifier='S'/><p>{t}</p>",
)
ITEM_TWO_END = ("<modalFeedback identifier='f'>{t}</modalFeedback>", "")
ITEM_ONE_PARTS = (
    "<presentation><material><mattext>{t}</mattext></material></presentation>",
    (
        "<presentation><material><mattext>{t}</mattext></material><response_lid ident='r'>"
        "<render_choice><response_label ident='x'><material><mattext>{t}</mattext></material>"
        "</response_label></render_choice></response_lid></presentation>"
    ),
    (
        "<presentation><material><mattext>{t}</mattext></material><response_str ident='r'>"
        "<render_fib/></response_str></presentation>"
    ),
)
ITEM_ONE_MORE = (
    (
        "<itemfeedback ident='f'><flow_mat><material><mattext>{t}</mattext></material></flow_mat>"
        "</itemfeedback>"
    ),
    "<rubric><material><mattext>{t}</mattext></material></rubric>",
    "<objectives><material><mattext>{t}</mattext></material></objectives>",
    "",
)


def parts_of(*shelves: tuple[str, ...]) -> st.SearchStrategy[list[tuple[str, ...]]]:
    """Some questions, each of one part of every shelf."""
    return st.lists(st.tuples(*map(st.sampled_from, shelves)), min_size=1, max_size=6)


def marked(texts: Sequence[str]) -> tuple[list[str], list[str]]:
    """Give every place for words a mark of its own; return the texts and the marks."""
    marks: list[str] = []
    filled = []
    for text in texts:
        first, *others = text.split("{t}")
        names = [f"记{no:03d}号" for no in range(len(marks), len(marks) + len(others))]
        filled.append(first + "".join(map(add, names, others)))
        marks += names
    return filled, marks


def lost(found: ReadResult, marks: Sequence[str]) -> list[str]:
    """Return the marks that nothing tells of."""
    words = words_of(found) + "\n".join(one.detail for one in found.findings)
    return [mark for mark in marks if mark not in words]


@given(
    parts_of(MOODLE_KINDS, MOODLE_PARTS, MOODLE_PARTS, MOODLE_PARTS),
    st.sampled_from(["true", "false"]),
)
def test_no_words_of_moodle_are_lost(questions: list[tuple[str, ...]], single: str) -> None:
    texts, marks = marked(
        [
            f'<question type="{kind}"><questiontext><text>{{t}}</text></questiontext>'
            f"<single>{single}</single>{''.join(parts)}{RIGHT}</question>"
            for kind, *parts in questions
        ]
    )
    assert lost(MOODLE_XML.read(f"<quiz>{''.join(texts)}</quiz>".encode()), marks) == []


@given(parts_of(ITEM_TWO_BODY, ITEM_TWO_BODY, ITEM_TWO_END))
def test_no_words_of_qti_2_are_lost(items: list[tuple[str, ...]]) -> None:
    for first, second, end in items:
        (text,), marks = marked([f"<itemBody>{first}{second}</itemBody>{end}"])
        item = f"<assessmentItem xmlns='http://www.imsglobal.org/xsd/imsqti_v2p1'>{text}"
        assert lost(QTI.read(f"{item}</assessmentItem>".encode()), marks) == []


@given(parts_of(ITEM_ONE_PARTS, ITEM_ONE_MORE, ITEM_ONE_MORE))
def test_no_words_of_qti_1_are_lost(items: list[tuple[str, ...]]) -> None:
    texts, marks = marked([f"<item>{''.join(parts)}</item>" for parts in items])
    file = f"<questestinterop><section>{''.join(texts)}</section></questestinterop>"
    assert lost(QTI.read(file.encode()), marks) == []
