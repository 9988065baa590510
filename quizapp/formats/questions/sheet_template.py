"""The spreadsheet that trainers begin with: every type and notation once, and how to fill it in."""

from quizapp.domain.bank import Question
from quizapp.domain.statutes import Citation
from quizapp.formats.base import Cell
from quizapp.formats.questions.template_xlsx import other_sheet, timeless
from quizapp.formats.xlsx import write_xlsx

SHEET, _NOTES_SHEET = "题目模板", "填写说明"
_OPTIONS = 6
HEADER = (
    *("题型", "题干", "选项A", "选项B", "选项C", "选项D", "答案"),
    *("解析", "依据", "分值", "难度", "知识点", "易错点"),
)
_ROWS = (
    (
        "单选题|执法人员执法时应当主动出示什么？|身份证|执法证件|工作日志|介绍信|B"
        "|出示执法证件，表明执法身份。|《行政处罚法》第五十五条第一款|1|易|执法程序|证件不是工作证"
    ),
    (
        "单选题|答案也可以写选项原文：实施行政处罚的执法人员一般不得少于几人？|一人|两人|三人||两人"
        "|法律另有规定的除外。|《行政处罚法》第四十二条第一款|1分|易|执法程序|"
    ),
    (
        "多选题|行政处罚决定书应当载明哪些内容？|当事人情况|违法事实和证据|处罚种类和依据|执法人员的爱好"
        "|ABC|只记载与案件有关的内容。|《行政处罚法》第五十九条|2|中|文书|"
    ),
    (
        "多选题|字母之间可以加标点：下列哪些属于行政处罚的种类？|警告|罚款|劝导|责令停产停业|A、B、D"
        "|劝导不是处罚。|《行政处罚法》第九条|2|中|处罚种类|"
    ),
    (
        "不定项选择题|当事人对处罚决定不服，可以怎样做？|申请行政复议|提起行政诉讼|拒不履行|自行撤销决定"
        "|AB|救济途径由法律规定。|《行政处罚法》第七条|2|难|救济|"
    ),
    (
        "判断题|限制人身自由的行政处罚由公安机关和法律规定的其他机关行使。|||||正确"
        "|处罚种类和实施机关法定。|《行政处罚法》第十八条第三款|1|易|实施机关|"
    ),
    (
        "判断题|对错也可以写符号：当事人要求陈述和申辩的，应当加重处罚。|||||×"
        "|不得因陈述、申辩而给予更重的处罚。|《行政处罚法》第四十五条第二款|1|易|陈述申辩|"
    ),
)
_OTHERS = (
    Question(
        "blank",
        "当事人要求听证的，应当在行政机关告知后（　　）日内提出。",
        ("五", "5"),
        (0, 1),
        explanation="每一种可以接受的写法占一个选项格。",
        citations=(Citation("行政处罚法", None, 64),),
        topics=("听证",),
    ),
    Question(
        "ordering",
        "请按先后顺序排列普通程序的步骤。",
        ("告知当事人", "立案", "作出决定", "调查取证"),
        (1, 3, 0, 2),
        explanation="答案格按正确的顺序写字母。",
        difficulty=2,
        topics=("执法程序",),
    ),
    Question(
        "case",
        "某日，两名执法人员发现李某在人行道上摆摊经营，当场询问并拍照取证。",
        explanation="先写一行材料，各小题紧接在下面，“小题”一列写 1、2、3。",
        difficulty=2,
        topics=("占道经营",),
        parts=(
            Question(
                "single",
                "执法人员首先应当做什么？",
                ("出示执法证件", "扣押物品", "收取罚款", "驱离当事人"),
                (0,),
                explanation="表明身份是第一步。",
            ),
            Question("judge", "李某有权陈述和申辩。", key=True, explanation="这是当事人的权利。"),
        ),
    ),
)
_NOTES = (
    "一行一题。题型、题干、答案必须填写，选择题从选项A起连续填写，至少两个选项，其余各列可以留空。",
    "表头请保留；列的先后可以调整，没有用到的列可以删除，选项不够可以加“选项E”“选项F”等列。",
    "题型：单选题、多选题、不定项选择题、判断题。题型留空时按答案判断。",
    "答案：字母（ABD、A、B、D 都可以）或选项原文；判断题写正确或错误、对或错、√或×。",
    "判断题如果写了选项，以选项的文字为准：选项A为“错误”时，答案A就是错误。",
    "分值写数字或“2分”；难度写易、中、难；几个知识点用顿号隔开。",
    "“一、单选题（每题2分）”这样的标题可以单独占一行，对下面各题有效。",
    "填空题、排序题、案例题写在“填空排序案例”工作表中，该表的名称和表头请保留。",
    "填空题：可以接受的每一种写法各占一个选项格，答案格可以留空。",
    "排序题：步骤写在选项格，答案按正确的顺序写字母，如 BDAC。",
    "案例题：先写一行材料，题型写“案例题”；下面每个小题一行，“小题”一列写 1、2、3。",
    "隐藏的行和工作表不会导入；公式、图片不能导入，请改成文字。",
    "导入前可以预览每一题，有错误的行会逐行说明，不会影响其他行。",
)


def choices() -> list[list[Cell]]:
    """Return heading and examples of choices and judgements."""
    rows: list[list[Cell]] = [[*row.split("|")] for row in _ROWS]
    return [[*HEADER], *rows]


def sheet_template() -> bytes:
    """Return the template as a workbook; the same bytes each time."""
    notes: list[list[Cell]] = [[note] for note in (_NOTES_SHEET, *_NOTES)]
    sheets = [(SHEET, choices()), other_sheet(_OTHERS, _OPTIONS), (_NOTES_SHEET, notes)]
    return timeless(write_xlsx(sheets))
