"""Templates to begin with: every type and notation once; they import without a fault."""

from quizapp.domain.errors import Invalid
from quizapp.formats import tabular
from quizapp.formats.questions.word_template import word_template

HEADER = (
    "题型",
    "题干",
    "选项A",
    "选项B",
    "选项C",
    "选项D",
    "答案",
    "解析",
    "依据",
    "分值",
    "难度",
    "知识点",
)
_ROWS = (
    (
        "单选题",
        "执法人员执法时应当主动出示什么？",
        "身份证",
        "执法证件",
        "工作日志",
        "介绍信",
        "B",
        "出示执法证件，表明执法身份。",
        "《行政处罚法》第五十五条第一款",
        1,
        "易",
        "执法程序",
    ),
    (
        "多选题",
        "行政处罚决定书应当载明哪些内容？",
        "当事人情况",
        "违法事实和证据",
        "处罚种类和依据",
        "执法人员的爱好",
        "ABC",
        "只记载与案件有关的内容。",
        "《行政处罚法》第五十九条",
        2,
        "中",
        "文书",
    ),
    (
        "不定项选择题",
        "当事人对处罚决定不服，可以怎样做？",
        "申请行政复议",
        "提起行政诉讼",
        "拒不履行",
        "自行撤销决定",
        "A、B",
        "救济途径由法律规定。",
        "《行政处罚法》第七条",
        2,
        "难",
        "救济",
    ),
    (
        "判断题",
        "限制人身自由的行政处罚由公安机关和法律规定的其他机关行使。",
        "",
        "",
        "",
        "",
        "正确",
        "处罚种类和实施机关法定。",
        "《行政处罚法》第十八条第三款",
        1,
        "易",
        "实施机关",
    ),
)


def template(kind: str) -> bytes:
    """Return an example as xlsx, csv or docx. Raises Invalid("unknown_table_format")."""
    if kind == "docx":
        return word_template()
    if kind not in ("xlsx", "csv"):
        raise Invalid("unknown_table_format", key=kind)
    return tabular.write(kind, "题目模板", HEADER, _ROWS)
