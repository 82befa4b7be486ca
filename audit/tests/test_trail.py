"""What deeds leave behind."""

import json
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connection, transaction
from django.db.transaction import TransactionManagementError
from django.utils import timezone
from django.utils.translation import gettext_lazy

from accounts.models import User
from audit import trail
from audit.models import AppendOnlyError, Detail, Entry
from audit.tests.factories import PersonFactory, leave
from pocket.web import current
from pocket.web.logs import JSONFormatter
from states.models import State

pytestmark = pytest.mark.django_db


@pytest.fixture
def asha():
    return PersonFactory(username="asha")


@pytest.fixture
def goa():
    return State.objects.get(slug="goa")


@transaction.atomic
def failing_deed():
    leave(2)
    raise ZeroDivisionError


# --- An entry ----------------------------------------------------------------------------------


def test_an_entry_says_who_did_what_to_what_when_and_why(asha, goa):
    made = trail.record(
        "states.fact_corrected",
        target=goa,
        actor=asha,
        before={"tagline": "Old"},
        after={"tagline": "New"},
        reason="It was wrong.",
        field="tagline",
    )
    entry = Entry.objects.get(pk=made.pk)
    assert entry.pk.version == 7
    assert (entry.number, entry.previous) == (1, "")
    assert timezone.now() - entry.time < timedelta(minutes=1)
    assert (entry.actor_id, entry.actor_words) == (str(asha.pk), "asha")
    assert entry.action == "states.fact_corrected"
    assert (entry.target_type, entry.target_id) == ("states.state", str(goa.pk))
    assert entry.target_words == "Goa"
    assert (entry.detail.before, entry.detail.after) == ({"tagline": "Old"}, {"tagline": "New"})
    assert entry.detail.reason == "It was wrong."
    assert entry.detail.more == {"field": "tagline"}


def test_numbers_rise_by_one_and_each_entry_knows_the_one_before():
    first, second, third = leave(3)
    assert [first.number, second.number, third.number] == [1, 2, 3]
    assert second.previous == first.hash
    assert third.previous == second.hash


def test_the_site_itself_and_visitors_are_told_apart_from_people(asha):
    leave(1, actor=None)
    leave(1, actor=AnonymousUser())
    leave(1, actor=asha)
    told = [entry.actor_words for entry in Entry.objects.in_words()]
    assert told == ["asha", "a visitor", "the site itself"]


def test_a_deed_that_fails_leaves_no_entry():
    leave(1)
    with pytest.raises(ZeroDivisionError):
        failing_deed()
    [last] = leave(1)
    assert last.number == 2
    assert Entry.objects.count() == 2


@pytest.mark.parametrize("action", ["", "published", "Blog.published", "blog.", "blog.post up"])
def test_an_action_has_the_form_of_one(action):
    with pytest.raises(ValueError, match="of the form"):
        trail.record(action, target=None, actor=None)


def test_a_target_without_a_key_is_refused():
    with pytest.raises(ValueError, match="saved"):
        trail.record("states.made", target=State(name="Nowhere"), actor=None)


@pytest.mark.parametrize("text", ["a\0b", "\ud800", "ಕರ್ನಾಟಕ", "x" * 300, "\u2028"])
def test_any_text_can_be_recorded(text):
    trail.record("a.b", target=None, actor=None, reason=text, before={text: text}, note=text)
    assert Entry.objects.get().detail.reckon() == Entry.objects.get().digest


def test_an_entry_costs_four_queries(asha, django_assert_num_queries):
    leave(1)
    with django_assert_num_queries(4):  # the end of the chain, entry, details, the new end
        leave(1, actor=asha, target=asha)


def test_a_deed_whose_entry_fails_is_undone_even_if_somebody_looks_away(asha):
    with pytest.raises(TransactionManagementError):
        rename_without_care(asha)
    asha.refresh_from_db()
    assert asha.username == "asha"


@transaction.atomic
def rename_without_care(person):
    User.objects.update(username="other")
    with suppress(ValueError):
        trail.record("no action", target=person, actor=None)
    User.objects.count()


# --- Where from --------------------------------------------------------------------------------


def asked(rf, address="203.0.113.9", request_id="abcdef123456"):
    return rf.get("/", REMOTE_ADDR=address, **{"pocket.request_id": request_id})


def test_an_entry_tells_the_request_and_the_network_it_came_from(rf):
    entry = trail.record("a.b", target=None, actor=None, request=asked(rf))
    assert (entry.detail.address, entry.request_id) == ("203.0.113.0/24", "abcdef123456")


def test_without_a_request_the_one_being_answered_counts(rf):
    with current.during(asked(rf)):
        assert leave(1)[0].detail.address == "203.0.113.0/24"
        other = trail.record("a.b", target=None, actor=None, request=asked(rf, request_id="other"))
    assert other.request_id == "other"
    [after] = leave(1)
    assert (after.request_id, after.detail.address) == ("", "")


# --- What changed ------------------------------------------------------------------------------


def test_only_what_changed_is_told(goa):
    before = trail.snapshot(goa)
    goa.tagline = "Better words"
    told = trail.changed(before, goa)
    assert told["after"] == {"tagline": "Better words"}
    assert list(told["before"]) == ["tagline"]
    assert told["before"]["tagline"] != "Better words"


def test_of_a_row_only_the_fields_asked_about_are_looked_at(goa):
    told = trail.changed({"name": "Gova"}, goa)
    assert told == {"before": {"name": "Gova"}, "after": {"name": "Goa"}}


def test_what_came_and_what_went_is_told_too():
    told = trail.changed({"a": 1, "b": 2}, {"b": 2, "c": None})
    assert told == {"before": {"a": 1}, "after": {"c": None}}


@pytest.mark.parametrize(
    "name",
    ["password", "api_key", "Token", "client_secret", "recovery_codes", "salt", "passphrase"],
)
def test_a_secret_is_never_written(name):
    told = trail.changed({name: "hunter2"}, {name: "hunter3"})
    assert told == {"before": {name: "[secret]"}, "after": {name: "[secret]"}}
    entry = trail.record(
        "a.b", target=None, actor=None, before={"deep": [{name: "hunter2"}]}, **{name: "hunter2"}
    )
    assert "hunter" not in json.dumps([entry.detail.before, entry.detail.more])


def test_a_long_text_is_only_mentioned():
    told = trail.changed({"body": "x" * 201, "title": "y" * 200}, {"body": "", "title": ""})
    assert told["before"] == {"body": "[201 characters]", "title": "y" * 200}
    assert trail.tidied({"places": list(range(1000))}) == {"places": "[1000 items]"}


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (None, None),
        (True, True),
        (7, 7),
        (2**80, str(2**80)),
        (0.1, "0.1"),
        (1e16, "1e+16"),
        (Decimal("1.10"), "1.10"),
        (date(2026, 10, 31), "2026-10-31"),
        (gettext_lazy("Goa"), "Goa"),
        (b"abc", "[3 bytes]"),
        ({"b": [1, 1.5]}, {"b": [1, "1.5"]}),
        ((1, "two"), [1, "two"]),
    ],
)
def test_a_value_is_written_as_both_databases_keep_it(value, told):
    trail.record("a.b", target=None, actor=None, after={"value": value})
    detail = Detail.objects.get()
    assert detail.after == {"value": told}
    assert detail.reckon() == detail.entry.digest


# --- Finding entries ---------------------------------------------------------------------------


def test_entries_are_found_by_what_who_and_kind_newest_first(asha, goa):
    ravi = PersonFactory(username="ravi")
    trail.record("states.fact_corrected", target=goa, actor=ravi)
    trail.record("accounts.role_given", target=asha, actor=ravi)
    trail.record("blog.comment_removed", target=goa, actor=ravi, person=asha)
    trail.record("accounts_old.thing_done", target=None, actor=None)

    def actions(entries):
        return [entry.action for entry in entries]

    assert actions(Entry.objects.about(goa)) == ["blog.comment_removed", "states.fact_corrected"]
    assert actions(Entry.objects.about(asha)) == ["blog.comment_removed", "accounts.role_given"]
    assert actions(Entry.objects.by(None)) == ["accounts_old.thing_done"]
    assert len(Entry.objects.by(ravi)) == 3
    assert not Entry.objects.by(asha)
    assert actions(Entry.objects.of_action("accounts.")) == ["accounts.role_given"]
    assert actions(Entry.objects.of_action("states.fact_corrected")) == ["states.fact_corrected"]
    assert not Entry.objects.of_action("states.fact")


def test_a_list_of_entries_costs_one_query(asha, django_assert_num_queries):
    leave(5, actor=asha, target=asha)
    with django_assert_num_queries(1):
        assert [(e.actor_words, e.target_words) for e in Entry.objects.in_words()]


# --- Never changed -----------------------------------------------------------------------------


@pytest.mark.parametrize("model", [Entry, Detail])
def test_the_model_refuses_every_change(model):
    leave(2)
    row = model.objects.first()
    for attempt in (
        row.save,
        row.delete,
        lambda: model.objects.update(**{"digest" if model is Entry else "reason": "x"}),
        lambda: model.objects.all().delete(),
        lambda: model.objects.bulk_create([model()]),
        lambda: model.objects.bulk_update([row], ["pk"]),
        lambda: model._base_manager.all().update(pk=1),
        lambda: model.objects.update_or_create(pk=row.pk, defaults={}),
    ):
        with pytest.raises(AppendOnlyError):
            attempt()
    assert model.objects.count() == 2


def test_one_may_not_save_a_second_entry_over_the_first():
    [entry] = leave(1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry(pk=entry.pk, number=2, time=entry.time, action="a.b").save()


# --- Forgetting --------------------------------------------------------------------------------


def everything_written() -> str:
    with connection.cursor() as cursor:
        rows = []
        for table in ("audit_entry", "audit_detail"):
            cursor.execute(f"SELECT * FROM {table}")
            rows += cursor.fetchall()
    return str(rows)


def test_a_person_is_forgotten_and_what_was_done_stays(asha, goa, rf):
    ravi = PersonFactory(username="ravi")
    with current.during(asked(rf)):
        leave(1, actor=asha, target=goa)
        trail.record("accounts.role_given", target=asha, actor=ravi, reason="asha writes well")
        trail.record("blog.comment_removed", target=goa, actor=ravi, person=asha, text="asha said")
        leave(1, actor=ravi, target=goa)
    assert trail.forget(asha.pk, reason="wish of the person") == 3

    written = everything_written()
    assert "asha" not in written
    assert written.count("ravi") == 1
    last, kept, *forgotten = Entry.objects.in_words()
    assert (last.action, last.target_id, last.erased) == (
        "audit.person_forgotten",
        str(asha.pk),
        3,
    )
    assert last.detail.reason == "wish of the person"
    assert kept.actor_words == "ravi"
    assert [entry.actor_words for entry in forgotten] == ["somebody (name erased)"] * 3
    assert {entry.detail.address for entry in forgotten} == {""}
    assert {entry.detail.salt for entry in forgotten} == {""}
    assert {entry.detail.erased_in_id for entry in forgotten} == {last.pk}


def test_who_asks_to_be_forgotten_leaves_no_name_by_asking(asha, rf):
    leave(1, actor=asha)
    assert trail.forget(asha.pk, by=asha, reason="I, asha", request=asked(rf)) == 1
    assert "asha" not in everything_written()
    assert "203.0.113" not in everything_written()
    assert Entry.objects.first().actor_id == str(asha.pk)


def test_forgetting_a_stranger_or_twice_leaves_no_entry(asha):
    leave(1, actor=asha)
    assert trail.forget("nobody") == 0
    assert trail.forget(asha.pk) == 1
    assert trail.forget(asha.pk) == 0
    assert Entry.objects.count() == 2


def test_a_person_can_be_deleted_while_their_entries_stay(asha):
    leave(1, actor=asha, target=asha)
    User.objects.filter(pk=asha.pk).delete()
    assert Entry.objects.get().actor_words == "asha"


def test_old_details_are_pruned_and_young_ones_stay(monkeypatch):
    monkeypatch.setattr(trail, "PRUNED_AT_ONCE", 2)
    long_ago = timezone.now() - timedelta(days=800)
    with monkeypatch.context() as patch:
        patch.setattr(timezone, "now", lambda: long_ago)
        leave(3)
    leave(1)
    assert trail.prune(before=timezone.now() - timedelta(days=730), reason="two years") == 3
    assert trail.prune(before=timezone.now() - timedelta(days=730)) == 0
    assert list(Detail.objects.kept().values_list("reason", flat=True).order_by("pk")) == [
        "reason 1",
        "two years",
        "two years",
    ]
    assert list(Entry.objects.filter(erased__gt=0).values_list("erased", flat=True)) == [1, 2]


# --- The log line ------------------------------------------------------------------------------


def test_each_entry_writes_one_line_that_names_nobody(
    asha, rf, caplog, django_capture_on_commit_callbacks
):
    with caplog.at_level("INFO"), django_capture_on_commit_callbacks(execute=True):
        entry = trail.record(
            "accounts.role_given", target=asha, actor=asha, reason="asha", request=asked(rf)
        )
    [line] = [json.loads(JSONFormatter().format(record)) for record in caplog.records]
    assert (line["logger"], line["level"]) == ("pocket.audit", "info")
    assert (line["action"], line["entry"]) == ("accounts.role_given", str(entry.pk))
    assert (line["id"], line["number"], line["hash"]) == ("abcdef123456", 1, entry.hash)
    assert "asha" not in json.dumps(line)
    assert str(asha.pk) not in json.dumps(line)
    assert "203.0.113" not in json.dumps(line)


@pytest.mark.django_db(transaction=True)
def test_what_was_undone_writes_no_line(caplog):
    with caplog.at_level("INFO", "pocket.audit"):
        with pytest.raises(ZeroDivisionError):
            failing_deed()
        assert not caplog.records
        leave(1)
        assert len(caplog.records) == 1
