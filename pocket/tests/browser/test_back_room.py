"""Django's admin in a browser: its scripts must live under our content security policy."""

import pytest


@pytest.fixture
def staff(reader_of, live_site, cookie_of):
    """A reader with the session of a superuser; what is said of cookies is meant for visitors."""
    reader = reader_of()
    reader.page.context.add_cookies([cookie_of(live_site, "chitra", superuser=True)])
    reader.forgive("sets a cookie", "keeps a cookie")
    yield reader
    reader.page.context.clear_cookies()


def test_staff_correct_a_state_and_lose_nothing(staff):
    page = staff.page
    page.goto("/admin/states/indicator/add/")
    page.locator(".select2-selection").first.click()
    page.locator(".select2-results__option").first.wait_for()  # its sources, fetched by a script

    page.goto("/admin/states/state/?q=Goa")
    page.get_by_role("link", name="Goa", exact=True).click()
    page.wait_for_url("**/change/**", wait_until="load")  # with all its rows
    months = page.locator("#id_best_months")
    before = months.input_value()
    assert before == "11 12 1 2"
    seasons = page.locator("input[name^=produce-][name$=-season]")
    told = [seasons.nth(at).input_value() for at in range(seasons.count())]
    assert any(told)

    page.locator("#id_tagline").fill("Rivers, churches and long beaches")
    page.locator("input[name=_continue]").click()
    assert "was changed successfully" in page.locator(".messagelist").inner_text()
    assert page.locator("#id_best_months").input_value() == before
    assert [seasons.nth(at).input_value() for at in range(seasons.count())] == told
    page.goto("/states/goa/")
    assert "Rivers, churches and long beaches" in page.locator(".lede").inner_text()
