"""The awards a competition may give, in the order of the page."""

from quizapp.domain.awards.city_prizes import CITY_PRIZES
from quizapp.domain.awards.officer_prizes import OFFICER_PRIZES
from quizapp.domain.registry import Registry

AWARDS = Registry("award", [CITY_PRIZES, OFFICER_PRIZES])
