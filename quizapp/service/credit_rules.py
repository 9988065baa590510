"""Credit rules: reading them, adding a version."""

from dataclasses import replace
from datetime import datetime

from quizapp.domain.credit_rules import DEFAULT_RULES, CreditRule, check_rule
from quizapp.domain.errors import NotFound
from quizapp.domain.people import Viewer, check_may
from quizapp.store import journal, places
from quizapp.store import training as store
from quizapp.store.db import Tx, reading, transaction


def rules_for_posting(tx: Tx) -> list[CreditRule]:
    """Return all credit rules, having put the shipped ones in where there were none."""
    rules = store.list_rules(tx)
    if rules:
        return rules
    store.add_rules(tx, DEFAULT_RULES)
    return store.list_rules(tx)


def list_rules() -> list[CreditRule]:
    """Return all credit rules by kind and version."""
    with reading() as tx:
        return store.list_rules(tx) or list(DEFAULT_RULES)


def add_rule(viewer: Viewer, rule: CreditRule, *, now: datetime) -> CreditRule:
    """Leave a new version of a kind's rule; postings made under earlier ones stay as they are.

    `rule.version` is set here. For organizers of the province. Raises NotAllowed, Invalid.
    """
    with transaction() as tx:
        _check_province(tx, viewer)
        rules = rules_for_posting(tx)
        check_rule(rule, rules)
        version = 1 + max((old.version for old in rules if old.kind == rule.kind), default=0)
        new = replace(rule, version=version)
        store.add_rules(tx, [new])
        facts = {"version": version, "valid_from": rule.valid_from.isoformat()}
        journal.add_entry(
            tx,
            "credit_rule.added",
            f"credit_rule:{rule.kind}",
            facts,
            actor_id=viewer.officer_id,
            now=now,
        )
    return new


def _check_province(tx: Tx, viewer: Viewer) -> None:
    province = next((u.place for u in places.list_units(tx) if u.place.level == "province"), None)
    if province is None:
        raise NotFound("unit_unknown", written="130000")
    check_may(viewer, "organizer", province)
