"""Amendments, what became of each article, and the work list of the questions they touch."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from quizapp.domain.amendments import Change
from quizapp.domain.errors import NotFound
from quizapp.domain.staleness import Amendment, Moves
from quizapp.domain.statutes import Law
from quizapp.store.bank import laws
from quizapp.store.db import Tx, UTCDateTime, metadata
from quizapp.store.statutes import law_of, list_articles

amendments = sa.Table(
    "amendments",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("old_law_id", sa.ForeignKey("laws.id"), nullable=False),
    sa.Column("new_law_id", sa.ForeignKey("laws.id")),  # empty: repealed without a successor
    sa.Column("effective_on", sa.Date, nullable=False),
    sa.Column("counts", sa.JSON, nullable=False),  # articles by kind
    sa.Column("made_by", sa.ForeignKey("officers.id")),  # empty: on the command line
    sa.Column("made_at", UTCDateTime, nullable=False),
    sa.UniqueConstraint("old_law_id"),  # a version ends once
)

article_changes = sa.Table(
    "article_changes",
    metadata,
    sa.Column("amendment_id", sa.ForeignKey("amendments.id"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("kind", sa.String(14), nullable=False),  # domain.amendments.KINDS
    sa.Column("old_number", sa.Integer),
    sa.Column("old_sub", sa.Integer),
    sa.Column("new_number", sa.Integer),
    sa.Column("new_sub", sa.Integer),
    sa.Column("likeness_bp", sa.Integer, nullable=False),
)


def add_amendment(
    tx: Tx,
    old_id: int,
    new_id: int | None,
    changes: Sequence[Change],
    counts: dict[str, int],
    *,
    effective_on: date,
    made_by: int | None,
    now: datetime,
) -> int:
    """Record the amendment with every change in order; return its id."""
    added = sa.insert(amendments).values(
        old_law_id=old_id, new_law_id=new_id, effective_on=effective_on, counts=counts,
        made_by=made_by, made_at=now,
    )  # fmt: skip
    amendment_id = int(tx.execute(added.returning(amendments.c.id)).scalar_one())
    if changes:
        rows = [
            {
                "amendment_id": amendment_id,
                "position": position,
                "kind": change.kind,
                "old_number": change.old.number if change.old else None,
                "old_sub": change.old.sub if change.old else None,
                "new_number": change.new.number if change.new else None,
                "new_sub": change.new.sub if change.new else None,
                "likeness_bp": change.likeness_bp,
            }
            for position, change in enumerate(changes)
        ]
        tx.execute(sa.insert(article_changes), rows)
    return amendment_id


def _query() -> tuple[Any, Any, Any]:
    old, new = laws.alias("old"), laws.alias("new")
    columns = [c.label(f"old_{c.name}") for c in old.c] + [c.label(f"new_{c.name}") for c in new.c]
    named = ("id", "effective_on", "counts", "made_at")
    query = (
        sa.select(*(amendments.c[name].label(f"own_{name}") for name in named), *columns)
        .join(old, old.c.id == amendments.c.old_law_id)
        .join(new, new.c.id == amendments.c.new_law_id, isouter=True)
    )
    return query, old, new


@dataclass(frozen=True, slots=True)
class _Side:
    """The columns of one of two laws in a row."""

    row: Any
    prefix: str

    def __getattr__(self, name: str) -> Any:
        return self.row[f"{self.prefix}_{name}"]


def _amendment(row: Any) -> Amendment:
    new: Law | None = law_of(_Side(row, "new")) if row["new_id"] is not None else None
    return Amendment(
        id=row["own_id"],
        old=law_of(_Side(row, "old")),
        new=new,
        effective_on=row["own_effective_on"],
        made_at=row["own_made_at"],
        counts=row["own_counts"],
    )


def list_amendments(tx: Tx) -> list[Amendment]:
    """Return every amendment, the latest day of force first."""
    query, _, _ = _query()
    rows = tx.execute(query.order_by(amendments.c.effective_on.desc(), amendments.c.id.desc()))
    return [_amendment(row) for row in rows.mappings()]


def get_amendment(tx: Tx, amendment_id: int) -> Amendment:
    """Return one. Raises NotFound("amendment_not_found")."""
    query, _, _ = _query()
    row = tx.execute(query.where(amendments.c.id == amendment_id)).mappings().one_or_none()
    if row is None:
        raise NotFound("amendment_not_found")
    return _amendment(row)


def find_of_old(tx: Tx, old_law_id: int) -> Amendment | None:
    """Return the amendment that ended this version, or None."""
    query, _, _ = _query()
    row = tx.execute(query.where(amendments.c.old_law_id == old_law_id)).mappings().one_or_none()
    return _amendment(row) if row else None


def list_ids_of(tx: Tx, law_id: int, side: str = "") -> list[int]:
    """Return the amendments in which a version stands; `side`: as the "old" or the "new" one."""
    sides = {"old": amendments.c.old_law_id, "new": amendments.c.new_law_id}
    wanted = [sides[side]] if side else list(sides.values())
    query = sa.select(amendments.c.id).where(sa.or_(*(column == law_id for column in wanted)))
    return list(tx.execute(query).scalars())


def list_ending(tx: Tx, law_ids: Sequence[int]) -> list[int]:
    """Return the amendments that end one of these versions, in the order they were made."""
    query = sa.select(amendments.c.id).where(amendments.c.old_law_id.in_(law_ids))
    return list(tx.execute(query.order_by(amendments.c.id)).scalars())


def find_change(
    tx: Tx, amendment_id: int, key: tuple[int, int], side: str
) -> tuple[str, tuple[int, int] | None]:
    """Return what became of an article, and its number on the other side if it is there.

    key: number and 之N on `side` (old | new). Without a comparison the kind is empty.
    """
    own, other = ("old", "new") if side == "old" else ("new", "old")
    column = article_changes.c
    row = tx.execute(
        sa.select(column.kind, column[f"{other}_number"], column[f"{other}_sub"])
        .where(
            column.amendment_id == amendment_id,
            column[f"{own}_number"] == key[0],
            column[f"{own}_sub"] == key[1],
            column.kind != ("split" if side == "old" else "merged"),
        )
        .limit(1)
    ).one_or_none()
    if row is None:
        return "", None
    return row[0], None if row[1] is None else (row[1], row[2])


def list_changes(
    tx: Tx, amendment_id: int, of: Collection[tuple[int, int]] | None = None
) -> list[Change]:
    """Return what became of every article, in the order of the new text.

    `of`: of these articles of the old text only.
    """
    own = tx.execute(
        sa.select(amendments.c.old_law_id, amendments.c.new_law_id).where(
            amendments.c.id == amendment_id
        )
    ).one()
    query = sa.select(article_changes).where(article_changes.c.amendment_id == amendment_id)
    if of is not None:
        key = sa.tuple_(article_changes.c.old_number, article_changes.c.old_sub)
        query = query.where(key.in_(list(of)))
    rows = tx.execute(query.order_by(article_changes.c.position)).all()
    new_keys = None if of is None else {(row.new_number, row.new_sub) for row in rows}
    old = {article.key: article for article in list_articles(tx, own.old_law_id, of)}
    new = {article.key: article for article in list_articles(tx, own.new_law_id, new_keys)}
    return [
        Change(
            row.kind,
            old.get((row.old_number, row.old_sub)),
            new.get((row.new_number, row.new_sub)),
            row.likeness_bp,
        )
        for row in rows
    ]


def find_moves(tx: Tx, new_law_id: int) -> Moves | None:
    """Return what became of the version before this one, and before that; None: not compared."""
    found = find_into(tx, new_law_id)
    return None if found is None else get_moves(tx, found)


def find_into(tx: Tx, new_law_id: int) -> int | None:
    """Return the amendment that brought this version: the last one where it was compared anew."""
    query = sa.select(amendments.c.id).where(amendments.c.new_law_id == new_law_id)
    return tx.execute(query.order_by(amendments.c.id.desc()).limit(1)).scalar_one_or_none()


def get_moves(tx: Tx, amendment_id: int) -> Moves:
    """Return what an amendment does to the citations of the version it ends. Raises NotFound."""
    own = get_amendment(tx, amendment_id)
    query = sa.select(amendments.c.old_law_id).where(amendments.c.id == amendment_id)
    earlier = find_moves(tx, tx.execute(query).scalar_one())
    return Moves.of(own.old, own.new, list_changes(tx, amendment_id), earlier)
