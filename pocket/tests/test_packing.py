import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pocket.web import packing


@given(st.lists(st.binary(max_size=2_000), max_size=6))
def test_parts_packed_apart_are_one_text_again(parts):
    packed = [packing.deflated(part) for part in parts]
    assert gzip.decompress(packing.joined(parts, packed)) == b"".join(parts)


def test_a_page_becomes_much_smaller():
    page = b"<li>Karnataka, Kerala, Tamil Nadu</li>" * 200
    assert gzip.decompress(packing.gzipped(page)) == page
    assert len(packing.gzipped(page)) < len(page) / 10


def test_a_part_refers_to_nothing_outside_itself():
    secret = b"csrf=7f3a9c" * 5
    alone = zlib.decompressobj(-zlib.MAX_WBITS)
    assert alone.decompress(packing.deflated(secret)) == secret


def test_equal_pages_differ_in_length():
    lengths = {len(packing.gzipped(b"x" * 300)) for _ in range(50)}
    assert len(lengths) > 5


@pytest.mark.parametrize("path", ["/nope/", "/states/?q=kerala", "/states/karnataka/"])
@pytest.mark.parametrize("cookie", ["", "sessionid=of-nobody"])
def test_what_is_packed_arrives_whole(door, states_loaded, path, cookie):
    headers = {"Accept-Encoding": "gzip"} | ({"Cookie": cookie} if cookie else {})
    answer = door(path, headers=headers)
    assert answer["Content-Encoding"] == "gzip"
    assert int(answer["Content-Length"]) == len(answer.body)
    assert gzip.decompress(answer.body).rstrip().endswith(b"</html>")
    assert "Accept-Encoding" in answer["Vary"]
