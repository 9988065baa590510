"""The checks of a bank as a whole: nothing about the right answer may be guessed from its form."""

from collections import Counter
from collections.abc import Iterator, Sequence

from quizapp.domain.bank import LETTERS
from quizapp.domain.bank_checks import is_negative
from quizapp.domain.bank_entries import Asked, Bank, asked_in, written_in
from quizapp.domain.bank_findings import WHOLE, Finding
from quizapp.domain.bank_likeness import find_alike, plain_text

ABSOLUTE = ("一律", "必须", "均", "任何情况下")
CHI_SQUARE_LIMIT = 11.34  # three degrees of freedom, p = 0.01
NEAR, ALIKE = 0.8, 0.6
SHOWN = 12
ENOUGH = 40
"""Below this many questions a share says nothing and is not checked."""
DIFFICULTY_PCT = {1: (32, 48), 2: (32, 48), 3: (14, 30)}


def check_balance(bank: Bank) -> list[Finding]:
    """Return what is wrong with the bank as a whole, at the thresholds of its acceptance."""
    asked = [each for entry in bank.entries for each in asked_in(entry)]
    singles = [each for each in asked if each.question.type == "single"]
    multiples = [each for each in asked if each.question.type == "multiple"]
    judges = [each for each in asked if each.question.type == "judge"]
    return [
        *check_alike(bank),
        *check_key_positions(singles),
        *check_multiples(multiples),
        *check_option_lengths(singles + multiples),
        *check_longest(singles),
        *check_judges(judges),
        *check_negative(asked),
        *check_difficulty(asked),
        *check_plan(bank),
    ]


def whole(check: str, **facts: object) -> Finding:
    """Return a finding about the bank."""
    return Finding("", 0, WHOLE, check, facts)


def percent(part: int, of: int) -> float:
    """Return the share in per cent with one decimal; 0 of nothing."""
    return round(100 * part / of, 1) if of else 0.0


def codes_of(asked: Sequence[Asked]) -> str:
    """Return the first codes, for a line that a person reads."""
    names = [each.code for each in asked[:SHOWN]]
    return "、".join(names) + ("……" if len(asked) > SHOWN else "")


def check_alike(bank: Bank) -> Iterator[Finding]:
    """Yield questions that are the same or nearly so, and too many that resemble each other."""
    asked = [each for entry in bank.entries for each in written_in(entry)]
    texts = [each.question.stem + "".join(sorted(each.question.options)) for each in asked]
    resembling: dict[int, None] = {}
    for pair in find_alike(texts, ALIKE):
        first, second = asked[pair.first], asked[pair.second]
        if first.entry is second.entry:
            continue
        if plain_text(texts[pair.first]) == plain_text(texts[pair.second]):
            yield second.finding("same_as", other=first.code)
        elif pair.share_pct >= NEAR * 100:
            yield second.finding("near_duplicate", other=first.code, share=pair.share_pct)
        else:
            resembling[pair.second] = None
    share = percent(len(resembling), len(asked))
    if share > 3:  # noqa: PLR2004
        names = codes_of([asked[no] for no in resembling])
        yield whole("many_alike", share=share, most=3, codes=names)


def check_key_positions(singles: Sequence[Asked]) -> Iterator[Finding]:
    """Yield a letter that is right too often or too rarely."""
    keys = [each.question.key for each in singles]
    counts = Counter(LETTERS[key[0]] for key in keys if isinstance(key, tuple) and key)
    total = counts.total()
    if total < ENOUGH:
        return
    expected = total / 4
    chi = sum((counts[letter] - expected) ** 2 / expected for letter in "ABCD")
    shares = [percent(counts[letter], total) for letter in "ABCD"]
    if chi > CHI_SQUARE_LIMIT or not all(20 <= share <= 30 for share in shares):  # noqa: PLR2004
        told = " ".join(f"{letter}:{counts[letter]}" for letter in "ABCD")
        yield whole("key_positions", counts=told, chi=round(chi, 2))


def check_multiples(multiples: Sequence[Asked]) -> Iterator[Finding]:
    """Yield letters that are right too often or too rarely, and too many keys of all options."""
    for no, letter in enumerate(LETTERS):
        having = [each for each in multiples if len(each.question.options) > no]
        right = sum(
            1 for each in having if isinstance(each.question.key, tuple) and no in each.question.key
        )
        share = percent(right, len(having))
        if len(having) >= ENOUGH and not 35 <= share <= 75:  # noqa: PLR2004
            yield whole("multiple_letters", letter=letter, share=share)
    with_wrong = sum(
        1
        for each in multiples
        if isinstance(each.question.key, tuple)
        and len(each.question.key) < len(each.question.options)
    )
    if len(multiples) >= ENOUGH and percent(with_wrong, len(multiples)) < 80:  # noqa: PLR2004
        yield whole("multiple_all_right", share=percent(with_wrong, len(multiples)))


def check_option_lengths(choices: Sequence[Asked]) -> Iterator[Finding]:
    """Yield too many questions whose options differ much in length."""
    uneven = [each for each in choices if _is_uneven(each.question.options)]
    share = percent(len(uneven), len(choices))
    if len(choices) >= ENOUGH and share > 3:  # noqa: PLR2004
        yield whole("option_lengths", share=share, codes=codes_of(uneven))


def _is_uneven(options: Sequence[str]) -> bool:
    lengths = sorted(len(option) for option in options)
    return bool(lengths) and lengths[-1] > 3 * lengths[0] and lengths[-1] - lengths[0] > 10  # noqa: PLR2004


def check_longest(singles: Sequence[Asked]) -> Iterator[Finding]:
    """Yield when the one longest option is right too often."""
    share = percent(sum(1 for each in singles if longest_is_key(each)), len(singles))
    if len(singles) >= ENOUGH and share > 35:  # noqa: PLR2004
        yield whole("longest_is_key", share=share)


def longest_is_key(single: Asked) -> bool:
    """Say whether the right option is longer than each other one."""
    lengths = [len(option) for option in single.question.options]
    key = single.question.key
    if not isinstance(key, tuple) or not key or not 0 <= key[0] < len(lengths):
        return False
    return all(lengths[key[0]] > length for no, length in enumerate(lengths) if no != key[0])


def check_judges(judges: Sequence[Asked]) -> Iterator[Finding]:
    """Yield when judgements are mostly true or mostly false, or absolute words give it away."""
    share = percent(sum(1 for each in judges if each.question.key is True), len(judges))
    if len(judges) >= ENOUGH and not 40 <= share <= 60:  # noqa: PLR2004
        yield whole("judge_balance", share=share)
    absolute = [each for each in judges if any(word in each.question.stem for word in ABSOLUTE)]
    share = percent(sum(1 for each in absolute if each.question.key is True), len(absolute))
    if len(absolute) >= ENOUGH // 2 and not 30 <= share <= 70:  # noqa: PLR2004
        yield whole("absolute_words", share=share)


def check_negative(asked: Sequence[Asked]) -> Iterator[Finding]:
    """Yield too many negative stems."""
    share = percent(sum(1 for each in asked if is_negative(each.question)), len(asked))
    if len(asked) >= ENOUGH and share > 10:  # noqa: PLR2004
        yield whole("negative_share", share=share)


def check_difficulty(asked: Sequence[Asked]) -> Iterator[Finding]:
    """Yield a level of difficulty with too many or too few questions."""
    counts = Counter(each.question.difficulty for each in asked)
    if len(asked) < ENOUGH:
        return
    for level, (least, most) in DIFFICULTY_PCT.items():
        share = percent(counts[level], len(asked))
        if not least <= share <= most:
            yield whole("difficulty_balance", level=level, share=share, least=least, most=most)


def count_by_plan(bank: Bank) -> Counter[tuple[str, str]]:
    """Return how many questions there are by law and type; parts of a case count as "case"."""
    return Counter(
        (entry.law, entry.question.type) for entry in bank.entries for _ in entry.question.items
    )


def check_plan(bank: Bank) -> Iterator[Finding]:
    """Yield cells of the plan filled to less than 90 %, and a law that is over 20 % of the bank."""
    if not bank.plan:
        return
    counts = count_by_plan(bank)
    for target in bank.plan:
        for kind, planned in target.counts.items():
            count = sum(counts[law, kind] for law in target.laws)
            least = -(-planned * 9 // 10)
            if count < least:
                yield whole(
                    "coverage",
                    laws="、".join(target.laws),
                    type=kind,
                    count=count,
                    least=least,
                    planned=planned,
                )
    laws: Counter[str] = Counter()
    for (law, _), count in counts.items():
        laws[law] += count
    for law, count in laws.items():
        share = percent(count, counts.total())
        if share > 20:  # noqa: PLR2004
            yield whole("law_share", law=law, share=share)
