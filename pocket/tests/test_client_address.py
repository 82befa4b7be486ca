"""Whose address is believed, and who stands on this machine."""

import pytest

from pocket.web import current
from pocket.web.client import client_address, is_loopback, shortened

LOCAL, PROXY, READER, FORGED = "127.0.0.1", "10.0.0.2", "203.0.113.9", "198.51.100.66"


@pytest.fixture
def asked(rf, settings):
    def _asked(proxies: int, remote: str, forwarded: str | None = None, **meta):
        settings.TRUSTED_PROXIES = proxies
        if forwarded is not None:
            meta["HTTP_X_FORWARDED_FOR"] = forwarded
        return rf.get("/", REMOTE_ADDR=remote, **meta)

    return _asked


@pytest.mark.parametrize(
    ("proxies", "remote", "forwarded", "address"),
    [
        (0, READER, None, READER),
        (0, READER, FORGED, READER),
        (0, "2001:DB8::0:1", None, "2001:db8::1"),
        (0, "", None, ""),
        (0, "unix:/run/pocket", None, ""),
        (1, PROXY, READER, READER),
        (1, PROXY, f"{FORGED}, {READER}", READER),
        (1, PROXY, f"{LOCAL},{FORGED} ,  {READER} ", READER),
        (1, PROXY, None, PROXY),
        (1, PROXY, "", PROXY),
        (1, PROXY, "2001:db8::1", "2001:db8::1"),
        (1, PROXY, f"{READER}, ", ""),
        (1, PROXY, "evil", ""),
        (1, PROXY, f"{READER}:4711", ""),
        (1, PROXY, "<script>", ""),
        (1, PROXY, "fe80::1%<script>", ""),
        (1, PROXY, "1" * 100_000, ""),
        (2, PROXY, f"{READER}, {PROXY}", READER),
        (2, PROXY, f"{FORGED}, {READER}, {PROXY}", READER),
        (2, LOCAL, READER, READER),  # came to the inner proxy past the outer one
        (2, LOCAL, None, LOCAL),
    ],
)
def test_only_our_own_proxies_are_believed(asked, proxies, remote, forwarded, address):
    assert client_address(asked(proxies, remote, forwarded)) == address


@pytest.mark.parametrize(
    ("proxies", "remote", "forwarded", "here"),
    [
        (0, LOCAL, None, True),
        (0, "::1", None, True),
        (0, "127.9.9.9", None, True),
        (0, READER, None, False),
        (0, READER, LOCAL, False),
        (0, "", None, False),
        (0, LOCAL, READER, False),  # a proxy that the settings do not know of
        (1, LOCAL, None, True),
        (1, LOCAL, READER, False),
        (1, LOCAL, f"{LOCAL}, {READER}", False),
        (1, LOCAL, LOCAL, True),
        (2, LOCAL, READER, False),
        (2, LOCAL, f"{LOCAL}, {READER}, {PROXY}", False),
    ],
)
def test_who_stands_on_this_machine(asked, proxies, remote, forwarded, here):
    assert is_loopback(asked(proxies, remote, forwarded)) is here


@pytest.mark.parametrize("name", ["HTTP_FORWARDED", "HTTP_VIA"])
def test_whoever_came_through_an_unknown_proxy_is_no_neighbour(asked, name):
    assert not is_loopback(asked(0, LOCAL, None, **{name: "for=203.0.113.9"}))


@pytest.mark.parametrize(
    ("address", "network"),
    [
        (READER, "203.0.113.0/24"),
        (LOCAL, "127.0.0.0/24"),
        ("2001:db8:aaaa:bbbb::1", "2001:db8:aaaa::/48"),
        (f"::ffff:{READER}", "203.0.113.0/24"),
        ("", ""),
    ],
)
def test_a_shortened_address_is_the_network_of_many(address, network):
    assert shortened(address) == network


# --- The request at hand -----------------------------------------------------------------------


@pytest.mark.django_db
def test_inside_of_a_request_its_id_and_network_are_known_and_after_it_forgotten(door, monkeypatch):
    seen = []

    def look(self, request, response):
        seen.append(current.origin())
        return response

    monkeypatch.setattr("pocket.web.middleware.HtmxManners.process_response", look)
    answer = door("/nowhere/")
    assert seen == [(answer["X-Request-ID"], "203.0.113.0/24")]
    assert current.origin() == ("", "")


def test_a_request_that_fails_is_forgotten_too(asked):
    with pytest.raises(ZeroDivisionError):
        fail_during(asked(0, READER))
    assert current.origin() == ("", "")


def fail_during(request):
    with current.during(request):
        assert current.origin().address == "203.0.113.0/24"
        raise ZeroDivisionError
