"""试题报错: what can be wrong with a question, and how a report ends."""

from quizapp.domain.text import Text

KINDS = {
    "key": Text("答案有误", "The key is wrong"),
    "law": Text("法规已修改或引用有误", "The law has changed or is cited wrongly"),
    "words": Text("题目表述不清或有错字", "The wording is unclear or misspelt"),
    "other": Text("其他", "Something else"),
}
OUTCOMES = {
    "right": Text("经核实，试题无误", "Checked: the question is right"),
    "fixed": Text("已改正，今后使用新版本", "Corrected for the future"),
    "regrade": Text("确有错误，转勘误重判", "Wrong: the key will be corrected and marks redone"),
}
TEXT_LENGTH = 500
