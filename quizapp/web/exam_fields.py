"""Fields that read what organizers type: China time, whole numbers, hundredths."""

import re
import unicodedata
from datetime import UTC, datetime
from typing import Any, ClassVar

from flask_babel import gettext
from wtforms import Field, SelectMultipleField, StringField
from wtforms.widgets import CheckboxInput, DateTimeLocalInput, ListWidget, NumberInput

from quizapp.domain.clock import CHINA

WHOLE = re.compile(r"-?\d{1,9}")
HUNDREDTHS = re.compile(r"-?\d{1,7}(\.\d{1,2})?")
MOMENT = "%Y-%m-%dT%H:%M"
YEARS = (2000, 2099)


class Needed:
    """Marks a field that must be filled in; the rules themselves say what is missing."""

    field_flags: ClassVar[dict[str, bool]] = {"required": True}

    def __call__(self, form: Any, field: Any) -> None:
        """Leave the check to the rules."""


NEEDED = (Needed(),)


class TypedField(Field):
    """Keeps what was typed; `data` is None and the field has an error when it cannot be read."""

    widget = NumberInput()
    raw = ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.raw = unicodedata.normalize("NFKC", str(valuelist[0])).strip() if valuelist else ""
        self.data = None
        if self.raw:
            self.data = self.read(self.raw)

    def _value(self) -> str:
        return self.raw or ("" if self.data is None else self.write(self.data))

    def read(self, text: str) -> Any:
        raise NotImplementedError

    def write(self, data: Any) -> str:
        return str(data)


class WholeField(TypedField):
    """A whole number; `unit` is what one of it means in the plan (60: minutes to seconds)."""

    def __init__(self, label: Any = None, *, unit: int = 1, **more: Any) -> None:
        super().__init__(label, **more)
        self.unit = unit

    def read(self, text: str) -> int:
        if not WHOLE.fullmatch(text):
            raise ValueError(gettext("请填写整数。"))
        return int(text) * self.unit

    def write(self, data: Any) -> str:
        return str(data // self.unit)


class HundredthsField(TypedField):
    """A number with at most two decimals, kept as hundredths: points, per cent, hours."""

    widget = NumberInput(step="0.01")

    def read(self, text: str) -> int:
        if not HUNDREDTHS.fullmatch(text):
            raise ValueError(gettext("请填写数字，小数最多两位。"))
        whole, _, rest = text.partition(".")
        hundredths = abs(int(whole)) * 100 + int(rest.ljust(2, "0") or 0)
        return -hundredths if text.startswith("-") else hundredths

    def write(self, data: Any) -> str:
        return f"{data / 100:.2f}".rstrip("0").rstrip(".")


class MomentField(TypedField):
    """A moment typed as China time, kept as aware UTC."""

    widget = DateTimeLocalInput()

    def read(self, text: str) -> datetime:
        try:
            typed = datetime.strptime(text[:16].replace(" ", "T"), MOMENT)  # noqa: DTZ007
        except ValueError:
            raise ValueError(gettext("请按“年-月-日 时:分”填写时间。")) from None
        if not YEARS[0] <= typed.year <= YEARS[1]:
            raise ValueError(gettext("时间须在 2000 年至 2099 年之间。"))
        return typed.replace(tzinfo=CHINA).astimezone(UTC)

    def write(self, data: Any) -> str:
        return data.astimezone(CHINA).strftime(MOMENT)  # type: ignore[no-any-return]


class WordsField(StringField):
    """Several words in one line, divided by 、 or commas or blanks; `data` is a tuple."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = str(valuelist[0]) if valuelist else ""
        self.data = tuple(word for word in re.split(r"[、，,;；\s]+", text) if word)

    def _value(self) -> str:
        return "、".join(self.data or ())


class TicksField(SelectMultipleField):
    """Several of a list, each with its own box; what a choice means is checked by the rules."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()
    validate_choice = False

    def __init__(self, label: Any = None, **more: Any) -> None:
        super().__init__(label, validate_choice=False, choices=more.pop("choices", []), **more)
