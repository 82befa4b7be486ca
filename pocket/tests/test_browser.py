"""That the browser, the site and the Redis brought by `make test` work at all."""

from django.core.cache.backends.redis import RedisCache


def test_chromium_opens_the_site_and_complains_of_nothing(chromium, live_site):
    page = chromium.new_page()
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))

    reply = page.goto(f"{live_site.url}/accounts/login/")

    assert reply.status == 200
    assert page.title()
    assert complaints == []
    page.close()


def test_redis_keeps_what_it_is_given(redis_url):
    cache = RedisCache(redis_url, {})
    cache.set("word", "ಕರ್ನಾಟಕ")

    assert cache.get("word") == "ಕರ್ನಾಟಕ"
    cache.close()
