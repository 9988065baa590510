"""Sign-in and the own account."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from quizapp.domain.errors import Busy, Invalid, TooMany
from quizapp.domain.ids import OfficerId
from quizapp.domain.passwords import check_password, matches_machine_hash, plain_code
from quizapp.domain.people import Officer, Viewer
from quizapp.service.passwords import HASHING, hash_password, is_password
from quizapp.store import journal, officers
from quizapp.store import sign_ins as store
from quizapp.store.db import Tx, reading, transaction

LOG = logging.getLogger(__name__)
SHORT_WAIT_S = 0.5
"""Nobody is kept waiting at the door for the sake of a line in the journal."""


class OldPasswordWrong(Invalid):
    """Whoever changes a password must know the old one."""

    code = "old_password_wrong"


@dataclass(frozen=True, slots=True)
class Limits:
    """How many wrong sign-ins a window bears, per account and per address."""

    account: int = 5
    address: int = 200
    window: timedelta = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class SignInOutcome:
    """What came of a sign-in. Without an officer it failed, and `tries_left` are left."""

    officer_id: OfficerId | None
    epoch: int = 0
    tries_left: int = 0


def find_viewer(officer_id: int, epoch: int, sign_in: str) -> Viewer | None:
    """Return the person of a session, or None when the session has ended. One statement."""
    with reading() as tx:
        return store.find_viewer(tx, officer_id, epoch, sign_in)


def sign_in(
    staff_no: str, password: str, address: str, *, now: datetime, limits: Limits | None = None
) -> SignInOutcome:
    """Say whose account this is, or how many tries are left; the same for unknown numbers.

    A one-time code signs in too, to a session that can only choose a password. A wrong password
    always costs one argon2id check. Raises TooMany, Busy.
    """
    limits = limits or Limits()
    door = _Door(staff_no, address, limits, now)
    account = door.find_account()
    if account is None or not _is_machine_secret(password, account):
        with HASHING as had_to_wait:
            if had_to_wait:
                door.check()
            stored = account.password_hash if account else None
            if not is_password(password, stored) or account is None:
                return SignInOutcome(None, tries_left=door.add_failure(account))
    door.pass_through(account)
    return SignInOutcome(account.officer_id, account.session_epoch)


def _is_machine_secret(typed: str, account: store.Account) -> bool:
    fits = matches_machine_hash(typed, account.password_hash)
    return fits or matches_machine_hash(plain_code(typed), account.activation_hash)


class _Door:
    """One sign-in at the door: what failed there before, and what is written down."""

    def __init__(self, staff_no: str, address: str, limits: Limits, now: datetime) -> None:
        self.staff_no, self.address, self.limits, self.now = staff_no, address, limits, now
        self.account_key = "account:" + sha256(staff_no.encode()).hexdigest()[:40]
        self.address_key = "address:" + address[:70]
        self.failed_before = False

    def find_account(self) -> store.Account | None:
        """Return the account, if any. Raises TooMany."""
        with reading() as tx:
            self._check(tx)
            return store.find_account(tx, self.staff_no, now=self.now)

    def check(self) -> None:
        """Pass only while tries are left. Raises TooMany."""
        with reading() as tx:
            self._check(tx)

    def _check(self, tx: Tx) -> None:
        keys = [self.account_key, self.address_key]
        failed = store.list_failures(tx, keys, window=self.limits.window, now=self.now)
        self.failed_before = self.account_key in failed
        for key, most in zip(keys, (self.limits.account, self.limits.address), strict=True):
            found = failed.get(key)
            if found is not None and found.until is not None and found.count >= most:
                rest = found.until - self.now
                raise TooMany(retry_after_s=max(1, int(rest.total_seconds()) + 1))

    def add_failure(self, account: store.Account | None) -> int:
        """Count a wrong try; return how many the account has left."""
        window = self.limits.window
        with transaction() as tx:
            store.add_failure(tx, self.address_key, window=window, now=self.now)
            failures = store.add_failure(tx, self.account_key, window=window, now=self.now)
            officer_id = account.officer_id if account else None
            subject = f"officer:{officer_id}" if officer_id else "officer:unknown"
            facts = {"address": self.address, "failures": failures}
            journal.add_entry(
                tx, "officer.sign_in_refused", subject, facts, actor_id=officer_id, now=self.now
            )
        return max(0, self.limits.account - failures)

    def pass_through(self, account: store.Account) -> None:
        """Note a good sign-in, if the journal can be had at once; it never fails for that."""
        try:
            with transaction(wait_s=SHORT_WAIT_S) as tx:
                if self.failed_before:
                    store.close_failures(tx, self.account_key)
                journal.add_entry(
                    tx,
                    "officer.signed_in",
                    f"officer:{account.officer_id}",
                    {"address": self.address},
                    actor_id=account.officer_id,
                    now=self.now,
                )
        except Busy:
            LOG.warning("sign-in of officer %s not journalled: busy", account.officer_id)


def sign_out(viewer: Viewer, *, session: timedelta, now: datetime) -> None:
    """End this one sign-in, on the server too; other devices stay signed in."""
    with transaction() as tx:
        store.close_sign_in(tx, viewer.sign_in, now=now, session=session)
        subject = f"officer:{viewer.officer_id}"
        journal.add_entry(
            tx, "officer.signed_out", subject, {}, actor_id=viewer.officer_id, now=now
        )


@dataclass(frozen=True, slots=True)
class Self:
    """What somebody sees of the own account."""

    officer: Officer
    sign_ins: list[store.SignInEntry]


def get_self(viewer: Viewer) -> Self:
    """Return the own particulars and the latest sign-ins, good and bad."""
    with reading() as tx:
        return Self(
            officers.get_officer(tx, viewer.officer_id),
            store.list_sign_ins(tx, viewer.officer_id, limit=10),
        )


def leave_others(viewer: Viewer, *, now: datetime) -> int:
    """End all sign-ins of the viewer, this one too; return the epoch for a new one."""
    with transaction() as tx:
        officers.raise_epoch(tx, viewer.officer_id)
        subject = f"officer:{viewer.officer_id}"
        journal.add_entry(tx, "officer.left_all", subject, {}, actor_id=viewer.officer_id, now=now)
        return store.get_epoch(tx, viewer.officer_id)


def activate(
    staff_no: str,
    code: str,
    password: str,
    address: str,
    *,
    now: datetime,
    limits: Limits | None = None,
) -> SignInOutcome:
    """Take the one-time code and leave the own password in its place; the code is used up.

    Wrong codes count like wrong passwords. Raises PasswordRefused, TooMany, Busy.
    """
    limits = limits or Limits()
    door = _Door(staff_no, address, limits, now)
    account = door.find_account()
    known = account.activation_hash if account else None
    if account is None or not matches_machine_hash(plain_code(code), known):
        with HASHING:
            is_password(code, None)
        return SignInOutcome(None, tries_left=door.add_failure(account))
    check_password(password, staff_no=staff_no, name=account.name)
    hashed = hash_password(password)
    with transaction() as tx:
        if not store.close_code(tx, account.officer_id, known or ""):
            raise Invalid("code_used_up")
        epoch = _put_password(tx, account.officer_id, hashed, "officer.activated", now)
        store.close_failures(tx, door.account_key)
    return SignInOutcome(account.officer_id, epoch)


def change_password(
    viewer: Viewer,
    old: str,
    new: str,
    address: str,
    *,
    now: datetime,
    limits: Limits | None = None,
) -> int:
    """Put the new password in place of the old one; all sign-ins end. Return the new epoch.

    Somebody who came with a one-time code need not give an old one. Raises OldPasswordWrong,
    PasswordRefused, TooMany, Busy.
    """
    door = _Door(viewer.staff_no, address, limits or Limits(), now)
    account = door.find_account()
    if account is None:
        raise OldPasswordWrong
    if not viewer.must_change_password and not _fits(old, account):
        door.add_failure(account)
        raise OldPasswordWrong
    check_password(new, staff_no=viewer.staff_no, name=viewer.name)
    hashed = hash_password(new)
    with transaction() as tx:
        return _put_password(tx, viewer.officer_id, hashed, "officer.password_changed", now)


def _fits(password: str, account: store.Account) -> bool:
    if matches_machine_hash(password, account.password_hash):
        return True
    with HASHING:
        return is_password(password, account.password_hash)


def _put_password(tx: Tx, officer_id: OfficerId, hashed: str, action: str, now: datetime) -> int:
    epoch = store.put_password(tx, officer_id, hashed)
    journal.add_entry(tx, action, f"officer:{officer_id}", {}, actor_id=officer_id, now=now)
    return epoch
