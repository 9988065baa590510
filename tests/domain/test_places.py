import pytest

from quizapp.domain.ids import UnitId
from quizapp.domain.people import Grant, Place
from quizapp.domain.places import Gazetteer, Unit, UnitRefused, short_name
from quizapp.service.places import read_regions

NEW = read_regions()
IDS = {unit.code: UnitId(no) for no, unit in enumerate(NEW, start=1)}
UNITS = [
    Unit(
        Place(
            IDS[u.code],
            u.code,
            u.name,
            u.level,
            IDS.get(u.parent),
            IDS[u.scoring_unit],
            u.is_ranked,
        ),
        aliases=u.aliases,
    )
    for u in NEW
]
HEBEI = Gazetteer(UNITS)
CODES = {unit.place.code: unit.place for unit in UNITS}


def test_the_province_has_its_units() -> None:
    levels = [unit.place.level for unit in UNITS]
    assert [levels.count(level) for level in ("province", "city", "county")] == [1, 12, 167]
    ranked = [u.place for u in UNITS if u.place.id == u.place.scoring_unit_id and u.place.is_ranked]
    assert len(ranked) == 14
    counties = [
        sum(u.place.level == "county" and u.place.scoring_unit_id == unit.id for u in UNITS)
        for unit in sorted(ranked, key=lambda place: place.code)
    ]
    by_code = dict(zip(sorted(place.code for place in ranked), counties, strict=True))
    assert by_code == {
        "130100": 21, "130181": 1, "130200": 14, "130300": 7, "130400": 18, "130500": 18,
        "130600": 20, "130682": 1, "130700": 16, "130800": 11, "130900": 16, "131000": 10,
        "131100": 11, "133100": 3,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("city", "county", "unit", "code"),
    [
        ("石家庄市", "桥西区", "", "130104"),
        ("张家口市", "桥西区", "", "130703"),
        ("石家庄", "新华", "", "130105"),
        ("沧州", "新华区", "", "130902"),
        ("邢台市", "桥西区", "", "130503"),
        ("邢台市", "桥东区", "", "130502"),
        ("张家口市", "桥东区", "", "130702"),
        ("邢台", "任县", "", "130505"),
        ("唐山市", "滦县", "", "130284"),
        ("秦皇岛市", "青龙县", "", "130321"),
        ("秦皇岛市", "青龙", "", "130321"),
        ("承德市", "承德县", "", "130821"),
        ("承德市", "承德市", "", "130800"),
        ("承德市", "市本级", "", "130800"),
        ("承德市", "", "", "130800"),
        ("沧州市", "沧县", "", "130921"),
        ("定州市", "", "", "130682"),
        ("定州", "定州市", "", "130682"),
        ("保定市", "定州市", "", "130682"),
        ("保定", "定州", "", "130682"),
        ("石家庄市", "辛集市", "", "130181"),
        ("雄安新区", "雄县", "", "130638"),
        ("雄安", "", "", "133100"),
        ("保定市", "容城县", "", "130629"),
        ("", "正定县", "", "130123"),
        ("河北省", "", "", "130000"),
        (" 石家庄 市", "桥 西 区", "", "130104"),
        ("", "", "河北省石家庄市桥西区城市管理综合行政执法局", "130104"),
        ("", "", "张家口市桥西区城管局", "130703"),
        ("", "", "石家庄市城市管理综合行政执法局", "130100"),
        ("", "", "定州市城市管理综合行政执法局", "130682"),
        ("", "", "正定县城市管理综合行政执法局", "130123"),
        ("", "", "130104", "130104"),
    ],
)
def test_a_unit_is_found_as_people_write_it(city: str, county: str, unit: str, code: str) -> None:
    assert HEBEI.find(city=city, county=county, unit=unit).code == code


@pytest.mark.parametrize(
    ("city", "county", "unit", "code"),
    [
        ("", "桥西区", "", "unit_ambiguous"),
        ("", "新华", "", "unit_ambiguous"),
        ("", "", "桥西区城管局", "unit_ambiguous"),
        ("石家庄市", "襄都区", "", "unit_unknown"),
        ("北京市", "海淀区", "", "unit_unknown"),
        ("北京市", "", "", "unit_unknown"),
        ("定州市", "桥西区", "", "unit_unknown"),
        ("", "", "某某局", "unit_unknown"),
        ("", "", "", "unit_missing"),
    ],
)
def test_what_is_not_certain_is_not_guessed(city: str, county: str, unit: str, code: str) -> None:
    with pytest.raises(UnitRefused) as refused:
        HEBEI.find(city=city, county=county, unit=unit)
    assert refused.value.name == code


def test_every_unit_is_found_by_its_own_path_and_code() -> None:
    for unit in UNITS:
        city, county = HEBEI.path(unit.place)
        assert HEBEI.find(city=city, county=county) == unit.place
        assert HEBEI.by_code(unit.place.code) == unit.place


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("石家庄市", "石家庄"),
        ("沧县", "沧县"),
        ("孟村回族自治县", "孟村"),
        ("峰峰矿区", "峰峰"),
        ("雄安新区", "雄安"),
    ],
)
def test_short_names(name: str, short: str) -> None:
    assert short_name(name) == short


@pytest.mark.parametrize(
    ("scope", "inside", "outside"),
    [
        ("130000", ["130000", "130100", "130682", "130638"], []),
        ("130100", ["130100", "130104"], ["130000", "130181", "130703"]),
        ("130600", ["130600", "130602"], ["130682", "130638", "133100"]),
        ("130682", ["130682"], ["130600", "130602"]),
        ("133100", ["133100", "130638"], ["130600"]),
        ("130104", ["130104"], ["130100", "130105", "130703"]),
    ],
)
def test_a_role_covers_its_unit_and_what_ranks_below(
    scope: str, inside: list[str], outside: list[str]
) -> None:
    grant = Grant("organizer", CODES[scope])
    assert all(grant.covers(CODES[code]) for code in inside)
    assert not any(grant.covers(CODES[code]) for code in outside)
