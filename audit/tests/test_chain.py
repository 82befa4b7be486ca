"""Whoever changes the log is refused, or found out."""

from io import StringIO
from itertools import chain as chain_

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, transaction

from audit import chain, trail
from audit.models import Detail, Entry, Head
from audit.tests.factories import PersonFactory, leave
from pocket.testing import guards_down

pytestmark = pytest.mark.django_db
is_postgres = connection.vendor == "postgresql"


def sql(statement, *arguments):
    with connection.cursor() as cursor:
        cursor.execute(statement, arguments)
        return cursor.rowcount


def tamper(statement, *arguments):
    """Change the log as somebody who can switch its guards off."""
    with guards_down():
        assert sql(statement, *arguments)


def told(**options) -> str:
    out = StringIO()
    call_command("verify_audit", stdout=out, **options)
    return out.getvalue()


# --- The database refuses ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET action = 'a.b' WHERE number = 2",
        "UPDATE audit_entry SET number = number + 10",
        "DELETE FROM audit_entry WHERE number = 3",
        "DELETE FROM audit_entry",
        "UPDATE audit_detail SET reason = 'another'",
        "UPDATE audit_detail SET reason = ''",
        "DELETE FROM audit_detail",
        "UPDATE audit_head SET number = 1",
        "UPDATE audit_head SET hash = ''",
        "DELETE FROM audit_head",
    ],
)
def test_raw_sql_is_refused_by_the_database(statement):
    leave(3)
    with pytest.raises(IntegrityError, match="only added to"), transaction.atomic():
        sql(statement)
    assert chain.verify()
    assert Entry.objects.count() == 3


COLUMNS = ", ".join(field.column for field in Entry._meta.concrete_fields)
OTHERS = COLUMNS.replace("number", "99").replace("id,", "'x',", 1)
TRUNCATES = [
    "TRUNCATE audit_entry, audit_detail",
    "TRUNCATE audit_detail",
    "TRUNCATE audit_head",
    "TRUNCATE audit_entry CASCADE",
]
REPLACES = [
    *(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}" for table in chain.TABLES),
    f"INSERT OR REPLACE INTO audit_entry (rowid, {COLUMNS})"
    f" SELECT rowid, {OTHERS} FROM audit_entry WHERE number = 2",
]


@pytest.mark.parametrize("statement", TRUNCATES if is_postgres else REPLACES)
def test_what_only_this_database_knows_is_refused_too(statement):
    leave(2)
    if is_postgres:
        connection.check_constraints()
    words = "only added to|replace refused"
    with pytest.raises(IntegrityError, match=words), transaction.atomic():
        sql(statement)


def test_erased_details_stay_erased():
    asha = PersonFactory()
    leave(1, actor=asha)
    trail.forget(asha.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        sql("UPDATE audit_detail SET reason = 'another' WHERE salt = ''")


# --- What was done all the same is found -------------------------------------------------------


def test_a_whole_log_verifies_and_is_told_in_words():
    leave(5)
    last = Entry.objects.first()
    assert "5 entries hold, 0 of them with their details erased" in told()
    assert f"The last is 5:{last.hash}" in told()


def test_an_empty_log_verifies():
    assert "0 entries hold" in told()


def test_erased_details_do_not_break_the_chain():
    asha = PersonFactory()
    leave(2)
    leave(3, actor=asha)
    trail.forget(asha.pk)
    assert "6 entries hold, 3 of them with their details erased" in told()


@pytest.mark.parametrize(
    ("change", "number", "words"),
    [
        ("UPDATE audit_entry SET action = 'a.b' WHERE number = 3", 3, "it was changed"),
        ("UPDATE audit_entry SET actor_id = 'x' WHERE number > 2", 3, "it was changed"),
        ("UPDATE audit_entry SET time = '2020-01-01 00:00+00:00' WHERE number = 3", 3, "changed"),
        ("UPDATE audit_entry SET hash = previous WHERE number = 3", 3, "it was changed"),
        ("UPDATE audit_entry SET erased = 7 WHERE number = 3", 3, "it was changed"),
        ("UPDATE audit_entry SET number = 99 WHERE number = 3", 3, "it is missing"),
        ("UPDATE audit_entry SET number = 0 WHERE number = 1", 1, "is missing"),
        ("UPDATE audit_entry SET number = 9 - number WHERE number IN (4, 5)", 4, "not follow"),
        ("UPDATE audit_detail SET reason = 'x' WHERE reason = 'reason 3'", 3, "were changed"),
        (
            """UPDATE audit_detail SET "after" = '{"a": 1}' WHERE reason = 'reason 3'""",
            3,
            "details were changed",
        ),
        ("DELETE FROM audit_detail WHERE reason = 'reason 3'", 3, "details are missing"),
        ("UPDATE audit_head SET number = 6", 6, "it is missing"),
        ("UPDATE audit_head SET number = 4", 4, "not the one that was added last"),
        ("UPDATE audit_head SET hash = ''", 5, "not the one that was added last"),
        ("DELETE FROM audit_head", 1, "stands beyond the end"),
    ],
)
def test_a_change_behind_the_guards_is_found_and_the_first_bad_entry_named(change, number, words):
    leave(5)
    if "number = 0" in change or "9 - number" in change:
        in_two_steps(change)
    else:
        tamper(change)
    verdict = chain.verify(batch=2)
    assert not verdict
    assert verdict.problem.number == number
    assert words in verdict.problem.what
    with pytest.raises(CommandError, match=rf"not whole\. Entry {number}\b.*{words}"):
        told()


def in_two_steps(change):
    """Past a constraint: a number is unique, and not below one."""
    if "number = 0" in change:
        with guards_down():
            if is_postgres:
                sql("ALTER TABLE audit_entry DROP CONSTRAINT audit_entry_from_one")
            else:
                sql("PRAGMA ignore_check_constraints = ON")
            sql(change)
            sql("SELECT 1" if is_postgres else "PRAGMA ignore_check_constraints = OFF")
        return
    tamper("UPDATE audit_entry SET number = 99 WHERE number = 4")
    tamper("UPDATE audit_entry SET number = 4 WHERE number = 5")
    tamper("UPDATE audit_entry SET number = 5 WHERE number = 99")


@pytest.mark.parametrize(("gone", "named"), [(1, 1), (3, 3), (5, 5)])
def test_a_missing_entry_is_named(gone, named):
    leave(5)
    key = Entry.objects.get(number=gone).detail.pk
    with guards_down():
        where = "entry_id = (SELECT id FROM audit_entry WHERE number = %s)"
        assert sql(f"DELETE FROM audit_detail WHERE {where}", gone)
        assert sql("DELETE FROM audit_entry WHERE number = %s", gone)
    assert not Entry.objects.filter(pk=key)
    verdict = chain.verify()
    assert (verdict.problem.number, verdict.problem.what) == (named, "it is missing.")


def test_an_entry_rewritten_with_its_hash_betrays_itself_by_the_next():
    leave(5)
    forged = Entry.objects.get(number=3)
    forged.action = "a.b"
    tamper("UPDATE audit_entry SET action = 'a.b', hash = %s WHERE number = 3", forged.reckon())
    assert chain.verify().problem.number == 4


def test_a_chain_rewritten_to_its_end_is_found_by_a_witness():
    seen = leave(3)[-1]
    previous = ""
    for entry in Entry.objects.order_by("number"):
        entry.action, entry.previous = "a.b", previous
        previous = entry.reckon()
        tamper(
            "UPDATE audit_entry SET action = 'a.b', previous = %s, hash = %s WHERE number = %s",
            entry.previous,
            previous,
            entry.number,
        )
    tamper("UPDATE audit_head SET hash = %s", previous)
    assert "3 entries hold" in told()
    with pytest.raises(CommandError, match=r"Entry 3 .*not what a witness has seen"):
        told(witness=[f"3:{seen.hash}"])
    with pytest.raises(CommandError, match=r"Entry 9: it is missing"):
        told(witness=[f"9:{seen.hash}"])
    with pytest.raises(CommandError, match="NUMBER:HASH"):
        told(witness=["three"])


def test_details_that_vanish_under_the_cover_of_an_erasure_are_found():
    asha = PersonFactory()
    leave(2)
    leave(1, actor=asha)
    trail.forget(asha.pk)
    blank = ", ".join(
        [f"{name} = ''" for name in ("salt", "actor_name", "target_name", "reason", "address")]
        + [f"{name} = '{{}}'" for name in ('"before"', '"after"', "more")]
    )
    # Without any guard off: blanking is what the database lets through.
    sql(
        f"UPDATE audit_detail SET {blank}, erased_in_id ="
        " (SELECT id FROM audit_entry WHERE number = 4) WHERE reason = 'reason 2'"
    )
    verdict = chain.verify()
    assert (verdict.problem.number, verdict.erased) == (4, 2)
    assert "it erased the details of 1 entries, but 2 are gone" in verdict.problem.what


def test_details_erased_by_no_erasure_are_found():
    leave(3)
    last = Entry.objects.first()
    Detail.objects.filter(entry__number=2).erase(in_entry=last)
    verdict = chain.verify()
    assert verdict.problem.number == 2
    assert "without an entry that says so" in verdict.problem.what


def test_missing_guards_are_told():
    leave(1)
    off = "DROP TRIGGER audit_entry_update" + (" ON audit_entry" if is_postgres else "")
    if is_postgres:
        connection.check_constraints()
    sql(off)
    assert chain.verify().missing_guards == ["audit_entry_update"]
    with pytest.raises(CommandError, match="does not guard the audit log; missing: audit_entry_up"):
        told()


def test_a_guard_that_is_only_switched_off_counts_as_missing():
    with guards_down():
        assert len(chain.verify().missing_guards) == 9
    assert chain.verify().missing_guards == []


def test_a_bad_log_ends_the_command_with_one():
    leave(1)
    tamper("UPDATE audit_entry SET action = 'a.b'")
    with pytest.raises(CommandError) as error:
        told()
    assert error.value.returncode == 1


def test_the_walk_costs_a_query_for_each_batch(django_assert_num_queries):
    leave(6)
    with django_assert_num_queries(7):  # guards, end, three batches and the empty one, strays
        assert chain.verify(batch=2).entries == 6


# --- Many at once ------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_eight_writers_make_one_chain(at_once):
    def write():
        numbers = []
        for _ in range(5):
            with transaction.atomic():
                [entry] = leave(1)
            numbers.append(entry.number)
        return numbers

    written = at_once(write)
    assert sorted(chain_.from_iterable(written)) == list(range(1, 41))
    [verdict] = at_once(chain.verify, times=1)
    assert verdict
    assert verdict.entries == 40


@pytest.mark.django_db(transaction=True)
def test_the_guards_stand_after_a_test_that_emptied_the_database(at_once):
    leave(1)
    with pytest.raises(DatabaseError):
        sql("DELETE FROM audit_detail")
    [verdict] = at_once(chain.verify, times=1)
    assert verdict.missing_guards == []
    assert Head.objects.get().number == 1
