"""The Word template that trainers begin with: every notation once; it imports without a fault."""

from quizapp.formats.questions.word_style import OfficialDocument

_NOTES = (
    "填写说明：用本模板出题，保存后在“题目导入”中上传。题号、选项字母和“答案”三样写清楚，其余可省略。",
    "说明一：题型和分值写在分节标题里，也可以写在题干前面的方括号里。",
    "说明二：答案写在题后、题干括号里或文末都可以，每题只写一处。",
)
_LINES = (
    ("h", "一、单项选择题（每题2分）"),
    ("", "1．答案写在题后：城市管理执法人员执法时应当主动出示（　　）。"),
    ("", "A．身份证　B．执法证件　C．工作日志　D．介绍信"),
    ("", "答案：B"),
    ("", "解析：出示执法证件，表明执法身份。"),
    ("", "依据：《行政处罚法》第五十五条"),
    ("", "难度：易"),
    ("", "知识点：执法程序"),
    ("", "2．答案写在题干括号里：当事人拒绝签收的，执法人员应当（ C ）。"),
    ("", "A．离开现场"),
    ("", "B．停止办案"),
    ("", "C．依法采用其他送达方式"),
    ("", "3．答案写在文末：下列做法符合要求的是（　　）。"),
    ("", "A．一人执法　B．两人执法　C．委托他人执法"),
    ("h", "二、多项选择题（每题3分）"),
    ("", "4．下列属于执法文书应当载明的内容有（　　）。"),
    ("", "A．当事人情况　B．违法事实　C．处罚依据　D．执法人员的爱好"),
    ("", "【答案】ABC"),
    ("", "【解析】文书记载与案件有关的内容。"),
    ("h", "三、不定项选择题（每题3分）"),
    ("", "5．执法人员应当回避的情形是（　　）。"),
    ("", "A．与当事人有近亲属关系　B．与案件有直接利害关系　C．曾经路过现场"),
    ("", "答案：A、B"),
    ("h", "四、判断题（每题1分）"),
    ("", "6．执法过程应当记录。（√）"),
    ("", "7．当事人无权陈述和申辩。"),
    ("", "答案：错误"),
    ("", "[判断题][分值：2] 8．题型和分值写在题干前：执法人员应当文明执法。"),
    ("", "答案：对"),
    ("h", "参考答案"),
    ("", "3．B"),
)


def word_template() -> bytes:
    """Return the template as a Word file; the same bytes each time."""
    document = OfficialDocument()
    document.title("法律知识题目导入模板")
    for note in _NOTES:
        document.line(note)
    for kind, text in _LINES:
        if kind:
            document.heading(text)
        else:
            document.line(text)
    return document.saved()
