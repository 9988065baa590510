"""Invented officers for rehearsals and the demo province; whoever draws them brings the chance.

The characters are everyday ones put together at random: a resemblance to anybody is an accident.
Phone numbers are not invented, since any of them might belong to somebody.
"""

import hashlib
import hmac
import random
from base64 import b32encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

SURNAMES = (
    "王李张刘陈杨赵孙马高郭郑周吴徐胡朱林何罗梁宋谢韩唐冯于董程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛"
    "叶阎余潘杜戴夏钟汪田任姜范方石姚谭邹金陆郝孔白崔康毛秦江史侯邵孟段雷汤尹黎常武乔贺龚文庞樊兰殷"
)
DOUBLE_SURNAMES = ("欧阳", "司马", "上官")
GIVEN = (
    "伟强磊军勇杰涛明超平刚华建国文志海春红玉丽敏静燕玲芳亮峰鹏飞宇浩博晨旭晓东立新永胜振兴庆林雪梅"
    "慧颖佳宏斌辉凯鑫松柏俊岩彦会占双利增瑞泽雅洁丹娜婷欣怡思远清扬嘉安宁学忠孝义诚信德福景云天成"
)
SINGLE_NAME_SHARE = 0.22
DOUBLE_SURNAME_SHARE = 0.004
LEVEL_SHARES = {"division": 0.03, "section": 0.2, "other": 0.77}


@dataclass(frozen=True, slots=True)
class InventedOfficer:
    """An officer who does not exist. `password`: 100 bits drawn from the seed."""

    staff_no: str
    password: str
    name: str
    unit_code: str
    cadre_level: str
    badge_no: str
    badge_expires_on: date


def invent_name(chance: random.Random) -> str:
    """Return a name of two to four characters; frequent surnames come up more often."""
    if chance.random() < DOUBLE_SURNAME_SHARE:
        surname = chance.choice(DOUBLE_SURNAMES)
    else:
        surname = SURNAMES[int(len(SURNAMES) * chance.random() ** 2.2)]
    given = chance.choice(GIVEN)
    return surname + given + ("" if chance.random() < SINGLE_NAME_SHARE else chance.choice(GIVEN))


def seed_tag(seed: str) -> str:
    """Return three digits that keep the staff numbers of different seeds apart."""
    return f"{int(hashlib.sha256(seed.encode()).hexdigest(), 16) % 1000:03d}"


def secret_of(seed: str, staff_no: str) -> str:
    """Return the password of an account: 20 signs, 100 bits, the same for the same seed."""
    digest = hmac.new(seed.encode(), staff_no.encode(), hashlib.sha256).digest()
    return b32encode(digest).decode()[:20]


def allocate(total: int, weights: Sequence[float]) -> list[int]:
    """Return whole numbers that sum to `total`, in proportion to the weights (largest rests)."""
    whole = sum(weights)
    exact = [total * weight / whole for weight in weights]
    counts = [int(share) for share in exact]
    by_rest = sorted(range(len(weights)), key=lambda no: (counts[no] - exact[no], no))
    for no in by_rest[: total - sum(counts)]:
        counts[no] += 1
    return counts


def invent_officers(
    total: int, sizes: Mapping[str, float], *, seed: str, today: date
) -> list[InventedOfficer]:
    """Return `total` officers by unit; `sizes`: unit code → how large its force is, about."""
    chance = random.Random(f"officers:{seed}")  # noqa: S311 — names, no secrets
    counts = allocate(total, [size * (0.5 + chance.random()) for size in sizes.values()])
    tag = seed_tag(seed)
    people: list[InventedOfficer] = []
    for unit_code, count in zip(sizes, counts, strict=True):
        for _ in range(count):
            staff_no = f"0{tag}{len(people) + 1:06d}"
            people.append(invent_officer(chance, staff_no, unit_code, seed=seed, today=today))
    return people


def invent_officer(
    chance: random.Random, staff_no: str, unit_code: str, *, seed: str, today: date
) -> InventedOfficer:
    """Return one officer: 3 % 处级, 20 % 科级, a certificate that is valid for most."""
    (level,) = chance.choices(list(LEVEL_SHARES), list(LEVEL_SHARES.values()))
    return InventedOfficer(
        staff_no=staff_no,
        password=secret_of(seed, staff_no),
        name=invent_name(chance),
        unit_code=unit_code,
        cadre_level=level,
        badge_no=f"03{unit_code[2:4]}{staff_no[-7:]}",
        badge_expires_on=today + timedelta(days=chance.randint(-40, 1700)),
    )
