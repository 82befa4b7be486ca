import re
from io import BytesIO
from itertools import pairwise

import pytest
import qrcode
from PIL import Image
from qrcode.constants import ERROR_CORRECT_M

from states.labels import qr_svg
from states.tests.visiting import visit, words

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.any_database,  # made of the atlas, which is read from each: test_atlas
    pytest.mark.usefixtures("kept"),
]

RUN = re.compile(r"M(\d+) (\d+)h(\d+)v1h-(\d+)z")


def matrix(svg: str) -> list[list[bool]]:
    """The modules of a QR code as its SVG paints them, quiet zone included."""
    size = int(re.search(r'viewBox="0 0 (\d+) \1"', svg)[1])
    path = re.search(r'<path d="([^"]*)"/></svg>', svg)[1]
    assert "".join(match[0] for match in RUN.finditer(path)) == path
    modules = [[False] * size for _ in range(size)]
    for x, y, width, back in (map(int, match.groups()) for match in RUN.finditer(path)):
        assert width == back
        for at in range(x, x + width):
            assert not modules[y][at], "painted twice"
            modules[y][at] = True
    return modules


def code_for(text: str) -> list[list[bool]]:
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=4)
    code.add_data(text)
    code.make(fit=True)
    return code.get_matrix()


def error_correction(modules: list[list[bool]]) -> str:
    """The level that the code itself names: the first two bits of its format, unmasked."""
    row = modules[4 + 8]
    bits = (row[4] << 1 | row[5]) ^ 0b10
    return {0b01: "L", 0b00: "M", 0b11: "Q", 0b10: "H"}[bits]


def test_the_code_of_every_state_opens_its_page(client, published, settings):
    for slug in published.names:
        response = client.get(f"/states/{slug}/qr.svg")
        assert response.status_code == 200
        assert response["Content-Type"] == "image/svg+xml"
        svg = response.content.decode()
        assert matrix(svg) == code_for(f"{settings.SITE_URL}/states/{slug}/")


def test_the_code_has_its_quiet_zone_on_white_and_corrects_errors(client):
    svg = client.get("/states/goa/qr.svg").content.decode()
    modules = matrix(svg)
    size = len(modules)
    assert f'<path fill="#fff" d="M0 0h{size}v{size}H0z"/>' in svg
    for at in (0, 1, 2, 3, size - 4, size - 3, size - 2, size - 1):
        assert not any(modules[at])
        assert not any(row[at] for row in modules)
    # The first module inside is the corner of a finder pattern: seven dark in a row.
    assert modules[4][4:12] == [True] * 7 + [False]
    assert error_correction(modules) == "M"


def test_a_long_address_gets_a_larger_code():
    sizes = [len(matrix(qr_svg("https://pocket.example/" + "a" * n))) for n in (1, 50, 200)]
    assert all(small < large for small, large in pairwise(sizes))
    assert qr_svg("a" * 50) == qr_svg("a" * 50)


def test_the_code_may_be_kept_for_a_year(client):
    response = client.get("/states/goa/qr.svg")
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert not response.cookies


def test_the_host_header_of_a_stranger_is_never_printed(client, settings):
    settings.SITE_URL = "https://pocket.example"
    settings.ALLOWED_HOSTS = ["pocket.example", "evil.example"]
    foreign = {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
    svg = client.get("/states/goa/qr.svg", headers=foreign).content.decode()
    assert matrix(svg) == code_for("https://pocket.example/states/goa/")
    for address in (
        "/",
        "/states/",
        "/states/goa/",
        "/states/goa/card/",
        "/states/goa.json",
        "/states/data.json",
        "/states/rankings/hdi/",
        "/states/compare/?s=goa&s=bihar",
        "/sitemap.xml",
    ):
        answer = client.get(address, headers=foreign)
        assert answer.status_code == 200
        assert "evil.example" not in answer.content.decode(), address


@pytest.mark.parametrize("path", ["qr.svg", "card/", "share.png"])
def test_no_state_no_code_no_card_no_picture(client, path):
    assert client.get(f"/states/atlantis/{path}").status_code == 404


# --- The card -----------------------------------------------------------------------------------


def test_every_state_has_its_card(client, published, culture, settings):
    for slug, name in published.names.items():
        page = visit(client, f"/states/{slug}/card/")
        card = page.one(".//article")
        told = words(card)
        assert words(card.find(".//h2")) == name
        native = culture[slug]["native_names"][0]
        assert [words(e) for e in card.findall(f".//*[@lang='{native['language']}']")] == [
            native["name"]
        ]
        assert card.find(".//img").get("src") == f"/states/{slug}/qr.svg"
        assert f"{settings.SITE_URL}/states/{slug}/" in told
        assert culture[slug]["capitals"][0]["name"] in told
        assert culture[slug]["places"][0]["name"] in told
        assert culture[slug]["food"][0]["dish"] in told
        assert "Not a government publication." in told
        assert page.rel("canonical") == [f"{settings.SITE_URL}/states/{slug}/card/"]


def test_the_figures_of_a_card_carry_year_and_rank(client):
    card = words(visit(client, "/states/karnataka/card/").one(".//article"))
    assert "6.11 crore (2011; 8th of 36)" in card
    assert "75.4 % (2011; 22nd of 36)" in card
    assert "₹ 3.04 lakh (2022-23; 6th of 33)" in card


def test_a_card_leaves_out_what_is_not_published(client):
    card = words(visit(client, "/states/ladakh/card/").one(".//article"))
    assert "of 33" not in card
    assert "None" not in card


def test_the_code_on_the_card_is_18_mm_at_least(client):
    image = visit(client, "/states/goa/card/").one(".//article//img")
    pixels_of_a_millimetre = 96 / 25.4
    assert int(image.get("width")) / pixels_of_a_millimetre >= 18
    assert image.get("width") == image.get("height")


# --- Pictures -----------------------------------------------------------------------------------


def picture(client, address: str) -> Image.Image:
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "image/png"
    image = Image.open(BytesIO(response.content))
    assert (image.format, image.size) == ("PNG", (1200, 630))
    return image.convert("RGB")


def red(image: Image.Image) -> int:
    """How many dots are painted as the state that the picture is about."""
    return sum(
        count for count, (r, g, b) in image.getcolors(1_000_000) if r > 150 and g < 60 and b < 60
    )


@pytest.mark.parametrize("slug", ["karnataka", "rajasthan", "lakshadweep"])
def test_the_picture_of_a_state_shows_where_it_is(client, slug, settings):
    settings.KEEP_ATLAS = False
    assert red(picture(client, f"/states/{slug}/share.png")) > 60


def test_a_large_state_is_larger_in_its_picture(client):
    goa, rajasthan = (picture(client, f"/states/{s}/share.png") for s in ("goa", "rajasthan"))
    assert red(rajasthan) > 10 * red(goa)


def test_the_picture_of_the_site_shows_all_alike(client):
    assert red(picture(client, "/share.png")) == 0
