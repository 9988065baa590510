"""The tree of units, and adding one."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length, Regexp

from quizapp.domain.places import Gazetteer, Unit, UnitRefused
from quizapp.service import places
from quizapp.web.messages import message
from quizapp.web.officers import bp
from quizapp.web.pages import known_as, now
from quizapp.web.security import access, viewer

KINDS = {
    "省": _l("省"), "地级市": _l("地级市"), "市辖区": _l("市辖区"), "县级市": _l("县级市"),
    "县": _l("县"), "自治县": _l("自治县"), "国家级新区": _l("国家级新区"), "其他": _l("其他"),
}  # fmt: skip


class UnitForm(FlaskForm):
    parent = SelectField(_l("上级单位"), validate_choice=False)
    code = StringField(
        _l("单位代码"),
        [
            InputRequired(_l("请填写单位代码。")),
            Regexp(r"^[0-9A-Z]{6,12}$", message=_l("代码为 6 至 12 位数字或大写字母。")),
        ],
    )
    name = StringField(
        _l("单位名称"),
        [InputRequired(_l("请填写单位名称。")), Length(max=60, message=_l("内容太长。"))],
    )
    name_en = StringField(_l("英文名称"), [Length(max=60, message=_l("内容太长。"))])


@bp.route("/manage/units", methods=["GET", "POST"])
@access("administrator")
def units() -> ResponseReturnValue:
    listed = places.list_units()
    gazetteer = Gazetteer(listed)
    above = [
        unit.place
        for unit in listed
        if unit.place.level != "county" and viewer().may("administrator", unit.place)
    ]
    form = UnitForm()
    form.parent.choices = [(place.code, known_as(place.name)) for place in above]
    if request.method == "POST" and form.validate():
        try:
            places.add_unit(
                viewer(), code=form.code.data, name=form.name.data.strip(),
                parent_code=form.parent.data or "", name_en=(form.name_en.data or "").strip(),
                now=now(),
            )  # fmt: skip
        except UnitRefused as refusal:
            form.code.errors = [*form.code.errors, message(refusal.name, **refusal.facts)]
        else:
            flash(gettext("已添加单位。"))
            return redirect(url_for("roster.units"), 303)
    status = 422 if request.method == "POST" else 200
    page = render_template(
        "people/units.html", form=form, families=families(listed), count=len(listed), kinds=KINDS,
        ranked_in=lambda unit: gazetteer.by_id(unit.place.scoring_unit_id),
    )  # fmt: skip
    return page, status


def families(listed: list[Unit]) -> list[list[Unit]]:
    """Return each province, city and directly administered city, followed by what lies below it."""
    tops = [
        unit
        for unit in listed
        if unit.place.level != "county" or unit.place.scoring_unit_id == unit.place.id
    ]
    return [
        [top, *(u for u in listed if u.place.parent_id == top.place.id and u not in tops)]
        for top in tops
    ]
