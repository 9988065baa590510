"""Words that belong to the rules themselves, in both languages."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """A label in Simplified Chinese (the source language) and English."""

    zh: str
    en: str

    def in_language(self, language: str) -> str:
        """Return the label in `language` ("zh" or "en"); anything else reads as Chinese."""
        return self.en if language.startswith("en") else self.zh
