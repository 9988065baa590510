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
