"""A report on a file of questions as JSON-ready data."""

from typing import Any

from quizapp.domain.imports import ImportedQuestion, ImportReport


def report_to_plain(report: ImportReport) -> dict[str, Any]:
    """Return the report as JSON-ready data: questions, problems, skipped.

    A judgement's answer is true or false, any other a list of letters; points are a number of
    whole or part points, or null.
    """
    return {
        "questions": [_question_to_plain(question) for question in report.questions],
        "problems": [
            {"place": each.place, "code": each.code, "message": each.message}
            for each in report.problems
        ],
        "skipped": [
            {"place": each.place, "text": f"（{each.why}）{each.text}" if each.why else each.text}
            for each in report.skipped
        ],
    }


def _question_to_plain(question: ImportedQuestion) -> dict[str, Any]:
    points_cp = question.points_cp
    whole = points_cp is not None and points_cp % 100 == 0
    return {
        "place": question.place,
        "type": question.type,
        "stem": question.stem,
        "options": [{"key": letter, "text": text} for letter, text in question.options],
        "answer": question.answer if isinstance(question.answer, bool) else list(question.answer),
        "points": None if points_cp is None else points_cp // 100 if whole else points_cp / 100,
        "explanation": question.explanation,
        "source": question.source,
        "category": question.category,
        "difficulty": question.difficulty_text,
    }
