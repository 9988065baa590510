"""竞赛规则: the words of a plan's rules, generated; the organizer may edit what comes out.

Chinese only: it is the text of an official notice, stored with the exam and printed on the board.
"""

from datetime import datetime
from itertools import groupby

from quizapp.domain.clock import CHINA
from quizapp.domain.exams import ExamPlan
from quizapp.domain.metrics.all import METRICS
from quizapp.domain.plans import RELEASES
from quizapp.domain.question_types.all import QUESTION_TYPES
from quizapp.domain.question_types.scoring_rules import SCORING_RULES
from quizapp.domain.standings import TIES

NUMERALS = "一二三四五六七八九十"


def write_rules(plan: ExamPlan, *, network_allowance_s: int) -> str:
    """Return the rules of a sound plan, one numbered paragraph per line."""
    paragraphs = (
        ("时间", _window(plan)),
        ("试题", _paper(plan)),
        ("机会", _attempts(plan)),
        ("计分", _scoring(plan)),
        ("等次", _grades(plan)),
        ("个人排名", _person_ranks(plan)),
        ("单位排名", _unit_ranks(plan)),
        ("网络", _network(network_allowance_s)),
        ("纪律", _discipline(plan)),
        ("公布", _releases(plan)),
    )
    return "\n".join(
        f"{number}、{name}：{words}"
        for number, (name, words) in zip(NUMERALS, paragraphs, strict=True)
    )


def _moment(moment: datetime) -> str:
    return moment.astimezone(CHINA).strftime("%Y年%m月%d日 %H:%M")


def _plain(hundredths: int) -> str:
    return f"{hundredths / 100:.2f}".rstrip("0").rstrip(".")


def _window(plan: ExamPlan) -> str:
    return (
        f"{_moment(plan.opens_at)}至{_moment(plan.closes_at)}（北京时间），以服务器时间为准。"
        f"每次答题限时 {plan.duration_s // 60} 分钟，自开始之时连续计时，离开页面或断网不停表；"
        "到时或窗口结束时自动交卷，以最后保存的答案计分。"
    )


def _paper(plan: ExamPlan) -> str:
    cells = sorted(
        plan.blueprint.cells,
        key=lambda cell: (QUESTION_TYPES.keys().index(cell.type), cell.points_cp),
    )
    listed = "；".join(
        f"{QUESTION_TYPES.get(kind).label.zh} {sum(cell.count * cell.parts for cell in group)} 题，"
        f"每题 {_plain(points_cp)} 分"
        for (kind, points_cp), group in groupby(cells, key=lambda cell: (cell.type, cell.points_cp))
    )
    return (
        f"共 {plan.blueprint.item_count} 题，满分 {_plain(plan.blueprint.max_cp)} 分：{listed}。"
        "每人的试卷由系统随机抽取，题型、题量、分值相同。"
    )


def _attempts(plan: ExamPlan) -> str:
    if plan.attempts_allowed == 1:
        return "每人 1 次机会，开始答题即用去机会。"
    return f"每人 {plan.attempts_allowed} 次机会，取最好成绩；每开始一次即用去一次机会。"


def _scoring(plan: ExamPlan) -> str:
    rule = SCORING_RULES.get(plan.scoring).label.zh
    return f"单选题、判断题答对得分；多选题{rule}。答错不倒扣分。"


def _grades(plan: ExamPlan) -> str:
    full_cp = plan.blueprint.max_cp
    lines = [
        f"{_plain(-(-full_cp * share // 10_000))} 分以上为{name}"
        for name, share in (
            ("合格", plan.pass_bp),
            ("良好", plan.good_bp),
            ("优秀", plan.excellent_bp),
        )
    ]
    credit = ""
    if plan.credit_ch:
        credit = f"成绩合格者计 {_plain(plan.credit_ch)} 学时，每人只计一次。"
    return "，".join(lines) + "（均含本数）。" + credit


def _person_ranks(plan: ExamPlan) -> str:
    steps = "，再相同的".join(TIES.get(key).label.zh for key in plan.ties)
    ties = f"成绩相同的{steps}；" if steps else ""
    return f"成绩高者在前；{ties}全部相同的名次并列，其后名次相应跳过（1、1、3）。"


def _unit_ranks(plan: ExamPlan) -> str:
    metric = METRICS.get(plan.metric)
    ties = "，".join(tie.label.zh for tie in metric.ties)
    floor_bp = plan.min_participation_bp or metric.floor_bp
    floor = f"参与率低于 {_plain(floor_bp)}% 的单位只列不排；" if floor_bp else ""
    return (
        f"{metric.formula.zh}。{floor}综合得分相同的，依次按{ties}。"
        "应参加人数以发布时冻结的名单为准，因病、请假等未参加并经主办单位登记事由的不计入。"
    )


def _network(allowance_s: int) -> str:
    return (
        "答案随答随存；断网时暂存本机，恢复后自动上传。"
        f"截止前作答、因网络原因在截止后 {allowance_s} 秒内送达的，予以接收并记为“迟到送达”；"
        "作答时刻由手机报告，仅作为证据供主办单位核查。"
    )


def _discipline(plan: ExamPlan) -> str:
    device = "同一时间只能在一部手机上作答，以最后打开试卷的手机为准。" if plan.one_device else ""
    return f"本人独立作答，不得代答、泄题；答题过程全程记录，可供复核。{device}"


def _releases(plan: ExamPlan) -> str:
    when = {key: label.zh for key, label in RELEASES.items()}
    return (
        f"本人成绩：{when[plan.score_release]}；答案与解析：{when[plan.answers_release]}；"
        f"排行榜：{when[plan.board_release]}（公开榜姓名隐去名字）。"
    )
