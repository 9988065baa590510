"""个人奖: prizes of officers, by the board of officers."""

from quizapp.domain.awards.base import Award
from quizapp.domain.text import Text

OFFICER_PRIZES = Award(
    key="officer_prizes",
    label=Text("个人奖", "Prizes of officers"),
    rule=Text(
        "按个人排名依次授予；并列超出名额的由组织者裁定",
        "By the ranks of the officers; ties beyond the places are decided",
    ),
    floor=Text("得分率下限", "Least share of full marks"),
    board="officer",
    quotas=(10, 20, 30),
)
