import pytest

from passport.models import Passport, Stamp
from passport.tests.factories import StampFactory, fill
from pocket.testing import HTMX
from states.models import State
from states.tests.visiting import Page, visit, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept")]

DEEDS = ["visited", "wished", "clear"]


def kinds(person) -> dict[str, str]:
    return dict(Stamp.objects.of(person).values_list("state__slug", "kind"))


def slots(page) -> dict[str, str]:
    """The stamps that are shown, by slug: inked, outlined or empty."""
    return {
        li.get("id").removeprefix("stamp-"): li.get("class").rpartition("--")[2]
        for li in page.all(".//li[@id]")
        if "slot" in li.get("class", "").split()
    }


def button(page, deed: str, slug: str):
    return page.one(f".//button[@id='{deed}-{slug}']")


# --- Who may come in ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["/passport/", "/passport/?region=South", "/passport/kerala/", "/passport/qr.svg"]
)
def test_a_stranger_is_sent_to_log_in_and_back(client, path):
    answer = client.get(path)
    assert answer.status_code == 302
    assert (
        answer["Location"]
        == f"/accounts/login/?next={path.replace('?', '%3F').replace('=', '%3D')}"
    )


@pytest.mark.parametrize("deed", DEEDS)
def test_a_strangers_button_leads_to_log_in_and_then_to_the_state(client, deed):
    path = f"/passport/kerala/{deed}/"
    assert client.post(path)["Location"] == "/accounts/login/?next=/passport/kerala/"
    answer = client.post(path, headers=HTMX)
    assert answer["HX-Redirect"] == "/accounts/login/?next=/passport/kerala/"
    assert Stamp.objects.count() == 0


@pytest.mark.parametrize("path", ["/passport/share/", "/passport/unshare/"])
def test_a_stranger_shares_nothing(client, path):
    assert client.post(path)["Location"] == "/accounts/login/?next=/passport/"
    assert Passport.objects.count() == 0


def test_nobody_else_keeps_what_is_private(hers):
    for path in ("/passport/", "/passport/kerala/"):
        answer = hers.get(path)
        assert answer["Cache-Control"] == "no-store"
        assert 'name="robots" content="noindex"' in answer.content.decode()


def test_what_others_marked_is_nowhere(hers, asha, ravi):
    StampFactory(person=ravi, note="A secret of his", year=1987)
    for path in ("/passport/", "/passport/kerala/"):
        page = visit(hers, path)
        assert "secret" not in page.html
        assert "1987" not in page.html
    assert "0 of 36 visited, 0 wished for" in visit(hers, "/passport/").words
    hers.post("/passport/kerala/clear/")
    assert kinds(ravi) == {"kerala": "visited"}


# --- The page -----------------------------------------------------------------------------------


def test_36_stamps_are_inked_outlined_or_empty(hers, asha):
    fill(asha, visited=["kerala", "goa"], wished=["bihar"])
    page = visit(hers, "/passport/")
    shown = slots(page)
    assert len(shown) == 36
    assert {slug for slug, kind in shown.items() if kind == "visited"} == {"kerala", "goa"}
    assert {slug for slug, kind in shown.items() if kind == "wished"} == {"bihar"}
    assert list(shown.values()).count("none") == 33
    said = [words(span) for span in page.all(".//li[@id='stamp-bihar']/a/span/span")]
    assert said == ["बिहार", "Bihar", "wished for"]


def test_the_count_is_said_in_words(hers, asha):
    fill(asha, visited=["kerala", "goa"], wished=["bihar"])
    assert words(visit(hers, "/passport/").one(".//p[@id='tally']")) == (
        "2 of 36 visited, 1 wished for"
    )


def test_each_region_is_counted(hers, asha):
    south = State.objects.in_region("South").count()
    fill(asha, visited=["kerala", "karnataka", "goa"], wished=["tamil-nadu"])
    rows = {row[0]: row[1:] for row in visit(hers, "/passport/").table("By region")}
    assert rows["South"] == ["2", "1", str(south)]
    assert rows["West"][:2] == ["1", "0"]
    assert sum(int(row[2]) for row in rows.values()) == 36


def test_the_map_says_each_state_in_words_as_well(hers, asha):
    StampFactory(person=asha, year=2019)
    fill(asha, wished=["bihar"])
    page = visit(hers, "/passport/")
    spots = {a.get("aria-label"): a for a in page.all(".//svg[@role='group']/a")}
    assert len(spots) == 36
    assert spots["Keralam: visited in 2019"].get("class") == "is-visited"
    assert spots["Bihar: wished for"].get("class") == "is-wished"
    assert spots["Goa: not yet"].get("class") == "is-none"
    # Not by colour alone: a sign on each that is marked.
    assert [g.get("class") for g in page.all(".//svg[@role='group']/g")] == [
        "sign sign--wished",
        "sign sign--visited",
    ]


def test_beside_the_map_stands_the_same_as_lists(hers, asha):
    StampFactory(person=asha, year=2019)
    fill(asha, wished=["bihar"])
    lists = visit(hers, "/passport/").all(".//dl[@class='passport-lists']/div")
    assert [words(part) for part in lists[:2]] == [
        "Visited (1) Keralam 2019",
        "Wished for (1) Bihar",
    ]
    assert words(lists[2]).startswith("Not yet (34) Andaman and Nicobar Islands, Andhra")


def test_a_passport_without_stamps_says_none(hers):
    page = visit(hers, "/passport/")
    assert words(page.all(".//dl/div")[0]) == "Visited (0) none"


def test_notes_are_shown_as_they_were_written(hers, asha):
    StampFactory(person=asha, note="<b>Dawn</b>\nand dusk")
    page = visit(hers, "/passport/")
    assert "<b>Dawn" not in page.html
    assert "<b>Dawn</b> and dusk" in page.words


def test_the_list_is_filtered_by_links(hers, asha):
    fill(asha, visited=["kerala", "goa"], wished=["bihar"])
    page = visit(hers, "/passport/?region=South")
    assert set(slots(page)) == set(State.objects.in_region("South").values_list("slug", flat=True))
    assert "/passport/?region=South&kind=visited" in page.links()
    assert set(slots(visit(hers, "/passport/?region=South&kind=visited"))) == {"kerala"}
    assert set(slots(visit(hers, "/passport/?kind=wished"))) == {"bihar"}
    assert len(slots(visit(hers, "/passport/?kind=none"))) == 33


def test_a_filter_that_does_not_exist_is_ignored_with_a_word(hers):
    page = visit(hers, "/passport/?region=Atlantis&kind=dreamt")
    assert len(slots(page)) == 36
    assert len(page.notices) == 2
    assert "Atlantis" not in page.html


def test_htmx_gets_the_part(hers):
    whole, part = hers.get("/passport/"), hers.get("/passport/", headers=HTMX)
    assert part.content.decode().lstrip().startswith('<article class="passport" id="passport">')
    assert "<defs>" not in part.content.decode()
    assert len(part.content) < len(whole.content)


@pytest.mark.parametrize("marked", [0, 12, 36])
def test_the_page_costs_the_same_however_full_it_is(hers, asha, marked, django_assert_num_queries):
    slugs = list(State.objects.values_list("slug", flat=True))[:marked]
    fill(asha, visited=slugs)
    Stamp.objects.of(asha).update(note="Noted", year=2020)
    hers.get("/passport/")  # reads the atlas
    with django_assert_num_queries(5):  # session, person, stamps, passport, notices
        hers.get("/passport/")


# --- Marking ------------------------------------------------------------------------------------


def test_without_scripts_a_button_leads_back_with_a_message(hers, asha):
    answer = hers.post("/passport/kerala/visited/", follow=True)
    assert answer.redirect_chain == [("/passport/#stamp-kerala", 302)]
    assert "Keralam is marked as visited." in words(Page(answer).one(".//div[@id='toasts']"))
    assert kinds(asha) == {"kerala": "visited"}


def test_one_leads_back_to_the_filtered_list(hers):
    answer = hers.post("/passport/kerala/visited/?region=South&evil=1")
    assert answer["Location"] == "/passport/?region=South#stamp-kerala"


def test_one_leads_back_to_the_state_where_one_came_from(hers):
    answer = hers.post("/passport/kerala/wished/", {"on": "state"})
    assert answer["Location"] == "/states/kerala/"


@pytest.mark.parametrize("evil", ["https://evil.example/", "//evil.example", "passport"])
def test_nobody_is_led_anywhere_else(hers, evil):
    sent = {"on": evil, "next": evil}
    assert hers.post(f"/passport/kerala/visited/?next={evil}", sent)["Location"] == (
        "/passport/#stamp-kerala"
    )


def test_htmx_gets_the_new_passport_and_a_toast(hers, asha):
    answer = hers.post("/passport/kerala/visited/", headers=HTMX)
    page = Page(answer)
    assert slots(page)["kerala"] == "visited"
    assert words(page.one(".//p[@id='tally']")) == "1 of 36 visited, 0 wished for"
    assert words(page.one(".//hx-partial[@hx-target='#toasts']")) == "Keralam is marked as visited."


def test_what_was_just_marked_stays_in_the_filtered_list(hers):
    page = Page(hers.post("/passport/kerala/visited/?kind=none", headers=HTMX))
    assert slots(page)["kerala"] == "visited"
    assert len(slots(page)) == 36
    assert "kerala" not in slots(visit(hers, "/passport/?kind=none"))


def test_a_pressed_button_takes_back(hers, asha):
    page = visit(hers, "/passport/")
    assert button(page, "visited", "kerala").get("aria-pressed") == "false"
    hers.post("/passport/kerala/visited/")
    page = visit(hers, "/passport/")
    assert button(page, "visited", "kerala").get("aria-pressed") == "true"
    assert button(page, "wished", "kerala").get("aria-pressed") == "false"
    [form] = [f for f in page.all(".//form") if f.find("button[@id='visited-kerala']") is not None]
    assert form.get("action") == "/passport/kerala/clear/"
    assert form.get("method") == "post"
    hers.post(form.get("action"))
    assert kinds(asha) == {}


def test_every_button_says_which_state_it_marks(hers):
    page = visit(hers, "/passport/")
    names = ["".join(b.itertext()) for b in page.all(".//button[@aria-pressed]")]
    assert len(names) == len(set(names)) == 72
    assert names[:2] == [
        "Visited Andaman and Nicobar Islands",
        "Wish Andaman and Nicobar Islands",
    ]


def test_no_button_throws_away_a_year_or_a_note(hers, asha):
    StampFactory(person=asha, year=2019)
    StampFactory(person=asha, on="bihar", kind="wished", note="The lake")
    page = visit(hers, "/passport/")
    kerala = page.one(".//div[@id='marks-kerala']")
    assert words(kerala) == "Visited 2019"
    assert kerala.find("form") is None
    assert kerala.find("a").get("href") == "/passport/kerala/"
    bihar = page.one(".//div[@id='marks-bihar']")
    assert [form.get("action") for form in bihar.findall("form")] == ["/passport/bihar/visited/"]
    hers.post("/passport/bihar/visited/")
    assert Stamp.objects.of(asha).on("bihar").get().note == "The lake"


@pytest.mark.parametrize("deed", DEEDS)
def test_a_button_pressed_twice_acts_once(hers, asha, deed):
    fill(asha, wished=["kerala"])
    for _ in range(2):
        assert hers.post(f"/passport/kerala/{deed}/").status_code == 302
    assert kinds(asha) == ({} if deed == "clear" else {"kerala": deed})


@pytest.mark.parametrize("deed", DEEDS)
def test_a_deed_is_posted(hers, deed):
    answer = hers.get(f"/passport/kerala/{deed}/")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")


@pytest.mark.parametrize("path", ["", "share/", "unshare/", "qr.svg", "kerala/"])
def test_other_methods_are_refused(hers, path):
    assert hers.put(f"/passport/{path}").status_code == 405
    if path in ("share/", "unshare/"):
        assert hers.get(f"/passport/{path}").status_code == 405
    if path in ("", "qr.svg"):
        assert hers.post(f"/passport/{path}").status_code == 405


@pytest.mark.parametrize("path", ["keralla/", "keralla/visited/", "keralla/clear/"])
def test_a_slip_in_the_address_is_helped(hers, path):
    answer = (
        hers.get("/passport/keralla/") if path == "keralla/" else hers.post(f"/passport/{path}")
    )
    assert answer.status_code == 404
    assert "/passport/kerala/" in Page(answer).links()


def test_a_form_without_its_token_marks_nothing(asha, client):
    client.handler.enforce_csrf_checks = True
    client.force_login(asha)
    assert client.post("/passport/kerala/visited/").status_code == 403
    assert kinds(asha) == {}


# --- Year and note ------------------------------------------------------------------------------


def test_a_year_and_a_note_are_kept(hers, asha):
    sent = {"kind": "visited", "year": " 2019 ", "note": "Dawn\r\nand dusk "}
    answer = hers.post("/passport/kerala/", sent, follow=True)
    assert answer.redirect_chain == [("/passport/#stamp-kerala", 302)]
    stamp = Stamp.objects.of(asha).get()
    assert (stamp.kind, stamp.year, stamp.note) == ("visited", 2019, "Dawn\nand dusk")
    page = visit(hers, "/passport/kerala/")
    assert page.one(".//input[@name='year']").get("value") == "2019"
    assert "Dawn\nand dusk" in page.one(".//textarea").text


def test_both_may_be_left_empty_and_taken_away_again(hers, asha):
    hers.post("/passport/kerala/", {"kind": "visited", "year": "2019", "note": "x"})
    hers.post("/passport/kerala/", {"kind": "visited", "year": "", "note": ""})
    stamp = Stamp.objects.of(asha).get()
    assert (stamp.kind, stamp.year, stamp.note) == ("visited", None, "")


def test_a_year_may_be_typed_in_the_digits_of_the_place(hers, asha):
    hers.post("/passport/kerala/", {"kind": "visited", "year": "२०१९"})
    assert Stamp.objects.of(asha).get().year == 2019


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"kind": "visited", "year": "1899"}, "The year cannot be before 1900."),
        ({"kind": "visited", "year": "2099"}, "The year cannot be in the future"),
        ({"kind": "visited", "year": "last year"}, "Give the year as four digits"),
        ({"kind": "wished", "year": "2019"}, "A wish has no year yet."),
        ({"kind": "", "year": "2019"}, "Choose whether you visited the state or wish to."),
        ({"kind": "dreamt"}, "Choose whether you visited the state or wish to."),
        ({"kind": "visited", "note": "n" * 281}, "at most 280 characters"),
        ({"kind": "visited", "note": "nul\0"}, "Null characters are not allowed"),
    ],
)
def test_a_wrong_form_says_why_and_keeps_what_was_typed(hers, asha, sent, said):
    answer = hers.post("/passport/kerala/", {"note": "My words", **sent})
    page = Page(answer)
    assert answer.status_code == 422
    assert page.title.startswith("Error:")
    assert said in words(page.one(".//div[@role='alert']"))
    assert page.html.count(said) == 2  # in the summary, and by its field
    if "note" not in sent:
        assert "My words" in page.one(".//textarea").text
    if sent.get("year"):
        assert page.one(".//input[@name='year']").get("value") == sent["year"]
    assert kinds(asha) == {}


def test_280_characters_of_two_lines_fit_as_the_browser_counts_them(hers, asha):
    hers.post("/passport/kerala/", {"kind": "visited", "note": "a" * 139 + "\r\n" + "b" * 140})
    assert len(Stamp.objects.of(asha).get().note) == 280


@pytest.mark.parametrize(
    ("moment", "year", "status"),
    [
        ((2026, 12, 31, 18, 29), "2027", 422),
        ((2026, 12, 31, 18, 30), "2027", 302),  # midnight in India
    ],
)
def test_the_new_year_begins_at_midnight_in_india(asha, client, it_is, moment, year, status):
    it_is(*moment)
    client.force_login(asha)
    sent = {"kind": "visited", "year": year}
    assert client.post("/passport/kerala/", sent).status_code == status


def test_htmx_gets_the_form_back_with_422(hers):
    answer = hers.post("/passport/kerala/", {"kind": "visited", "year": "1"}, headers=HTMX)
    assert answer.status_code == 422
    assert answer.content.decode().lstrip().startswith('<form class="stack" id="stamp-form"')
    page = Page(answer)
    assert words(page.one(".//title")).startswith("Error:")


def test_htmx_is_led_back_to_the_passport(hers):
    answer = hers.post("/passport/kerala/", {"kind": "visited"}, headers=HTMX)
    assert answer["HX-Redirect"] == "/passport/#stamp-kerala"


def test_a_state_is_taken_out_where_its_words_are_seen(hers, asha):
    assert "Take Keralam out" not in visit(hers, "/passport/kerala/").words
    StampFactory(person=asha, note="Backwaters")
    assert "Take Keralam out" in visit(hers, "/passport/kerala/").words
    hers.post("/passport/kerala/clear/")
    assert kinds(asha) == {}
