"""Questions of every type for the round trips of files, with all that makes writing hard."""

from datetime import date

from quizapp.domain.bank import Question
from quizapp.domain.statutes import Citation

LAW = Citation("行政处罚法", date(2021, 1, 22), 51)
ITEM = Citation("三项制度意见", None, 3, by_item=True)
SUB = Citation("刑法", date(2023, 12, 29), 133, sub=1, paragraph=2, item=3)
OPTIONS = ("甲 = 乙 ~ 丙", "{花括号} #井号", "反斜杠 \\ 与 %50% <尖>", "A：冒号 & 引\"号'")

SINGLE = Question(
    "single",
    "依照规定，第一行：\n第二行（　）是 ::名称:: 还是 // 注释？",
    OPTIONS,
    (2,),
    explanation="第一段\n第二段 -> 箭头",
    citations=(LAW, SUB),
    difficulty=2,
    topics=("程序", "听证"),
    trap="只看第一行",
)
MULTIPLE = Question(
    "multiple",
    "$CATEGORY: 不是分类，=题干以等号之类开头？",
    ("%50%全部", "[html]部分", "=一半", "都不"),
    (0, 1, 3),
    explanation="=SUM(1) 不是公式",
    citations=(ITEM,),
    difficulty=3,
    topics=("证据",),
)
INDEFINITE = Question(
    "indefinite", "不定项只有一个答案？", ("一", "二", "三", "四"), (1,), topics=("证据",)
)
JUDGE = Question("judge", "罚款应当当场收缴。", key=False, explanation="错在“应当”。")
BLANK = Question("blank", "听证应当在（　）日内提出。", ("五", "5"), (0, 1), citations=(LAW,))
ORDERING = Question("ordering", "排出步骤", ("告知", "立案", "决定"), (1, 0, 2))
CASE = Question(
    "case",
    "某日执法队员发现占道经营。",
    citations=(LAW,),
    difficulty=3,
    topics=("占道",),
    parts=(
        Question("single", "第一问？", ("一", "二", "三", "四"), (0,), explanation="因为"),
        Question("judge", "第二问。", key=True, trap="别急"),
    ),
)
EVERY_TYPE = (SINGLE, MULTIPLE, INDEFINITE, JUDGE, BLANK, ORDERING, CASE)
