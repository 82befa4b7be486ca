"""Pictures that people send: what is refused before it is decoded, and what comes out."""

import struct
import zlib
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from PIL import Image, ImageFile, PngImagePlugin
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from accounts import pictures
from accounts.pictures import reencoded

SIZES = (96, 384)
PLACE = "Bengaluru, at the blue door"
RED, BLUE = (200, 30, 30), (30, 30, 200)


def drawn(kind="JPEG", size=(600, 400), mode="RGB", color=RED, **options) -> BytesIO:
    file = BytesIO()
    Image.new(mode, size, color).save(file, kind, **options)
    file.seek(0)
    return file


def halves(kind="PNG", size=(400, 300), **options) -> BytesIO:
    """Red above, blue below."""
    image = Image.new("RGB", size, RED)
    image.paste(BLUE, (0, size[1] // 2, *size))
    file = BytesIO()
    image.save(file, kind, **options)
    return file


def exif(orientation=1) -> Image.Exif:
    told = Image.Exif()
    told[0x0112] = orientation
    told[0x010F] = "Camera of Asha"
    told[0x010E] = PLACE
    told.get_ifd(0x8825).update({1: "N", 2: (12.0, 58.0, 17.0), 3: "E", 4: (77.0, 35.0, 40.0)})
    return told


def opened(picture) -> Image.Image:
    return Image.open(BytesIO(picture.data))


def chunks(data: bytes) -> set[bytes]:
    """The names of the chunks of a WebP."""
    assert (data[:4], data[8:12]) == (b"RIFF", b"WEBP")
    names, at = set(), 12
    while at < len(data):
        length = struct.unpack("<L", data[at + 4 : at + 8])[0]
        names.add(data[at : at + 4])
        at += 8 + length + length % 2
    assert at == len(data), "something hangs on behind the picture"
    return names


@pytest.fixture
def no_decoding(monkeypatch):
    """From when it is called on, whatever is decoded fails the test."""

    def refuse(self, *args):
        pytest.fail("it was decoded")

    def _no_decoding():
        for kind in (Image.Image, ImageFile.ImageFile, JpegImageFile, PngImageFile, WebPImageFile):
            monkeypatch.setattr(kind, "load", refuse)

    return _no_decoding


# --- What comes out -----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", pictures.FORMATS)
def test_a_picture_becomes_a_square_webp_in_each_size(kind):
    made = reencoded(drawn(kind), SIZES, square=True)
    assert [(picture.size, picture.width, picture.height) for picture in made] == [
        (96, 96, 96),
        (384, 384, 384),
    ]
    for picture in made:
        image = opened(picture)
        assert (image.format, image.size) == ("WEBP", (picture.width, picture.height))
        assert abs(image.convert("RGB").getpixel((5, 5))[0] - RED[0]) < 12


def test_without_a_square_the_shape_stays():
    [small, large] = reencoded(drawn(size=(600, 400)), (300, 900))
    assert (small.width, small.height) == (300, 200)
    assert (large.size, large.width, large.height) == (900, 600, 400)  # never blown up


def test_what_the_camera_wrote_is_gone():
    file = drawn(exif=exif(), xmp=PLACE.encode(), comment=PLACE, icc_profile=b"profile " * 20)
    assert PLACE.encode() in file.getvalue()
    assert Image.open(file).getexif().get_ifd(0x8825)
    for picture in reencoded(file, SIZES, square=True):
        assert chunks(picture.data) == {b"VP8 "}
        assert dict(opened(picture).getexif()) == {}
        assert b"Asha" not in picture.data
        assert b"blue door" not in picture.data


def test_what_a_png_or_a_webp_wrote_is_gone_too():
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Location", PLACE)
    notes.add_itxt("XML:com.adobe.xmp", PLACE)
    for file in (
        drawn("PNG", pnginfo=notes, exif=exif(), mode="RGBA", color=(*RED, 90)),
        drawn("WEBP", exif=exif(), xmp=PLACE.encode(), mode="RGBA", color=(*RED, 90)),
    ):
        assert PLACE.encode() in file.getvalue()
        for picture in reencoded(file, SIZES):
            assert chunks(picture.data) <= {b"VP8X", b"ALPH", b"VP8 "}
            assert b"blue door" not in picture.data


def test_what_hangs_on_behind_a_picture_is_gone():
    file = drawn()
    file.seek(0, 2)
    file.write(b"PK\x03\x04<script>alert(1)</script>")
    for picture in reencoded(file, SIZES):
        assert b"script" not in picture.data
        chunks(picture.data)


def test_a_page_in_the_clothes_of_a_picture_does_not_come_out():
    file = drawn(comment="<!doctype html><script>alert(1)</script>")
    assert b"<script>" in file.getvalue()
    assert b"script" not in reencoded(file, (96,))[0].data


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_stands_upright(orientation):
    upright = Image.open(halves(size=(400, 300)))
    back = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # how to lay it down; see pictures.TURNS
    lying = upright if orientation == 1 else upright.transpose(Image.Transpose(back[orientation]))
    file = BytesIO()
    lying.save(file, "PNG", exif=exif(orientation))
    [picture] = reencoded(file, (200,))
    assert (picture.width, picture.height) == (200, 150)
    image = opened(picture).convert("RGB")
    assert image.getpixel((100, 20))[0] > 150, "red above"
    assert image.getpixel((100, 130))[2] > 150, "blue below"


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
def test_a_broken_note_of_the_camera_refuses_nobody():
    [picture] = reencoded(drawn(exif=b"Exif\0\0II*\0\xff\xff\xff\xff"), (96,))
    assert picture.width == 96


@pytest.mark.parametrize("mode", ["L", "LA", "P", "RGBA", "1", "I;16"])
def test_every_way_to_store_colours_is_understood(mode):
    [picture] = reencoded(drawn("PNG", mode=mode, color=1), (96,))
    assert opened(picture).format == "WEBP"


def test_sixteen_bits_of_grey_keep_their_grey():
    [picture] = reencoded(drawn("PNG", mode="I;16", color=40_000), (96,))
    assert abs(opened(picture).getpixel((9, 9))[0] - 156) < 5


def test_the_ink_of_printers_becomes_colours_of_screens():
    [picture] = reencoded(drawn("JPEG", mode="CMYK", color=(0, 255, 255, 0)), (96,))
    assert opened(picture).convert("RGB").getpixel((5, 5))[0] > 200


def test_transparency_stays():
    [picture] = reencoded(drawn("PNG", mode="RGBA", color=(0, 0, 0, 0)), (96,))
    assert opened(picture).convert("RGBA").getpixel((5, 5))[3] == 0


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "MPO"])  # MPO: a phone's JPEG of two pictures
def test_of_a_film_the_first_picture_is_taken(kind):
    file = BytesIO()
    first = Image.new("RGB", (100, 100), RED)
    second = Image.new("RGB", (100, 100), BLUE)
    options = {} if kind == "MPO" else {"duration": 50}
    first.save(file, kind, save_all=True, append_images=[second], **options)
    assert Image.open(file).n_frames == 2
    [picture] = reencoded(file, (96,))
    image = opened(picture)
    assert getattr(image, "n_frames", 1) == 1
    assert image.convert("RGB").getpixel((50, 50))[0] > 150


def test_one_pixel_is_a_picture():
    [picture] = reencoded(drawn("PNG", size=(1, 1)), (96,), square=True)
    assert (picture.width, picture.height) == (1, 1)


def test_a_thread_of_a_picture_keeps_a_pixel_of_height():
    [picture] = reencoded(drawn("PNG", size=(5_000, 1)), (96,))
    assert (picture.width, picture.height) == (96, 1)


def test_a_large_photo_is_decoded_small(monkeypatch):
    seen = []
    monkeypatch.setattr(pictures, "_plain", lambda image: seen.append(image.size) or image)
    reencoded(drawn(size=(4_000, 3_000)), (96, 384), square=True)
    assert seen == [(1_000, 750)]


# --- What is refused ----------------------------------------------------------------------------


def refusal(file, code: str) -> str:
    with pytest.raises(ValidationError) as refused:
        reencoded(file, SIZES, square=True)
    assert refused.value.code == code
    return refused.value.messages[0]


def png_of(width: int, height: int, *more: tuple[bytes, bytes]) -> BytesIO:
    """A PNG that says how large it is, and holds nothing of it."""

    def chunk(name: bytes, data: bytes) -> bytes:
        checksum = zlib.crc32(name + data)
        return struct.pack(">L", len(data)) + name + data + struct.pack(">L", checksum)

    head = chunk(b"IHDR", struct.pack(">LLBBBBB", width, height, 8, 2, 0, 0, 0))
    body = b"".join(chunk(name, data) for name, data in more)
    return BytesIO(b"\x89PNG\r\n\x1a\n" + head + body + chunk(b"IDAT", b"") + chunk(b"IEND", b""))


@pytest.mark.parametrize(
    ("width", "height"), [(8_000, 5_001), (10_000, 10_000), (100_000, 100_000), (2**31 - 1, 1)]
)
def test_too_many_pixels_are_refused_before_they_are_decoded(no_decoding, width, height):
    no_decoding()
    assert "40 megapixels" in refusal(png_of(width, height), "too_many_pixels")


def test_a_webp_or_jpeg_of_too_many_pixels_is_refused_as_early(no_decoding):
    webp = bytearray(drawn("WEBP", mode="RGBA", color=(*RED, 90), size=(50, 50)).getvalue())
    assert webp[12:16] == b"VP8X"
    webp[24:30] = (16_000).to_bytes(3, "little") * 2
    jpeg = bytearray(drawn(size=(50, 50)).getvalue())
    at = jpeg.index(b"\xff\xc0") + 5
    jpeg[at : at + 4] = struct.pack(">HH", 60_000, 60_000)
    no_decoding()
    refusal(BytesIO(webp), "too_many_pixels")
    refusal(BytesIO(jpeg), "too_many_pixels")


def test_forty_megapixels_are_not_too_many(monkeypatch):
    monkeypatch.setattr(pictures, "MAX_PIXELS", 10_000)
    assert reencoded(drawn("PNG", size=(100, 100)), (96,))
    refusal(drawn("PNG", size=(101, 100)), "too_many_pixels")


def test_too_many_bytes_are_refused_before_they_are_read(monkeypatch):
    monkeypatch.setattr(Image, "open", lambda *args, **kwargs: pytest.fail("it was opened"))
    file = drawn()
    file.seek(5 * 1024 * 1024)
    file.write(b"\0")
    assert refusal(file, "too_large") == (
        "That picture is larger than 5 MB. Please choose a smaller one."
    )


def test_texts_that_unpack_to_much_are_refused():
    million = zlib.compress(b" " * 1_000_000)
    texts = [(b"zTXt", b"a\0\0" + million)] * 70
    refusal(png_of(10, 10, *texts), "unreadable")


@pytest.mark.parametrize("kind", pictures.FORMATS)
@pytest.mark.parametrize("share", [0.05, 0.5, 0.9])
def test_a_file_that_ends_too_early_is_refused(kind, share):
    noise = Image.effect_noise((200, 200), 90).convert("RGB")
    file = BytesIO()
    noise.save(file, kind)
    refusal(BytesIO(file.getvalue()[: int(file.tell() * share)]), "unreadable")


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0",
        b"hello",
        SVG,
        b'<?xml version="1.0"?>' + SVG,
        b"<!doctype html><script>alert(1)</script>",
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
        b"\xff\xd8\xff\xe0",
        b"\x89PNG\r\n\x1a\n",
        b"RIFF\x10\0\0\0WEBPVP8 ",
        b"GIF89a" + SVG,
    ],
)
def test_what_is_no_picture_is_refused(data):
    assert "JPEG, PNG or WebP" in refusal(BytesIO(data), "unreadable")


@pytest.mark.parametrize("kind", ["GIF", "BMP", "TIFF", "ICO", "PDF", "PPM", "JPEG2000", "AVIF"])
def test_other_kinds_of_picture_are_refused(kind):
    refusal(drawn(kind, size=(64, 64)), "unreadable")
