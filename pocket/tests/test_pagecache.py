"""The page cache, asked as gunicorn asks it; with the attacks that it has to withstand."""

import gzip
import sys
import threading

import brotli
import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction

from pocket.testing import HTMX, SECURE
from pocket.web import generation, pagecache
from pocket.web.http import accepts_coding
from pocket.web.pagecache import Rule, Shelf

pytestmark = pytest.mark.django_db
COUNTED = "/odd/counted/"


@pytest.fixture
def shelf(monkeypatch):
    """A shelf of 1,000 bytes; `generation.now` is what it takes for the present."""
    now = ["one"]
    monkeypatch.setattr(generation, "current", lambda topic="": now[0])
    shelf = Shelf(1_000)
    shelf.now = now
    return shelf


# --- What a hit is ------------------------------------------------------------------------------


def test_the_second_visitor_runs_no_query_and_no_middleware(
    door, monkeypatch, django_assert_num_queries
):
    first = door("/states/kerala/")
    monkeypatch.setattr(door.app.app, "app", None)  # calling Django would fail
    with django_assert_num_queries(0):
        second = door("/states/kerala/")
    assert (first.status, first.body) == (second.status, second.body)
    names = {name for name, _ in first.headers} - {"X-Request-ID"}
    assert {name: first[name] for name in names} == {name: second[name] for name in names}


def test_a_hit_is_seen_in_the_log(door, log):
    door("/about/")
    door("/about/")
    assert [line.get("cache") for line in log("pocket.request")] == [None, "hit"]


def test_nothing_personal_is_kept(door):
    for _ in range(2):
        answer = door("/")
        assert answer["Set-Cookie"] is None
        assert "csrf" not in answer.text.lower()
        assert "nonce" not in answer.text + str(answer.headers)


def test_caches_are_told_what_they_may_do(door):
    for _ in range(2):
        answer = door("/states/")
        assert answer["Cache-Control"] == (
            "public, max-age=0, s-maxage=60, stale-while-revalidate=600"
        )
        varies = {name.strip() for name in answer["Vary"].split(",")}
        assert {"Cookie", "Accept-Encoding", "Accept-Language", "HX-Request-Type"} <= varies


def test_a_qr_code_may_be_kept_for_a_year(door):
    for _ in range(2):
        assert "max-age=31536000" in door("/states/kerala/qr.svg")["Cache-Control"]


# --- Keys ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        "utm_source=mail",
        'x="><script>alert(1)</script>',
        "x=1&x=2&fbclid=3",
        "x%5Ba%5D%5Bb%5D=1",
        "colour[]=red",
        "q=",
    ],
)
def test_parameters_that_no_page_reads_make_no_entry(door, odd, query):
    plain = door(COUNTED)
    noisy = door(f"{COUNTED}?{query}")
    assert noisy.body == plain.body
    assert len(odd) == 1
    assert len(door.app.app.shelf) == 1


def test_what_no_page_reads_is_not_shown_to_the_one_who_asked_first(door, odd):
    answer = door(f"{COUNTED}?secret=marigold&colour=red&q=")
    assert "marigold" not in answer.text
    assert "red" in answer.text


def test_each_value_that_a_page_reads_is_a_page_of_its_own(door, odd):
    for query in ["colour=red", "colour=blue", "colour=", "colour=red&colour=blue"]:
        door(f"{COUNTED}?{query}")
        door(f"{COUNTED}?{query}&utm_source=x")
    assert len(odd) == 4


def test_the_order_of_different_parameters_makes_no_second_entry(door):
    first = door("/states/?region=South&kind=state")
    door("/states/?kind=state&utm=1&region=South")
    assert len(door.app.app.shelf) == 1
    assert door("/states/?kind=state&region=South").body == first.body


def test_interleaved_values_are_found_again(door, monkeypatch):
    path = "/states/compare/?s=kerala&utm=goa&s=bihar"
    first = door(path)
    monkeypatch.setattr(door.app.app, "app", None)
    assert door(path).body == first.body


def test_the_order_of_one_parameters_values_counts():
    rule = Rule(("s",))
    assert rule.key([("s", "goa"), ("s", "bihar")]) != rule.key([("s", "bihar"), ("s", "goa")])


def test_free_words_are_answered_and_not_kept(door, odd):
    for _ in range(2):
        assert "silk" in door(f"{COUNTED}?q=silk").text
    assert len(odd) == 2
    assert len(door.app.app.shelf) == 0


def test_a_very_long_question_is_answered_and_not_kept(door, odd):
    assert door(f"{COUNTED}?colour={'a' * 3000}").status == 200
    assert len(door.app.app.shelf) == len(pagecache.parts) == 0


def test_each_language_has_its_page(door, settings, odd):
    settings.LANGUAGES = [("en", "English"), ("hi", "Hindi")]
    pagecache._language.cache_clear()
    for language in ["en", "hi", "hi-IN,en;q=0.5", "en-GB", "xx", "*", ""]:
        answer = door(COUNTED, headers={"Accept-Language": language})
        assert answer["Content-Language"] == ("hi" if "hi" in language else "en")
    assert len(odd) == 2


@pytest.mark.parametrize("first", [{}, HTMX])
def test_a_part_is_never_served_as_a_page_nor_a_page_as_a_part(door, first):
    second = {} if first else HTMX
    for headers in (first, second, first, second):
        html = door("/states/", headers=headers).text
        assert html.startswith("<!doctype html>") == (headers == {})


# --- Change -------------------------------------------------------------------------------------


def test_pages_are_dropped_when_a_change_is_committed(
    door, odd, django_capture_on_commit_callbacks
):
    door(COUNTED)
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        generation.bump()
        door(COUNTED)
        assert len(odd) == 1  # half a change drops nothing
    door(COUNTED)
    assert len(odd) == 2


def test_a_change_that_is_rolled_back_drops_nothing(door, odd, django_capture_on_commit_callbacks):
    door(COUNTED)
    with django_capture_on_commit_callbacks(execute=True) as callbacks, transaction.atomic():
        generation.bump()
        transaction.set_rollback(True)
    door(COUNTED)
    assert callbacks == []
    assert len(odd) == 1


def test_a_page_of_one_thing_stays_while_another_changes(
    door, odd, django_capture_on_commit_callbacks
):
    def change(*topics: str) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            generation.bump(*topics)

    for thing, made in (("mango", 1), ("jackfruit", 2), ("mango", 2)):
        door(f"/odd/about/{thing}/")
        assert len(odd) == made
    change("jackfruit")
    door("/odd/about/mango/")
    assert len(odd) == 2
    change("fruits", "mango")
    door("/odd/about/mango/")
    door("/odd/about/mango/")
    assert len(odd) == 3
    change()
    door("/odd/about/mango/")
    assert len(odd) == 4


def test_a_page_whose_thing_changes_while_it_is_made_is_not_kept(door, odd):
    for _ in range(2):
        door("/odd/about/changing/")
    assert len(odd) == 2


def test_a_page_that_knows_its_end_is_kept_until_then(door, odd, monkeypatch):
    for _ in range(2):
        door("/odd/until/")
    assert len(odd) == 1
    later = pagecache.time.time() + 61
    monkeypatch.setattr(pagecache.time, "time", lambda: later)
    door("/odd/until/")
    assert len(odd) == 2


def test_a_page_that_was_overtaken_by_a_change_is_not_kept(door, odd):
    for _ in range(2):
        assert door("/odd/meanwhile/").text == "made of the old"
    assert len(odd) == 2


def test_no_two_generations_look_the_same(door):
    seen = set()
    for _ in range(300):
        generation._bump_now()
        seen.add(generation.current())
    assert len(seen) == 300


def test_a_page_is_kept_for_some_minutes_at_most(shelf, monkeypatch):
    shelf.put("page", "old", 10, token="one")
    monkeypatch.setattr(pagecache.time, "time", lambda: 4e9)
    assert shelf.get("page") is None
    assert (len(shelf), shelf.size) == (0, 0)


# --- Room ---------------------------------------------------------------------------------------


def test_the_least_recently_used_goes_first(shelf):
    for name in "abcdefghij":
        shelf.put(name, name, 100, token="one")
    shelf.get("a")
    shelf.put("k", "k", 100, token="one")
    assert shelf.get("a") == "a"
    assert shelf.get("b") is None
    assert (len(shelf), shelf.size) == (10, 1_000)


def test_a_shelf_never_holds_more_than_it_may(shelf):
    for number in range(200):
        shelf.put(number, number, number % 130, token="one")
        shelf.grow(number, 40)
        assert shelf.size <= shelf.max_bytes
    assert shelf.get("too large") is None


def test_something_too_large_is_not_kept(shelf):
    shelf.put("page", "page", 126, token="one")
    assert len(shelf) == 0


def test_putting_again_replaces(shelf):
    shelf.put("page", "first", 100, token="one")
    shelf.put("page", "second", 50, token="one")
    assert (shelf.get("page"), shelf.size) == ("second", 50)


def test_a_new_generation_empties_the_shelf(shelf):
    shelf.put("page", "page", 100, token="one")
    shelf.now[0] = "two"
    shelf.put("late", "late", 100, token="one")
    assert len(shelf) == 1  # the old page, not yet asked for
    assert shelf.get("page") is None
    assert shelf.get("late") is None
    assert shelf.size == 0


def test_a_thousand_addresses_do_not_fill_the_memory(door, odd):
    door.app.app.shelf.max_bytes = 50_000
    for number in range(60):
        door(f"{COUNTED}?colour={number}", headers={"Accept-Encoding": "br"})
    shelf = door.app.app.shelf
    assert 0 < len(shelf) < 50
    assert shelf.size <= 50_000


@pytest.fixture
def hasty_threads():
    """Threads that take turns at almost every step, so that a missing lock shows."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


def test_eight_threads_leave_the_shelf_in_order(shelf, hasty_threads):
    errors = []

    def work(seed: int) -> None:
        try:
            for number in range(400):
                key = (seed * number) % 37
                shelf.put(key, key, 20 + key, token="one")
                shelf.grow(key, 3)
                if shelf.get(key) not in (key, None):
                    errors.append(key)
                if number % 100 == 99:
                    shelf.clear()
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(1, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert shelf.size == sum(entry[1] for entry in shelf._entries.values()) <= 1_000


# --- Form of the answer -------------------------------------------------------------------------


@pytest.mark.parametrize("tags", ["{}", '"other", {}', "*", " * ", '{},W/"x"', "{strong}"])
def test_what_the_reader_has_is_not_sent_again(door, tags):
    etag = door("/about/")["ETag"]
    tags = tags.format(etag, strong=etag.removeprefix("W/"))
    for headers in ({"If-None-Match": tags}, {"If-None-Match": tags, "Accept-Encoding": "br"}):
        answer = door("/about/", headers=headers)
        assert (answer.status, answer.body) == (304, b"")
        assert answer["ETag"] == etag
        assert answer["Vary"]
        assert answer["Content-Length"] is None


@pytest.mark.parametrize("tags", ['"other"', "garbage", 'W/""', ",,,", '"*"'])
def test_anything_else_is_sent_again(door, tags):
    for _ in range(2):
        assert door("/about/", headers={"If-None-Match": tags}).status == 200


def test_a_visitor_with_an_old_copy_does_not_keep_the_page_from_others(door):
    etag = door("/about/")["ETag"]
    generation._bump_now()
    pagecache.parts.clear()
    assert door("/about/", headers={"If-None-Match": etag}).status == 304
    assert door("/about/").status == 200


def test_head_is_the_same_without_a_body(door):
    miss, page, hit = door("/about/", "HEAD"), door("/about/"), door("/about/", "HEAD")
    for answer in (miss, hit):
        assert (answer.status, answer.body) == (200, b"")
        assert answer["Content-Length"] == page["Content-Length"] == str(len(page.body))
        assert answer["ETag"] == page["ETag"]


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("", None),
        ("identity", None),
        ("br", "br"),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, br;q=0", "gzip"),
        ("br;q=0, gzip;q=0.000", None),
        ("br; q=0.0", None),
        ("BR;q=0.5", "br"),
        ("gzip;q=0.1", "gzip"),
        ("brotli, gzipped", None),
        ("x-br", None),
    ],
)
def test_the_coding_is_one_that_the_reader_takes(door, accepted, coding):
    plain = door("/about/").body
    unpack = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[coding]
    for _ in range(2):
        answer = door("/about/", headers={"Accept-Encoding": accepted})
        assert answer["Content-Encoding"] == coding
        assert unpack(answer.body) == plain
        assert answer["Content-Length"] == str(len(answer.body))


@pytest.mark.parametrize("accepted", ["gzip;q=0", "identity", "br"])
def test_an_uncached_page_is_not_packed_against_the_readers_will(door, accepted):
    answer = door("/nowhere/", headers={"Accept-Encoding": accepted})
    assert answer["Content-Encoding"] is None
    assert "Accept-Encoding" in answer["Vary"]


def test_a_coding_is_accepted_by_its_own_name_only():
    assert accepts_coding("gzip , br", "br")
    assert not accepts_coding("*", "br")  # whoever wants it can say so


# --- Attacks ------------------------------------------------------------------------------------


def test_one_persons_page_never_reaches_another(door, meera, signed_in):
    person = door("/about/", headers=signed_in(meera))
    stranger = door("/about/")
    assert "meera" in person.text
    assert person["Cache-Control"] == "private, no-store"
    assert "meera" not in stranger.text
    assert "meera" not in door("/about/").text
    assert "meera" in door("/about/", headers=signed_in(meera)).text


def test_readers_get_the_same_page_with_their_own_holes(door, meera, signed_in, odd):
    visitor = door("/odd/hole/").text
    reader = door("/odd/hole/", headers=signed_in(meera))
    hole = (
        '<a class="bar__reader bar__wide" href="/passport/">Passport</a>'
        ' <a class="bar__reader" href="/accounts/">meera</a>'
    )
    assert hole in reader.text
    link = '<a class="button plain" href="/accounts/login/?next=/odd/hole/">Log in</a>'
    assert reader.text.replace(hole, "") == visitor.replace(link, "")
    assert "<!--hole" not in visitor + reader.text
    assert reader["Cache-Control"] == "private, no-store"


def test_a_message_for_one_reader_is_not_told_to_all(door, meera, client, signed_in, odd):
    cookie = signed_in(meera)
    session = client.session
    session["_messages"] = '[["__json_message",0,25,"Your order is ready"]]'
    session.save()
    assert "order" not in door("/odd/messages/", headers=cookie).text
    assert "Your order is ready" in door("/odd/hole/", headers=cookie).text
    assert "order" not in door("/odd/hole/").text


@pytest.mark.parametrize(
    "headers",
    [
        {"Cookie": "sessionid=x"},
        {"Cookie": "flavour=saffron"},
        {"Cookie": ""},
        {"Authorization": "Bearer marigold"},
    ],
)
def test_a_cookie_or_a_login_passes_the_cache_by(door, odd, log, headers):
    for _ in range(2):
        door(COUNTED, headers=headers)
    assert len(door.app.app.shelf) == 0
    assert all("cache" not in line for line in log("pocket.request"))


POISONS = {
    "an unknown host": {"Host": "evil.example"},
    "a host with a path": {"Host": "127.0.0.1/evil"},
    "a host with a login": {"Host": "evil@127.0.0.1"},
    "a forwarded host": {"X-Forwarded-Host": "evil.example"},
    "a forwarded scheme": {"X-Forwarded-Proto": "evil", "X-Forwarded-Port": "666"},
    "another address": {"X-Original-URL": "/evil/", "X-Rewrite-URL": "/evil/"},
    "another method": {"X-HTTP-Method-Override": "EVIL", "X-HTTP-Method": "EVIL"},
    "an odd language": {"Accept-Language": "evil;q=x,,,;;=\x7f" + "evil-" * 200},
    "a huge header": {"X-Huge": "evil" * 25_000},
    "a browser's name": {"User-Agent": "<script>evil</script>", "Referer": "https://evil.example"},
    "a login": {"Authorization": "Basic evil"},
    "a cookie": {"Cookie": "sessionid=evil; csrftoken=evil; language=evil"},
    "a page of htmx": {"HX-Request": "true", "HX-Current-URL": "https://evil.example/evil"},
    "a target of htmx": {"HX-Target": "evil", "HX-Source": "evil", "HX-Prompt": "evil"},
    "a part in disguise": {
        "HX-Request-Type": "p%61rtial",
        "HX-Request-Type-URI-AutoEncoded": "true",
    },
    "an address behind": {"X-Forwarded-For": "evil", "Forwarded": "for=evil", "Via": "evil"},
    "a range": {"Range": "bytes=0-3", "If-Range": "evil"},
    "a type": {"Accept": "text/evil"},
}


@pytest.mark.parametrize("path", [COUNTED, "/states/", "/odd/everything/"])
@pytest.mark.parametrize("poison", POISONS)
def test_no_header_reaches_the_next_visitor(door, odd, poison, path):
    clean = door(path)
    generation._bump_now()
    poisoned = door(path, headers=POISONS[poison])
    after = door(path)
    if path == "/odd/everything/":  # names of objects differ from one to the other
        assert "evil" not in after.text + (poisoned.text if poisoned.status == 200 else "")
    else:
        assert after.body == clean.body
    assert after.status == 200
    assert after["Vary"] == clean["Vary"]


@pytest.mark.parametrize(
    "environ",
    [
        {"CONTENT_TYPE": "text/plain; charset=utf-16"},
        {"CONTENT_LENGTH": "5", "body": b"colou"},
        {"HTTP_TRANSFER_ENCODING": "chunked"},
        {"QUERY_STRING": "colour=%00"},
        {"HTTP_HOST": "evil.example"},
    ],
)
def test_what_looks_odd_is_djangos_to_judge(door, odd, log, environ):
    door(COUNTED)
    door(COUNTED, **environ)
    assert "cache" not in log("pocket.request")[-1]
    assert len(door.app.app.shelf) == 1


@pytest.mark.parametrize(
    "path",
    [
        "/odd/public/500/",
        "/odd/public/404/",
        "/odd/public/break/",
        "/odd/public/redirect/",
        "/odd/public/stream/",
        "/odd/public/cookie/",
    ],
)
def test_only_a_plain_page_is_kept(door, odd, path):
    first, second = door(path), door(path)
    assert len(odd) == 2
    assert len(door.app.app.shelf) == len(pagecache.parts) == 0
    for answer in (first, second):
        assert answer["Cache-Control"] == "no-store"
        assert answer["X-Request-ID"]


@pytest.mark.parametrize(
    "path", ["/odd/error/404/", "/odd/breaks/", "/accounts/login/", "/favicon.ico"]
)
def test_a_page_that_does_not_say_so_is_not_public(door, odd, path):
    door(path)
    assert len(door.app.app.shelf) == 0


@pytest.mark.parametrize(
    "path",
    [
        "/odd/session/",
        "/odd/session-item/",
        "/odd/user/",
        "/odd/session-in-template/",
        "/odd/user-in-template/",
        "/odd/token/",
    ],
)
def test_a_public_page_that_asks_who_is_there_fails_loudly(door, odd, log, path, meera, signed_in):
    for headers in ({}, signed_in(meera), {}):
        answer = door(path, headers=headers)
        assert answer.status == 500
        assert answer["Set-Cookie"] is None
    assert "A public page must not" in log("django.request")[0]["error"]


def test_a_hole_for_visitors_must_not_hold_a_token_either(door, odd, monkeypatch):
    from django.middleware.csrf import get_token

    monkeypatch.setattr(pagecache, "fill", lambda hole, request: get_token(request))
    for _ in range(3):
        assert door("/odd/hole/").status == 500


def test_the_stranger_has_nothing_of_the_one_who_asks(rf, meera):
    request = rf.get("/about/?a=1", headers={"Cookie": "a=marigold", "Authorization": "marigold"})
    request.user = request._cached_user = meera
    request.session, request._messages = {"marigold": 1}, ["marigold"]
    assert "marigold" in str(request.headers)
    stranger = pagecache._stranger(request)
    seen = str(vars(stranger)) + str(stranger.headers) + str(stranger.COOKIES)
    assert "marigold" not in seen
    assert "meera" not in seen
    assert isinstance(stranger.user, AnonymousUser)
    assert stranger.path == "/about/"


def test_a_path_in_an_indian_script_stays_whole(rf):
    stranger = pagecache._stranger(rf.get("/ಕರ್ನಾಟಕ/"))
    assert stranger.path == stranger.path_info == "/ಕರ್ನಾಟಕ/"


# --- Behind https -------------------------------------------------------------------------------


def test_http_is_redirected_and_not_served_from_the_cache(https_door):
    assert https_door("/about/", headers=SECURE).status == 200
    for proto in ["http", "", "http, https", "HTTPS", "evil"]:
        answer = https_door("/about/", headers={**SECURE, "X-Forwarded-Proto": proto})
        assert answer.status == 301
        assert answer["Location"] == "https://pocket.example/about/"
    assert https_door("/about/", headers={"Host": "pocket.example"}).status == 301
    assert https_door("/about/", headers=SECURE).status == 200


def test_without_a_proxy_of_ours_nobody_is_believed_about_https(make_door):
    door = make_door(SITE_URL="https://pocket.example")
    answer = door("/about/", headers=SECURE)
    assert answer.status == 301
    assert door("/about/", headers=SECURE, **{"wsgi.url_scheme": "https"}).status == 200
    assert door("/about/", headers=SECURE).status == 301


def test_with_the_cache_off_all_is_the_same(make_door, odd):
    door = make_door(PAGE_CACHE="False")
    door.app.app = getattr(door.app.app, "app", door.app.app)  # no cache in front
    assert door(COUNTED).status == 200
    assert door(COUNTED)["Cache-Control"].startswith("public")


def test_an_address_with_a_slip_is_answered_and_not_kept(door, states_loaded):
    kept = door.app.app.shelf
    for path in ("/states/?sort=junk", "/?view=junk", "/states/compare/?s=goa&s=junk"):
        assert door(path).status == 200
        assert len(kept) == len(pagecache.parts) == 0
    assert door("/states/?sort=hdi").status == 200
    assert len(kept) == len(pagecache.parts) == 1


class Away:
    """A cache whose server does not answer."""

    def get(self, *args):
        raise ConnectionError("no server")


def test_pages_stay_when_the_server_of_the_generation_is_away(
    make_door, states_loaded, monkeypatch
):
    door = make_door()
    first = door("/about/")
    monkeypatch.setattr(generation, "_on_this_host", lambda: False)
    monkeypatch.setattr(generation, "AGE", 0)
    generation._seen[generation.KEY] = (0.0, generation.current())

    monkeypatch.setattr(generation, "cache", Away())
    for _ in range(2):
        answer = door("/about/")
        assert answer.status == 200
        assert answer.body == first.body


def test_a_slip_is_not_kept_by_a_process_that_never_reached_the_server(
    make_door, states_loaded, monkeypatch
):
    door = make_door()
    monkeypatch.setattr(generation, "_on_this_host", lambda: False)
    monkeypatch.setattr(generation, "AGE", 0)
    monkeypatch.setattr(generation, "cache", Away())
    assert door("/states/?sort=junk").status == 200
    assert len(door.app.app.shelf) == len(pagecache.parts) == 0
    assert door("/states/?sort=hdi").status == 200
    assert len(door.app.app.shelf) == len(pagecache.parts) == 1
