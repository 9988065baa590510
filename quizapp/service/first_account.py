"""The account that everything begins with; for the operator of the machine, not over the web."""

from datetime import datetime

from quizapp.domain.errors import Conflict
from quizapp.domain.passwords import hash_machine_secret, shown_code
from quizapp.service.accounts import CODE_LIFE
from quizapp.service.passwords import new_code
from quizapp.store import journal, officers, places
from quizapp.store.db import transaction


def create_administrator(staff_no: str, name: str, *, now: datetime) -> str:
    """Leave an administrator of the whole province; return the one-time code to sign in with.

    Somebody who is there already keeps name and unit, gets the role and loses the password: the
    way back in when nobody is left who can. Raises Conflict("places_missing").
    """
    code = new_code()
    with transaction() as tx:
        province = next(
            (u.place for u in places.list_units(tx) if u.place.level == "province"), None
        )
        if province is None:
            raise Conflict("places_missing")
        if staff_no not in officers.find_by_numbers(tx, [staff_no]):
            row = {
                "staff_no": staff_no,
                "name": name,
                "unit_id": province.id,
                "cadre_level": "other",
                "created_at": now,
            }
            officers.add_officers(tx, [row])
        officer = officers.find_by_numbers(tx, [staff_no])[staff_no]
        officers.add_grant(tx, officer.id, "administrator", province.id)
        officers.put_state(tx, officer.id, disabled_at=None)
        officers.put_codes(tx, {officer.id: hash_machine_secret(code)}, expires_at=now + CODE_LIFE)
        facts = {"staff_no": staff_no}
        subject = f"officer:{officer.id}"
        journal.add_entry(tx, "administrator.made", subject, facts, actor_id=None, now=now)
    return shown_code(code)
