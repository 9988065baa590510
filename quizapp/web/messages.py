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
    # people
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
