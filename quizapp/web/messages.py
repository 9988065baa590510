"""The wording of every refusal: one gettext message per code."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    # general
    "bad_request": _l("请求格式不正确，请返回后重试。"),
    "csrf_failed": _l("页面已过期或来源不明，请返回刷新页面后重试。"),
    "sign_in_required": _l("请先登录。"),
    "not_allowed": _l("您没有此项权限。"),
    "out_of_scope": _l("这不在您的管理范围内。"),
    "not_found": _l("没有找到您要的内容。"),
    "method_not_allowed": _l("不支持这种请求方式。"),
    "not_acceptable": _l("不支持所要求的格式。"),
    "too_large": _l("提交的内容太大。"),
    "unsupported_media": _l("内容类型不受支持。"),
    "invalid": _l("提交的内容有误，请检查后重试。"),
    "conflict": _l("当前状态下不能这样做。"),
    "refused": _l("请求未被接受。"),
    "busy": _l("服务器正忙，请稍后重试。"),
    "too_many_tries": _l("尝试次数过多，请在 %(retry_after_s)s 秒后重试。"),
    "fault": _l("系统出现故障，请稍后重试；如反复出现，请把编号告诉管理员。"),
    # attempts
    "attempt_closed": _l("本次答题已交卷或已到时，不能再修改。"),
    "attempt_not_found": _l("没有这份试卷，请从首页重新进入。"),
    "attempt_running": _l("这份试卷还没有交卷，交卷后才有成绩。"),
    "exam_cancelled": _l("本场竞赛已取消。"),
    "exam_not_found": _l("没有这场竞赛，请从首页重新进入。"),
    "invalid_answer": _l("有答案与试卷不符，未保存；请按题号检查后重新作答。"),
    "moved_to_other_device": _l(
        "试卷已在另一部手机打开，本机不能再作答；如要在本机继续，请重新打开试卷。"
    ),
    "no_attempts_left": _l("答题机会已用完。"),
    "not_invited": _l("您不在本场竞赛的参赛名单中；如有疑问，请联系本单位管理员。"),
    "not_open_yet": _l("竞赛还没有开始，请在开始时间后再进入。"),
    "not_your_attempt": _l("这是其他人的试卷，您不能查看或作答。"),
    "pledge_missing": _l("请先勾选诚信承诺，再开始答题。"),
    "pool_too_small": _l("题库不足以组成试卷，请联系主办方。"),
    "window_closed": _l("竞赛已经截止，不能再开始答题。"),
    # backup
    "use_pg_dump": _l("数据库是 PostgreSQL，请用 pg_dump 备份。"),
    "damaged_database": _l("这个文件不是完好的备份。"),
    "database_in_use": _l("数据库正在使用，请先停止服务。"),
    # bank
    "bank_empty": _l("这个文件夹里没有题目，题库保持不变。"),
    "bank_faulty": _l("题库文件有 %(count)s 处问题，没有导入任何题目。"),
    "citation_unreadable": _l("“%(text)s”不是可以识别的法条引用。"),
    "question_not_found": _l("没有找到这道题。"),
    "question_version_not_found": _l("没有找到这道题的这个版本。"),
    "unknown_question_type": _l("没有“%(key)s”这种题型。"),
    "unknown_scoring": _l("没有“%(key)s”这种计分规则。"),
    # exams
    "already_open": _l("竞赛已经开始，开始时间不能再改。"),
    "attempts_allowed_out_of_range": _l("答题次数请填 1 至 20。"),
    "audience_out_of_scope": _l("有参赛单位不在主办单位范围内，请重新选择。"),
    "blueprint_empty": _l("请至少添加一行题目。"),
    "blueprint_invalid": _l("组卷规则有误，请检查各行。"),
    "blueprint_unsatisfiable": _l(
        "题库不够：第 %(cells)s 行抽不出足够的题，请减少题数或放宽范围。"
    ),
    "cell_short": _l("可用 %(available)s 题，还缺 %(missing)s 题。"),
    "closes_before_opening": _l("结束时间必须晚于开始时间。"),
    "control_characters": _l("含有不能显示的字符，请删除后重新输入。"),
    "count_out_of_range": _l("题数请填 1 至 200。"),
    "credit_ch_out_of_range": _l("学时请填 0 至 100。"),
    "date_invalid": _l("请按“年-月-日 时:分”填写时间。"),
    "date_out_of_range": _l("时间须在 2000 年至 2099 年之间。"),
    "duration_s_out_of_range": _l("答题时限请填 1 至 600 分钟。"),
    "exam_not_draft": _l("竞赛已经发布，内容不能再改；可以复制为新的竞赛。"),
    "exam_not_published": _l("竞赛还没有发布或已经取消。"),
    "exam_over": _l("竞赛已经结束，时间不能再改。"),
    "excellent_bp_out_of_range": _l("请填 0.01 至 100 的百分数。"),
    "extra_s_out_of_range": _l("加时请填 0 至 600 分钟。"),
    "good_bp_out_of_range": _l("请填 0.01 至 100 的百分数。"),
    "lines_not_rising": _l("分数线应当合格 ≤ 良好 ≤ 优秀。"),
    "min_participation_bp_out_of_range": _l("请填 0 至 100 的百分数。"),
    "nobody_invited": _l("按现在的参赛范围没有任何人员，请先导入人员或扩大范围。"),
    "not_on_roster": _l("工号 %(staff_no)s 不在本场竞赛的参赛名单中。"),
    "number_invalid": _l("请填写数字，小数最多两位。"),
    "parts_out_of_range": _l("案例题请填每题的小题数（2 以上），其他题型填 1。"),
    "pass_bp_out_of_range": _l("请填 0.01 至 100 的百分数。"),
    "plan_invalid": _l("竞赛设置有误，请按提示修改。"),
    "points_out_of_range": _l("每题分值请填 0.01 至 100。"),
    "reason_long": _l("事由请控制在 200 字以内，且不含特殊字符。"),
    "reason_missing": _l("请填写事由，事由会记录在案。"),
    "required": _l("请填写此项。"),
    "results_published": _l("成绩已经公布，不能再改；如确有必要，请先撤回成绩。"),
    "ties_repeated": _l("同一条规则只能选一次。"),
    "too_long": _l("内容太长，请缩短。"),
    "too_many_cells": _l("组卷规则最多 60 行。"),
    "too_many_items": _l("一份试卷最多 200 题。"),
    "unit_not_found": _l("没有找到这个单位，请重新选择。"),
    "unknown_choice": _l("请从所列选项中选择。"),
    "unknown_difficulty": _l("没有这个难度。"),
    "unknown_law": _l("题库中没有所选的法规，请重新选择。"),
    "unknown_metric": _l("没有“%(key)s”这种单位排名公式。"),
    "unknown_tie": _l("没有“%(key)s”这种同分规则。"),
    "unknown_topic": _l("题库中没有所填的知识点，请核对名称。"),
    "unknown_type": _l("没有这种题型。"),
    "window_invalid": _l("时间有误，请检查开始和结束时间。"),
    "window_over": _l("结束时间已经过去，请改为将来的时间。"),
    "window_too_long": _l("竞赛时间最长 366 天。"),
    # files
    "file_broken": _l("文件已损坏或不是有效的 XLSX 文件，请用 Excel 或 WPS 另存为 .xlsx 后重试。"),
    "file_broken_line": _l("第 %(line)s 行无法读取（引号不成对或内容过长），请检查后重试。"),
    "file_empty": _l("文件里没有内容，请选择填好的文件。"),
    "file_encoding": _l("无法识别文件的文字编码，请另存为 .xlsx 或 UTF-8 编码的 .csv。"),
    "file_missing": _l("请先选择要上传的文件。"),
    "file_not_a_table": _l("这不是表格文件，请上传 .xlsx 或 .csv。"),
    "file_old_excel": _l("不支持旧版 .xls 文件，请在 Excel 或 WPS 中另存为 .xlsx 后重试。"),
    "file_refused": _l("文件无法读取，请检查后重试。"),
    "file_too_many_rows": _l("表格太大：最多 %(rows)s 行、%(columns)s 列，请分成几个文件。"),
    "file_unpacks_too_large": _l("文件解压后过大，请只保留需要的工作表后重试。"),
    "file_unsafe": _l("文件含有宏、外部链接等不安全内容，请另存为普通 .xlsx 后重试。"),
    "heading_missing": _l("没有找到这些列：%(missing)s。请下载模板，对照表头修改。"),
    "mode_unknown": _l("请选择“全部导入”或“只导入正确的行”。"),
    "rows_faulty": _l("有 %(count)s 行有错误，未导入任何内容。请改正，或选择只导入正确的行。"),
    "unknown_table_format": _l("只支持 xlsx 和 csv 两种格式。"),
    "upload_not_found": _l("没有找到这次上传，可能已超过一天。请重新上传文件。"),
    # people
    "badge_no_invalid": _l("执法证号“%(written)s”格式不对"),
    "cadre_level_unknown": _l("职级“%(written)s”无法识别，请填写处级、科级或其他"),
    "day_invalid": _l("日期“%(written)s”无法识别，请写成 2026-12-31 的形式"),
    "duplicate_in_file": _l("与本文件第 %(row)s 行重复"),
    "formula_cell": _l("单元格是公式，请改成文字或数字"),
    "name_invalid": _l("姓名太长或含有特殊字符（最多 %(maximum)s 字）"),
    "name_missing": _l("缺少姓名"),
    "no_candidates": _l("这个单位没有应参加本场考试的人员。"),
    "no_code_needed": _l("没有需要激活码的人员：都已激活，或已有激活码（可勾选换新）。"),
    "officer_disabled": _l("账号已停用，请先恢复账号。"),
    "officer_invalid": _l("填写的内容有误，请检查后重试。"),
    "staff_account": _l("此人有管理权限，账号由上级系统管理员办理。"),
    "too_many_tickets": _l(
        "这个单位有 %(count)s 人，一次最多打印 %(most)s 张，请按县（市、区）打印。"
    ),
    "unknown_role": _l("没有这种角色。"),
    "officer_not_found": _l("没有找到这位人员。"),
    "own_account": _l("不能对自己的账号这样做，请由另一位管理员办理。"),
    "phone_invalid": _l("手机号“%(written)s”格式不对"),
    "staff_no_invalid": _l("工号“%(written)s”格式不对：只能有字母、数字和 - _ .，最多 32 位"),
    "staff_no_missing": _l("缺少工号"),
    "staff_no_taken": _l("工号 %(written)s 已有人使用。"),
    "code_used_up": _l("这个激活码已经用过或已被更换，请向本单位管理员索取新的激活码。"),
    "exam_only": _l("您是凭准考证登录的，只能参加准考证上的考试。需要其他功能请退出后用密码登录。"),
    "old_password_wrong": _l("原密码不正确，请重新输入。"),
    "password_common": _l("这个密码太常见，容易被猜到，请换一个。"),
    "password_has_context_word": _l("密码不要以城管、河北、执法等常用词为主，请换一个。"),
    "password_has_own_number": _l("密码不要以自己的工号或姓名为主，请换一个。"),
    "password_too_long": _l("密码最多 %(maximum)s 个字符。"),
    "password_too_short": _l("密码至少 %(minimum)s 个字符。"),
    "ticket_invalid": _l(
        "准考证无效、已使用或不在有效时间内。请用工号和密码登录，或向监考人员换领。"
    ),
    "unit_ambiguous": _l("单位“%(written)s”不止一个，请同时写明城市和县（市、区）。"),
    "unit_code_taken": _l("单位代码 %(written)s 已有单位使用。"),
    "unit_missing": _l("缺少单位，请填写城市和县（市、区）。"),
    "unit_name_taken": _l("上级单位下已有名为“%(written)s”的单位。"),
    "unit_unknown": _l("没有找到单位“%(written)s”，请核对城市和县（市、区）名称。"),
}


def message(code: str, **facts: Any) -> str:
    """Return the message of a code in the reader's language."""
    words = MESSAGES.get(code)
    if words is None:
        return str(gettext("请求未被接受（%(code)s）。", code=code))
    try:
        return str(words) % facts
    except (KeyError, ValueError, TypeError):
        return str(words)
