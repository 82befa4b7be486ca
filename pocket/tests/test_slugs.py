"""Addresses made of words in any script, without loss."""

import time

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
        ("বাংলার বর্ষা", "বাংলার-বর্ষা"),
        ("অসমৰ চাহ", "অসমৰ-চাহ"),
        ("ગુજરાતનો વરસાદ", "ગુજરાતનો-વરસાદ"),
        ("తెలంగాణ వర్షం", "తెలంగాణ-వర్షం"),
        ("ਪੰਜਾਬ ਦਾ ਮੀਂਹ", "ਪੰਜਾਬ-ਦਾ-ਮੀਂਹ"),
        ("ꯃꯅꯤꯄꯨꯔ ꯅꯣꯡ", "ꯃꯅꯤꯄꯨꯔ-ꯅꯣꯡ"),
        ("ᱥᱟᱱᱛᱟᱲᱤ ᱫᱟᱜ ᱾", "ᱥᱟᱱᱛᱟᱲᱤ-ᱫᱟᱜ"),
        ("ᱡᱷᱟᱹᱨᱠᱷᱚᱸᱰ", "ᱡᱷᱟᱹᱨᱠᱷᱚᱸᱰ"),
        ("کٲشُر وؠدؠ", "کٲشُر-وؠدؠ"),
        ("سنڌي ٻولي", "سنڌي-ٻولي"),
        ("उत्तर-प्रदेश; राज्‍य", "उत्तर-प्रदेश-राज्‍य"),
        ("क्‌ष और क्ष", "क्‌ष-और-क्ष"),
        ("അവന്‍ പാല്‍ കുടിച്ചു", "അവന്‍-പാല്‍-കുടിച്ചു"),  # chillus of the older spelling
        ("অকস্মাত্‍", "অকস্মাত্‍"),  # so is the last letter of Bengali
        ("ಡಾ॥ ಸಂಸ್ಕೃತ ऽहं ॐ", "ಡಾ-ಸಂಸ್ಕೃತ-ऽहं-ॐ"),
        ("𑄌𑄋𑄴𑄟𑄳𑄦 𑄞𑄌𑄴", "𑄌𑄋𑄴𑄟𑄳𑄦-𑄞𑄌𑄴"),  # beyond the first plane
        ("Rain ☔️ in Goa ❤️", "rain-in-goa"),  # with the mark that asks for colour
        ("mon\u00adsoon \u200frain\ufeff", "monsoon-rain"),
        ("\u0301rain \u093f \u200d", "rain"),
        ("\u0301\u0301 \ufe0f", ""),
        ("म" * 119 + "\u200cम", "म" * 119),
        ("\u200d " + "म" * 130, "म" * 120),
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


def test_marks_without_end_take_no_time():
    begun = time.perf_counter()
    assert slug_of("a" + "\u0327\u0301" * 25_000)
    assert slug_of("\u200d" * 50_000) == ""
    assert time.perf_counter() - begun < 0.5
