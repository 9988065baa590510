"""团体奖: prizes of the units that are ranked, by the board of cities."""

from quizapp.domain.awards.base import Award
from quizapp.domain.text import Text

CITY_PRIZES = Award(
    key="city_prizes",
    label=Text("团体奖", "Prizes of cities"),
    rule=Text(
        "按城市排名依次授予；并列超出名额的由组织者裁定，每个城市至多一个奖项",
        "By the ranks of the cities; ties beyond the places are decided; one prize a city at most",
    ),
    floor=Text("参与率下限", "Least participation"),
    board="city",
    quotas=(1, 2, 4),
)
