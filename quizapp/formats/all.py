"""The shelf of table formats."""

from quizapp.domain.registry import Registry
from quizapp.formats.base import Tabular
from quizapp.formats.csv_text import CsvText
from quizapp.formats.xlsx import Xlsx

TABULAR: Registry[Tabular] = Registry("table_format", [Xlsx(), CsvText()])
