"""One figure, two forms: what the SVG shows is what the figure holds."""

import re
from xml.etree import ElementTree as ET

import plotly.graph_objects as go
import pytest

from quizapp.web.charts import ROW, WIDTH, Bars, Trend, draw, figure_of, plain_figure

BARS = Bars(
    "综合得分", "分", ("邢台市", "石家庄市"), (75.0, 60.0), ("75.00", "60.00"), frozenset({1})
)


def parse(svg: str) -> ET.Element:
    return ET.fromstring(svg)


def test_bars_are_as_long_as_their_values_and_carry_their_words() -> None:
    svg = parse(draw(BARS))
    widths = [
        float(bar.get("width", "")) for bar in svg.iter("rect") if bar.get("class") == "value"
    ]
    assert widths == [WIDTH, WIDTH * 0.8]
    assert [text.text for text in svg.iter("text")] == ["邢台市", "75.00", "石家庄市", "60.00"]
    assert svg.get("viewBox") == f"0 0 {WIDTH} {2 * ROW}"
    assert (svg.get("role"), svg.get("aria-label")) == ("img", "综合得分")
    assert [g.get("class") for g in svg.iter("g")] == ["row", "row own"]


def test_a_full_bar_may_have_a_value_of_its_own() -> None:
    share = Bars("参与率", "%", ("邢台市",), (50.0,), ("50%",), most=100)
    assert re.findall(r'class="value"[^>]*width="([\d.]+)"', draw(share)) == ["180"]


def test_a_line_has_a_dot_for_every_moment() -> None:
    svg = parse(draw(Trend("人数", "人", ("08:00", "09:00", "10:00"), (1, 4, 2))))
    dots = [(float(c.get("cx", "")), float(c.get("cy", ""))) for c in svg.iter("circle")]
    assert len(dots) == 3
    assert dots[1][1] < dots[2][1] < dots[0][1]
    assert [t.text for t in svg.iter("text")] == ["4", "08:00", "10:00"]


@pytest.mark.parametrize("chart", [Bars("无", "分", (), (), ()), Trend("无", "人", (), ()),
                                   Bars("零", "分", ("甲",), (0,), ("0",))])  # fmt: skip
def test_nothing_to_show_is_still_a_drawing(chart: Bars | Trend) -> None:
    assert parse(draw(chart)).tag == "svg"


def test_words_are_escaped_and_nothing_is_styled_inline() -> None:
    svg = draw(Bars('<b>"&', "分", ("<script>",), (1,), ("&",)))
    assert "<script>" not in svg
    assert "<b>" not in svg
    assert "style=" not in svg


def test_the_interactive_view_gets_the_same_figure() -> None:
    plain = plain_figure(BARS)
    assert list(plain["data"][0]["x"]) == [75.0, 60.0]
    assert list(plain["data"][0]["y"]) == ["邢台市", "石家庄市"]
    assert figure_of(BARS).layout.title.text == "综合得分"


def test_a_trace_nobody_can_draw_is_a_fault_of_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quizapp.web.charts.figure_of", lambda _: go.Figure(go.Pie(values=[1])))
    with pytest.raises(ValueError, match="pie"):
        draw(Trend("饼", "人", ("1",), (1,)))
