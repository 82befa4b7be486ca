"""One person's page, and what staff do about an account."""

from types import SimpleNamespace

import pytest
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Permission
from django.test import Client

from accounts.models import User
from audit.models import Entry
from blog.bans import Ban
from blog.tests.comment_factories import shown
from blog.tests.factories import draft, story
from contact.models import Message

pytestmark = pytest.mark.django_db
PASSWORD = "monsoon over Kaveri 1924"


@pytest.fixture
def meera(somebody):
    return somebody("meera")


@pytest.fixture
def asha(somebody):
    """An admin by the role alone."""
    person = somebody("asha", "Admin")
    person.set_password(PASSWORD)
    person.save()
    return person


@pytest.fixture
def proved(client):
    """Sign a person in who has just shown once more who they are."""

    def _proved(person):
        client.force_login(person)
        session = client.session
        asked = SimpleNamespace(session=session)
        record_authentication(asked, person, "password", reauthenticated=True)
        session.save()
        return client

    return _proved


def page_of(person, deed: str = "") -> str:
    return f"/dashboard/people/{person.pk}/{deed}"


def again(person) -> User:
    return User.objects.get(pk=person.pk)


def session_of(person) -> Client:
    """A browser in which they are logged in, as our table of sessions knows it."""
    client = Client()
    client.force_login(person)
    UserSession.objects.create(
        user=person,
        session_key=client.session.session_key,
        ip="203.0.113.77",
        user_agent="Firefox/140.0 Linux",
    )
    return client


def is_in(client: Client) -> bool:
    return client.get("/accounts/").status_code == 200


def words_of(answer) -> str:
    return answer.content.decode()


def newest(action: str) -> Entry:
    return Entry.objects.of_action(action).in_words().order_by("-number").first()


GIVE, TAKE = {"deed": "give", "role": "Editor"}, {"deed": "take", "role": "Editor"}
DEEDS = {
    "role/": GIVE,
    "switch-off/": {"reason": "Spam."},
    "switch-on/": {},
    "end-sessions/": {},
    "second-proof/": {"reason": "Lost phone."},
}
OTHER_DEEDS = {"ban/": {"length": "7", "reason": "Spam."}, "unban/": {}, "verify/": {}}


# --- The page -----------------------------------------------------------------------------------


def test_the_page_tells_what_they_are_and_what_they_wrote(desk, somebody, admin):
    meera = somebody("meera", "Editor")
    post = story("tea", by=meera, title="Tea in Assam")
    shown(post, "I drank it there.", by=meera)
    letter = Message.objects.create(member=meera, subject="A slip", text="In Goa.")
    words = words_of(desk.get(page_of(meera)))
    for told in ("meera@pocket.example", "Editor", "Tea in Assam", "I drank it there.", "A slip"):
        assert told in words
    assert f'href="{post.get_absolute_url()}"' in words
    assert f'href="/contact/inbox/{letter.pk}/"' in words
    assert "accounts.role_given" in words
    assert "blog.comment_posted" in words


def test_the_page_tells_where_they_are_logged_in_and_no_whole_address(desk, meera):
    session_of(meera)
    words = words_of(desk.get(page_of(meera)))
    assert "Firefox on Linux" in words
    assert "203.0.113.77" not in words


def test_the_page_shows_no_password_nor_a_field_for_one(desk, asha):
    words = words_of(desk.get(page_of(asha)))
    assert asha.password not in words
    assert 'type="password"' not in words
    assert "argon2" not in words


def test_who_may_only_look_sees_no_deeds_no_drafts_no_letters_and_no_log(client, meera, somebody):
    looker = somebody("looker")
    looker.user_permissions.add(Permission.objects.get(codename="view_user"))
    draft("later", by=meera, title="Not out yet")
    Message.objects.create(member=meera, subject="A secret slip", text="In Goa.")
    client.force_login(looker)
    words = words_of(client.get(page_of(meera)))
    for hidden in ("Not out yet", "A secret slip", "Take away", "Switch off", "What they did"):
        assert hidden not in words
    for deed, sent in {**DEEDS, **OTHER_DEEDS}.items():
        assert client.post(page_of(meera, deed), sent).status_code == 404


def test_the_page_costs_the_same_whatever_they_did(desk, meera, django_assert_num_queries):
    post = story(by=meera)
    shown(post, "Once.", by=meera)
    desk.get(page_of(meera))
    with django_assert_num_queries(16):
        desk.get(page_of(meera))
    for number in range(3):
        draft(f"later-{number}", by=meera)
        shown(post, f"Word {number}.", by=meera)
    with django_assert_num_queries(16):
        desk.get(page_of(meera))


def test_of_nobody_there_is_no_page(desk):
    answer = desk.get("/dashboard/people/00000000-0000-7000-8000-000000000000/")
    assert answer.status_code == 404
    assert "no account of this key" in words_of(answer)


@pytest.mark.parametrize("role", ["", "Editor", "Moderator", "Producer"])
def test_for_others_there_is_neither_page_nor_deed(client, meera, somebody, role):
    client.force_login(somebody("bala", role))
    assert client.get(page_of(meera)).status_code == 404
    for deed, sent in {**DEEDS, **OTHER_DEEDS}.items():
        assert client.post(page_of(meera, deed), sent).status_code == 404


# --- Is it still you? ---------------------------------------------------------------------------


def test_deeds_on_an_account_wait_till_one_has_shown_who_one_is(client, asha, meera):
    client.force_login(asha)
    for deed, sent in DEEDS.items():
        asked = client.post(page_of(meera, deed), sent)
        assert asked["Location"].startswith("/accounts/reauthenticate/")
    assert (again(meera).roles(), again(meera).is_active) == ([], True)


def test_what_was_sent_acts_once_they_have_shown_it(client, asha, meera):
    client.force_login(asha)
    asked = client.post(page_of(meera, "role/"), GIVE)
    assert client.post(asked["Location"], {"password": "not it"}).status_code == 422
    done = client.post(asked["Location"], {"password": PASSWORD})
    assert done["Location"] == page_of(meera)
    assert meera.roles() == ["Editor"]


def test_what_cannot_be_done_is_told_also_after_that(client, asha, meera, admin):
    User.objects.filter(pk=admin.pk).delete()
    client.force_login(asha)
    asked = client.post(page_of(asha, "role/"), {"deed": "take", "role": "Admin"})
    told = client.post(asked["Location"], {"password": PASSWORD})
    assert told.status_code == 422
    assert "Somebody must run the site" in words_of(told)
    assert asha.roles() == ["Admin"]


# --- Superusers, and the last one ---------------------------------------------------------------


def test_an_admin_by_role_looks_at_a_superuser_and_changes_nothing(proved, asha, admin):
    client = proved(asha)
    words = words_of(client.get(page_of(admin)))
    assert "only another superuser" in words
    assert "Switch off" not in words
    for deed, sent in {**DEEDS, **OTHER_DEEDS}.items():
        assert client.post(page_of(admin, deed), sent).status_code == 403
    assert (again(admin).is_active, again(admin).is_superuser) == (True, True)


def test_the_last_one_who_runs_the_site_keeps_the_role(proved, asha, admin):
    User.objects.filter(pk=admin.pk).delete()
    told = proved(asha).post(page_of(asha, "role/"), {"deed": "take", "role": "Admin"})
    assert told.status_code == 422
    assert "Somebody must run the site" in words_of(told)
    assert asha.roles() == ["Admin"]


def test_nobody_switches_themselves_off_nor_takes_off_their_own_proof(proved, asha):
    client = proved(asha)
    for deed in ("switch-off/", "second-proof/"):
        assert client.post(page_of(asha, deed), {"reason": ""}).status_code == 422
    assert again(asha).is_active


# --- Roles --------------------------------------------------------------------------------------


def test_a_role_is_given_and_taken(proved, asha, meera):
    client = proved(asha)
    assert client.post(page_of(meera, "role/"), GIVE)["Location"] == page_of(meera)
    assert again(meera).roles() == ["Editor"]
    assert client.post(page_of(meera, "role/"), TAKE).status_code == 302
    assert (again(meera).roles(), again(meera).is_staff) == ([], False)
    assert newest("accounts.role_taken").actor_words == "asha"


def test_who_comes_second_is_told(proved, asha, meera):
    client = proved(asha)
    client.post(page_of(meera, "role/"), GIVE)
    for sent in (GIVE, {"deed": "take", "role": "Moderator"}):
        assert client.post(page_of(meera, "role/"), sent).status_code == 409


@pytest.mark.parametrize("sent", [{}, {"role": "King", "deed": "give"}, {"role": "Editor"}])
def test_a_role_that_there_is_not_is_told(proved, asha, meera, sent):
    assert proved(asha).post(page_of(meera, "role/"), sent).status_code == 422


def test_who_may_change_people_but_is_no_admin_gives_themselves_no_role(proved, somebody):
    clerk = somebody("clerk")
    deeds = Permission.objects.filter(codename__in=["view_user", "change_user"])
    clerk.user_permissions.set(deeds.filter(content_type__app_label="accounts"))
    told = proved(clerk).post(page_of(clerk, "role/"), {"deed": "give", "role": "Admin"})
    assert (told.status_code, clerk.roles()) == (422, [])
    assert "Nobody gives themselves a role" in words_of(told)


# --- Off and on, sessions -----------------------------------------------------------------------


def test_who_is_switched_off_is_out_at_once_and_may_come_back(proved, asha, meera):
    theirs = session_of(meera)
    client = proved(asha)
    assert "Switch off meera" in words_of(client.get(page_of(meera, "switch-off/")))
    client.post(page_of(meera, "switch-off/"), {"reason": "Spam."})
    assert (is_in(theirs), again(meera).is_active) == (False, False)
    assert newest("accounts.shut_out").detail.reason == "Spam."
    assert client.post(page_of(meera, "switch-off/"), {"reason": ""}).status_code == 409
    client.post(page_of(meera, "switch-on/"))
    assert again(meera).is_active
    assert newest("accounts.let_in").target_words == "meera"
    assert client.post(page_of(meera, "switch-on/")).status_code == 409


def test_a_reason_that_is_too_long_is_kept_to_be_shortened(proved, asha, meera):
    told = proved(asha).post(page_of(meera, "switch-off/"), {"reason": "x" * 501})
    assert told.status_code == 422
    assert "x" * 501 in words_of(told)
    assert again(meera).is_active


def test_all_sessions_of_a_person_end_and_nobody_elses(proved, asha, meera, somebody):
    theirs, others = session_of(meera), session_of(somebody("bala"))
    client = proved(asha)
    client.post(page_of(meera, "end-sessions/"))
    assert (is_in(theirs), is_in(others), is_in(client)) == (False, True, True)
    assert newest("accounts.sessions_ended").actor_words == "asha"


def test_of_ones_own_sessions_this_one_stays(proved, asha):
    elsewhere = session_of(asha)
    client = proved(asha)
    client.post(page_of(asha, "end-sessions/"))
    assert (is_in(elsewhere), is_in(client)) == (False, True)


# --- Bans ---------------------------------------------------------------------------------------


def test_a_ban_has_a_reason_and_a_length_and_is_lifted(desk, meera):
    told = desk.post(page_of(meera, "ban/"), {"length": "30", "reason": ""})
    assert told.status_code == 422
    assert 'value="30" ' in words_of(told)
    assert desk.post(page_of(meera, "ban/"), {"length": "30", "reason": "Spam."}).status_code == 302
    assert Ban.objects.on(meera).reason == "Spam."
    assert "Lift the ban" in words_of(desk.get(page_of(meera)))
    second = desk.post(page_of(meera, "ban/"), {"length": "1", "reason": "Rude."})
    assert second.status_code == 409
    assert "Rude." in words_of(second)
    assert desk.post(page_of(meera, "unban/")).status_code == 302
    assert Ban.objects.on(meera) is None
    assert desk.post(page_of(meera, "unban/")).status_code == 409


def test_moderators_are_not_banned(desk, somebody):
    told = desk.post(
        page_of(somebody("bala", "Moderator"), "ban/"), {"length": "1", "reason": "Rude."}
    )
    assert told.status_code == 422
    assert "another moderator" in words_of(told)


def test_a_reason_typed_before_the_log_out_is_there_after_the_log_in(client, asha, meera):
    sent = client.post(page_of(meera, "ban/"), {"length": "30", "reason": "Spam again."})
    assert sent["Location"] == f"/accounts/login/?next={page_of(meera, 'ban/')}"
    client.force_login(asha)
    assert "Spam again." in words_of(client.get(page_of(meera, "ban/")))
    assert Ban.objects.on(meera) is None


def test_a_form_that_was_open_too_long_keeps_its_reason(asha, meera):
    client = Client(enforce_csrf_checks=True)
    client.force_login(asha)
    sent = client.post(page_of(meera, "ban/"), {"length": "30", "reason": "Spam again."})
    assert sent["Location"] == page_of(meera, "ban/")
    assert "Spam again." in words_of(client.get(page_of(meera, "ban/")))


def test_a_button_of_a_page_that_was_open_too_long_does_nothing(asha, meera):
    client = Client(enforce_csrf_checks=True)
    client.force_login(asha)
    assert client.post(page_of(meera, "role/"), GIVE).status_code == 403
    assert meera.roles() == []


def test_who_lost_the_role_meanwhile_finds_no_room_with_the_next_click(proved, asha, admin, meera):
    client = proved(asha)
    assert client.get(page_of(meera)).status_code == 200
    asha.take_role("Admin", by=None)
    assert client.get(page_of(meera)).status_code == 404
    assert client.post(page_of(meera, "role/"), GIVE).status_code == 404


# --- The address and the second proof -----------------------------------------------------------


def test_a_mail_leads_who_never_verified_to_a_new_code(desk, meera, settings, mailoutbox):
    settings.VERIFY_EMAIL = True
    assert "Send the way to a new code" in words_of(desk.get(page_of(meera)))
    assert desk.post(page_of(meera, "verify/")).status_code == 302
    assert mailoutbox[-1].to == [meera.email]
    assert "/accounts/login/" in mailoutbox[-1].body
    assert newest("accounts.verification_asked").target_words == "meera"


def test_who_has_verified_gets_no_such_mail(desk, meera, settings, mailoutbox):
    settings.VERIFY_EMAIL = True
    meera.emailaddress_set.create(email=meera.email, verified=True, primary=True)
    assert desk.post(page_of(meera, "verify/")).status_code == 409
    assert mailoutbox == []


def test_a_site_without_mail_says_so(desk, meera, settings, mailoutbox):
    settings.VERIFY_EMAIL = False
    assert desk.post(page_of(meera, "verify/")).status_code == 422
    assert mailoutbox == []


def test_a_lost_second_proof_is_taken_off_and_its_owner_told(proved, asha, meera, mailoutbox):
    for kind in ("totp", "recovery_codes"):
        Authenticator.objects.create(user=meera, type=kind, data={})
    theirs = session_of(meera)
    client = proved(asha)
    asked = words_of(client.get(page_of(meera, "second-proof/")))
    assert "cannot be undone" in asked
    client.post(page_of(meera, "second-proof/"), {"reason": "Lost phone."})
    assert not meera.authenticator_set.exists()
    assert not is_in(theirs)
    entry = newest("accounts.factor_removed")
    assert (entry.actor_words, entry.detail.reason) == ("asha", "Lost phone.")
    assert mailoutbox[-1].to == [meera.email]
    assert "took off the second proof" in mailoutbox[-1].body
    assert client.post(page_of(meera, "second-proof/"), {"reason": ""}).status_code == 409
