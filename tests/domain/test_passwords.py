import pytest

from quizapp.domain.passwords import (
    PasswordRefused,
    check_password,
    hash_machine_secret,
    matches_machine_hash,
    plain_code,
    shown_code,
)

COMMON = [
    "12345678", "123456789", "87654321", "11111111", "88888888", "12341234", "abcd1234",
    "password", "password1", "Password123", "passw0rd", "p@ssw0rd1", "qwertyui", "qwerty123",
    "1qaz2wsx", "1q2w3e4r", "iloveyou", "admin123", "admin888", "woaini1314", "woaini520",
    "a12345678", "5201314520", "19900131", "1990.01.31", "900131ab", "asdfghjkl", "zxcvbnm123",
    "abc123456", "123qweasd", "aaaaaaaa", "00000000", "administrator", "welcome123", "letmein1",
    "superman1", "abcabcabc", "beijing2008", "summer2025", "qazwsxedc", "147258369", "110119110",
]  # fmt: skip
GOOD = [
    "k9 vessel orbit", "雨后街边的旧书摊", "tomato-River7", "gmqtyzrx",
    "x" * 64 + "y" * 32 + "zq", "P4pierLantern",
]  # fmt: skip


@pytest.mark.parametrize("password", COMMON)
def test_what_is_guessed_first_is_refused(password: str) -> None:
    with pytest.raises(PasswordRefused) as refused:
        check_password(password, staff_no="0000777")
    assert refused.value.name == "password_common"


@pytest.mark.parametrize("password", GOOD)
def test_length_is_enough_no_kind_of_sign_is_asked_for(password: str) -> None:
    check_password(password, staff_no="0000777", name="李明")


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("k9vesse", "password_too_short"),
        ("x y z " * 22, "password_too_long"),
        ("13050299", "password_has_own_number"),
        ("13050299ab", "password_has_own_number"),
        ("李明李明李明ab", "password_has_own_number"),
        ("hebei123", "password_has_context_word"),
        ("城管2026城管", "password_has_context_word"),
        ("Chengguan@1", "password_has_context_word"),
    ],
)
def test_what_leans_on_number_name_or_trade_is_refused(password: str, code: str) -> None:
    with pytest.raises(PasswordRefused) as refused:
        check_password(password, staff_no="13050299", name="李明")
    assert refused.value.name == code


def test_a_code_reads_however_it_is_typed() -> None:
    assert shown_code("ABCD0123EFGH1567") == "ABCD-0123-EFGH-1567"
    assert plain_code(" abcd-O123—efgh　i567") == "ABCD0123EFGH1567"


def test_only_a_fast_hash_answers_to_a_machine_made_secret() -> None:
    stored = hash_machine_secret("a secret of many bits")
    assert matches_machine_hash("a secret of many bits", stored)
    assert not matches_machine_hash("another", stored)
    for other in (None, "", "$argon2id$v=19$x", "sha256$"):
        assert not matches_machine_hash("a secret of many bits", other)
