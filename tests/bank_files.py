# ruff: noqa: E501 — the lines are those of real files
"""A tiny bank of question files for tests: sound as it is, broken by one replacement."""

from pathlib import Path

LAWS = """\
laws:
- {short: 行政处罚法, full: 中华人民共和国行政处罚法, version: "2021-01-22", effective_on: "2021-07-15", articles: 86}
- {short: 噪声法, full: 噪声法, version: "2021-12-24", effective_on: "2022-06-05", repealed_on: "2026-08-15", articles: 90}
- {short: 三项制度意见, full: 意见, version: "2018-12-05", effective_on: "2018-12-05", articles: 23, by_item: true}
"""
TOPICS = "street: [当场处罚, 市容]\nprocedure: [听证, 证据]\n"
QUESTIONS = """\
law: 行政处罚法
as_of: "2026-11-22"
scope: national
author: 编写组
questions:
- id: HB-XZCF-051-01
  type: single
  stem: 城管执法人员对沿街乱倒垃圾的个体工商户当场作出罚款决定，罚款数额最高为（　）。
  options:
    A: 五十元
    B: 一百元
    C: 二百元
    D: 五百元
  key: C
  explanation: 当场处罚适用于违法事实确凿并有法定依据的情形，对公民罚款以二百元为限。见《行政处罚法》第五十一条。
  citation:
  - {law: 行政处罚法, version: "2021-01-22", article: 51}
  difficulty: 1
  topics: [当场处罚]
  review: {outcome: confirmed, date: "2026-11-22", by: 复核组}
- id: HB-XZCF-063-01
  type: judge
  stem: 当事人要求听证的，应当在行政机关告知后五日内提出。
  key: true
  explanation: 要求听证的期限是行政机关告知后五日内，这里的日指工作日，说法正确。见《行政处罚法》第六十四条第一项。
  citation:
  - {law: 行政处罚法, version: "2021-01-22", article: 64, item: 1}
  difficulty: 2
  topics: [听证]
- id: HB-XZCF-055-01
  type: case
  stem: 石家庄市某区城管执法人员甲独自到一家门店检查，没有出示执法证件，店主拒绝接受检查。甲随后叫来同事乙，两人出示证件后对现场拍照取证，并制作了笔录，店主在笔录上签了字。
  citation:
  - {law: 行政处罚法, version: "2021-01-22", article: 55}
  difficulty: 3
  topics: [证据]
  review: {outcome: corrected, date: "2026-11-22", by: 复核组, note: 改正了条号}
  sub_questions:
  - type: multiple
    stem: 甲最初的检查违反规定之处有（　）。
    options: {A: 没有出示执法证件, B: 到门店进行检查, C: 只有一名执法人员, D: 事先没有发出通知}
    key: [A, C]
    explanation: 执法人员不得少于两人，并应当主动出示执法证件；检查门店和不预先通知都不违法。见《行政处罚法》第四十二条、第五十五条。
    citation:
    - {law: 行政处罚法, version: "2021-01-22", article: 42, paragraph: 1}
    difficulty: 3
  - type: judge
    stem: 店主在甲未出示证件时有权拒绝检查。
    key: true
    explanation: 执法人员不出示执法证件的，当事人或者有关人员有权拒绝接受调查或者检查。见《行政处罚法》第五十五条第一款。
    citation:
    - {law: 行政处罚法, version: "2021-01-22", article: 55, paragraph: 1}
    difficulty: 3
"""


def write_bank(folder: Path, questions: str = QUESTIONS, **files: str) -> Path:
    """Write the bank into a folder; more files by their name without ending."""
    whole = {"laws": LAWS, "topics": TOPICS, "xzcf": questions} | files
    for name, text in whole.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def changed(old: str, new: str) -> str:
    """Return the questions with one thing changed."""
    assert old in QUESTIONS
    return QUESTIONS.replace(old, new, 1)
