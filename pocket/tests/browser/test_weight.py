"""What the first view of a state page costs on the wire, as the browser counts it."""

import pytest


@pytest.fixture
def transfers(reader, page):
    """Every answer's type, coding and bytes over the wire (headers included), as they end."""
    answers, finished = {}, {}
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.on("Network.responseReceived", lambda it: answers.update({it["requestId"]: it}))
    devtools.on(
        "Network.loadingFinished",
        lambda it: finished.update({it["requestId"]: it["encodedDataLength"]}),
    )

    def seen() -> list[tuple[str, str, str, int]]:
        return [
            (
                answer["type"],
                {name.lower(): value for name, value in answer["response"]["headers"].items()}.get(
                    "content-encoding", ""
                ),
                answer["response"]["url"],
                finished[request],
            )
            for request, answer in answers.items()
            if request in finished
        ]

    return seen


def test_first_view_of_a_state_is_light(reader, page, transfers):
    reader.goto("/states/karnataka/")
    page.wait_for_load_state("networkidle")
    seen = transfers()
    print(*seen, sep="\n")

    assert {"Document", "Stylesheet", "Script"} <= {kind for kind, _, _, _ in seen}
    for kind, coding, url, _ in seen:
        if kind in ("Document", "Stylesheet", "Script"):
            assert coding == "br", url
    assert len(seen) <= 8, seen
    assert sum(size for *_, size in seen) <= 60_000, seen
    assert sum(size for kind, *_, size in seen if kind == "Script") <= 25_000, seen
