"""Charts: a plotly figure is built once; phones get it as SVG, organizers may load it to explore.

The SVG is read by screen readers through its title; the table beside it holds every number.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Any

import plotly.graph_objects as go
from markupsafe import Markup

WIDTH = 360
"""Units of the view box: at 360 CSS pixels one unit is one pixel and text has its full size."""
ROW, BAR = 44, 14
PLOT_TOP, PLOT_HEIGHT, PLOT_LEFT = 24, 150, 6
CHART_MEMORY = 128


@dataclass(frozen=True, slots=True)
class Bars:
    """Horizontal bars in table order. `texts`: the values as written; `own`: the marked ones.

    `most`: the value of a full bar; empty: the largest one.
    """

    title: str
    unit: str
    labels: tuple[str, ...]
    values: tuple[float, ...]
    texts: tuple[str, ...]
    own: frozenset[int] = frozenset()
    most: float | None = None


@dataclass(frozen=True, slots=True)
class Trend:
    """A line over moments, already written as words."""

    title: str
    unit: str
    moments: tuple[str, ...]
    values: tuple[int, ...]


Chart = Bars | Trend


def figure_of(chart: Chart) -> go.Figure:
    """Return the figure of record of a chart."""
    if isinstance(chart, Bars):
        trace = go.Bar(
            x=chart.values,
            y=chart.labels,
            text=chart.texts,
            orientation="h",
            name=chart.unit,
            marker={"color": ["#0c3358" if no in chart.own else "#134b7f"
                              for no in range(len(chart.values))]},
            meta=sorted(chart.own),
        )  # fmt: skip
        axes = {"yaxis": {"autorange": "reversed", "automargin": True},
                "xaxis": {"title": {"text": chart.unit},
                          "range": [0, chart.most or _most(chart.values)]},
                "height": max(320, 34 * len(chart.labels) + 120)}  # fmt: skip
    else:
        trace = go.Scatter(
            x=chart.moments,
            y=chart.values,
            mode="lines+markers",
            name=chart.unit,
            line={"color": "#134b7f"},
        )
        axes = {"yaxis": {"title": {"text": chart.unit}, "rangemode": "tozero"},
                "xaxis": {"type": "category"}, "height": 360}  # fmt: skip
    return go.Figure(trace, {"title": {"text": chart.title}, "template": "none"} | axes)


def plain_figure(chart: Chart) -> dict[str, Any]:
    """Return the figure as JSON-ready data for the interactive view."""
    return figure_of(chart).to_plotly_json()  # type: ignore[no-any-return]


@lru_cache(maxsize=CHART_MEMORY)
def draw(chart: Chart) -> Markup:
    """Return the chart as an SVG element; the same figures give the same drawing."""
    figure = figure_of(chart)
    parts = [_draw_trace(trace, figure.layout) for trace in figure.data]
    height = max((size for size, _ in parts), default=0)
    title = escape(figure.layout.title.text or "")
    body = "".join(drawing for _, drawing in parts)
    return Markup(  # noqa: S704 — every text inside was escaped
        f'<svg class="chart" role="img" aria-label="{title}" viewBox="0 0 {WIDTH} {height}" '
        f'preserveAspectRatio="xMinYMin meet"><title>{title}</title>{body}</svg>'
    )


def _draw_trace(trace: Any, layout: Any) -> tuple[int, str]:
    """Return (height, SVG) of a bar or a line trace. Raises ValueError for any other."""
    if trace.type == "bar":
        return _draw_bars(trace, layout.xaxis.range[1])
    if trace.type == "scatter":
        return _draw_line(trace)
    raise ValueError(f"no drawing for a trace of type {trace.type}")


def _most(values: Iterable[float]) -> float:
    return max([*values, 0]) or 1


def _draw_bars(trace: Any, most: float) -> tuple[int, str]:
    own = set(trace.meta or ())
    rows = []
    for no, (value, label, text) in enumerate(zip(trace.x, trace.y, trace.text, strict=True)):
        top = no * ROW
        width = _short(WIDTH * max(value, 0) / most)
        mark = " own" if no in own else ""
        rows.append(
            f'<g class="row{mark}"><text x="0" y="{top + 18}">{escape(str(label))}</text>'
            f'<text x="{WIDTH}" y="{top + 18}" text-anchor="end">{escape(str(text))}</text>'
            f'<rect class="ground" x="0" y="{top + 24}" width="{WIDTH}" height="{BAR}"/>'
            f'<rect class="value" x="0" y="{top + 24}" width="{width}" height="{BAR}"/></g>'
        )
    return len(rows) * ROW, "".join(rows)


def _draw_line(trace: Any) -> tuple[int, str]:
    most = _most(trace.y)
    step = (WIDTH - 2 * PLOT_LEFT) / max(len(trace.y) - 1, 1)
    dots = [
        (_short(PLOT_LEFT + no * step), _short(PLOT_TOP + PLOT_HEIGHT * (1 - value / most)))
        for no, value in enumerate(trace.y)
    ]
    line = " ".join(f"{x},{y}" for x, y in dots)
    ground = PLOT_TOP + PLOT_HEIGHT
    marks = "".join(f'<circle cx="{x}" cy="{y}" r="3"/>' for x, y in dots)
    first, last = (escape(str(trace.x[at])) if trace.x else "" for at in (0, -1))
    return ground + 26, (
        f'<text x="0" y="14">{escape(_number(most))}</text>'
        f'<line class="axis" x1="0" y1="{ground}" x2="{WIDTH}" y2="{ground}"/>'
        f'<polyline points="{line}"/>{marks}'
        f'<text x="0" y="{ground + 20}">{first}</text>'
        f'<text x="{WIDTH}" y="{ground + 20}" text-anchor="end">{last}</text>'
    )


def _short(number: float) -> str:
    return f"{number:.1f}".rstrip("0").rstrip(".")


def _number(value: float) -> str:
    return str(int(value)) if math.isclose(value, int(value)) else f"{value:.2f}"
