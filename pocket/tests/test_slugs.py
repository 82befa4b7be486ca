"""Addresses made of words in any script, without loss."""

import pytest

from pocket.web.slugs import LONGEST, slug_of


@pytest.mark.parametrize(
    ("words", "slug"),
    [
        ("The mango map: what's ripe?", "the-mango-map-whats-ripe"),
        ("कर्नाटक में बारिश", "कर्नाटक-में-बारिश"),
        ("ಕರ್ನಾಟಕದ ಹಬ್ಬ!", "ಕರ್ನಾಟಕದ-ಹಬ್ಬ"),
        ("தமிழ்நாடு", "தமிழ்நாடு"),
        ("മലയാളം — കഥ", "മലയാളം-കഥ"),
        ("ଓଡ଼ିଶା", "ଓଡ଼ିଶା"),
        ("اردو کہانی", "اردو-کہانی"),
        ("  --Ｇｏａ--  2026 ", "goa-2026"),
        ("!!! …", ""),
        ("", ""),
    ],
)
def test_words_become_an_address(words, slug):
    assert slug_of(words) == slug
    assert slug_of(slug) == slug


def test_a_long_title_is_cut_between_words():
    slug = slug_of("monsoon " * 100)
    assert len(slug) <= LONGEST
    assert set(slug.split("-")) == {"monsoon"}
    assert len(slug_of("m" * 500)) == LONGEST
