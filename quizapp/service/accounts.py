"""Accounts: one-time codes, disabling, roles."""

from datetime import datetime, timedelta

from quizapp.domain.errors import Conflict, Invalid
from quizapp.domain.passwords import hash_machine_secret, shown_code
from quizapp.domain.people import ROLES, Place, Viewer, check_may
from quizapp.domain.places import Gazetteer
from quizapp.formats import tabular
from quizapp.service.apart import run_apart
from quizapp.service.officers import OwnAccount, Wanted, check_manage, enter, search_of
from quizapp.service.passwords import new_code
from quizapp.store import officers as store
from quizapp.store import places
from quizapp.store.db import Tx, transaction

CODE_LIFE = timedelta(days=60)


def issue_code(viewer: Viewer, officer_id: int, *, now: datetime) -> str:
    """Return a new one-time code, grouped, seen this once; password and sign-ins end.

    Raises NotFound, NotAllowed, OwnAccount, Conflict("officer_disabled").
    """
    code = new_code()
    with transaction() as tx:
        officer = check_manage(tx, viewer, officer_id)
        if officer.state == "disabled":
            raise Conflict("officer_disabled")
        hashes = {officer.id: hash_machine_secret(code)}
        store.put_codes(tx, hashes, expires_at=now + CODE_LIFE)
        enter(tx, "officer.code_issued", f"officer:{officer_id}", {}, viewer, now=now)
    return shown_code(code)


def issue_codes(
    viewer: Viewer, wanted: Wanted, kind: str, *, renew: bool, now: datetime
) -> tuple[int, bytes]:
    """Give a code to everybody found without a password; return how many, and their one list.

    Who has a code already keeps it, unless `renew`: then the earlier one is void. Officers with
    roles get theirs one by one. Raises Invalid("unknown_table_format"), Conflict("no_code_needed").
    """
    tabular.mimetype(kind)
    states = ("none", "code") if renew else ("none",)
    with transaction() as tx:
        units = places.list_units(tx)
        search = search_of(viewer, wanted, units)
        found = [o for o in store.list_officers(tx, search) if o.state in states]
        staff = store.list_grants(tx, [officer.id for officer in found])
        found = [officer for officer in found if officer.id not in staff]
        if not found:
            raise Conflict("no_code_needed")
        codes = {officer.id: new_code() for officer in found}
        hashes = {officer_id: hash_machine_secret(code) for officer_id, code in codes.items()}
        store.put_codes(tx, hashes, expires_at=now + CODE_LIFE)
        facts = {"count": len(codes), "unit": wanted.unit, "renewed": renew}
        enter(tx, "officer.codes_issued", "roster", facts, viewer, now=now)
    gazetteer = Gazetteer(units)
    rows = [[o.staff_no, o.name, *gazetteer.path(o.place), shown_code(codes[o.id])] for o in found]
    header = ["工号", "姓名", "城市", "县区", "激活码"]
    return len(rows), run_apart(tabular.write, kind, "激活码", header, rows)


def disable(viewer: Viewer, officer_id: int, *, now: datetime) -> None:
    """End an account for now: no sign-in, all sessions end. Raises NotFound, NotAllowed."""
    with transaction() as tx:
        officer = check_manage(tx, viewer, officer_id)
        if officer.state != "disabled":
            store.put_state(tx, officer_id, disabled_at=now)
            enter(tx, "officer.disabled", f"officer:{officer_id}", {}, viewer, now=now)


def enable(viewer: Viewer, officer_id: int, *, now: datetime) -> None:
    """Let a disabled account sign in again. Raises NotFound, NotAllowed."""
    with transaction() as tx:
        officer = check_manage(tx, viewer, officer_id)
        if officer.state == "disabled":
            store.put_state(tx, officer_id, disabled_at=None)
            enter(tx, "officer.enabled", f"officer:{officer_id}", {}, viewer, now=now)


def grant(viewer: Viewer, officer_id: int, role: str, unit_code: str, *, now: datetime) -> None:
    """Give a role at a unit; all sign-ins of the officer end.

    Raises Invalid("unknown_role"), UnitRefused, NotFound, NotAllowed, OwnAccount.
    """
    with transaction() as tx:
        place = _check_grant(tx, viewer, officer_id, role, unit_code)
        if store.add_grant(tx, officer_id, role, place.id):
            store.raise_epoch(tx, officer_id)
            facts = {"role": role, "unit": unit_code}
            enter(tx, "officer.role_given", f"officer:{officer_id}", facts, viewer, now=now)


def revoke(viewer: Viewer, officer_id: int, role: str, unit_code: str, *, now: datetime) -> None:
    """Take a role at a unit away; all sign-ins of the officer end. Raises as `grant`."""
    with transaction() as tx:
        place = _check_grant(tx, viewer, officer_id, role, unit_code)
        if store.delete_grant(tx, officer_id, role, place.id):
            store.raise_epoch(tx, officer_id)
            facts = {"role": role, "unit": unit_code}
            enter(tx, "officer.role_taken", f"officer:{officer_id}", facts, viewer, now=now)


def _check_grant(tx: Tx, viewer: Viewer, officer_id: int, role: str, unit_code: str) -> Place:
    if role not in ROLES or role == "officer":
        raise Invalid("unknown_role", role=role)
    if officer_id == viewer.officer_id:
        raise OwnAccount
    check_may(viewer, "administrator", store.get_officer(tx, officer_id).place)
    place = Gazetteer(places.list_units(tx)).by_code(unit_code)
    check_may(viewer, "administrator", place)
    return place
