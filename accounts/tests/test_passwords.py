import unicodedata
from itertools import pairwise

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import PBKDF2PasswordHasher, check_password, make_password
from django.contrib.auth.password_validation import (
    password_validators_help_texts,
    validate_password,
)
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import assume, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from accounts.models import User
from accounts.passwords import NormalizingArgon2, hashed
from pocket.settings import PASSWORD_HASHERS

GOOD = "chai & monsoon, 7 boats"


def refused(password, user=None):
    """What is said against a password, as people read it; empty when it may be used."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


# --- Length -------------------------------------------------------------------------------------


def of_length(count):
    """So many characters, none like another, of three bytes each."""
    return "".join(chr(0x4E00 + 7 * number) for number in range(count))


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (11, "Use at least 12 characters. 15 or more are better."),
        (12, ""),
        (128, ""),
        (129, "Use at most 128 characters."),
        (513, "Use at most 128 characters."),
    ],
)
def test_length_is_counted_in_characters(count, said):
    assert refused(of_length(count)) == said


def test_length_is_counted_as_the_password_is_kept():
    assert refused("🧺k" + "é7ñ4ö9ü2ç" + "x") == ""  # 12 when composed
    assert refused(unicodedata.normalize("NFD", "éñöüç7kx4m2")).startswith("Use at least 12")
    assert refused("ﷺ" * 8) == "Use at most 128 characters."  # each is 18


def test_a_megabyte_is_refused_before_anything_looks_at_it(monkeypatch):
    monkeypatch.setattr("accounts.passwords.normalized", None)
    assert refused("\u0301\u0316" * 500_000) == "Use at most 128 characters."


def test_the_help_says_what_is_asked_for():
    (text,) = password_validators_help_texts()
    assert text.startswith("12 to 128 characters in any script; 15 or more are better.")


# --- What is guessed early ----------------------------------------------------------------------

REPEATED = "Use more different characters, and do not repeat a short part."
SEQUENCE = "Do not use rows of digits, letters or keys. Unrelated words are better."
ABOUT = "Do not build it from your name, your address or the name of this site."
COMMON = "Many people use this password, or nearly this one. Choose another."


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("aaaaaaaaaaaaaaaa", REPEATED),
        ("abababababababab", REPEATED),
        ("aabbaabbccddccdd", REPEATED),
        ("abcabcabcabc", REPEATED),
        ("k7pq2zk7pq2zk7pq2", REPEATED),
        ("भारतभारतभारत", REPEATED),
        ("a\u200b" * 8, REPEATED),
        (" " * 16, REPEATED),
        ("123456789012", SEQUENCE),
        ("210987654321", SEQUENCE),
        ("१२३४५६७८९०१२", SEQUENCE),
        ("१२३456७८९०12", SEQUENCE),
        ("１２３４５６７８９０１２", SEQUENCE),
        ("𝟙𝟚𝟛𝟜𝟝𝟞𝟟𝟠𝟡𝟘𝟙𝟚", SEQUENCE),
        ("112233445566", SEQUENCE),
        ("abcdefghijkl", SEQUENCE),
        ("ZYXWVUTSRQPO", SEQUENCE),
        ("abc123xyz789", SEQUENCE),
        ("कखगघङचछजझञटठ", SEQUENCE),
        ("qwertyuiop[]", SEQUENCE),
        ("poiuytrewqlkjh", SEQUENCE),
        ("1qaz2wsx3edc4rfv", SEQUENCE),
        ("q1w2e3r4t5y6", SEQUENCE),
        ("१q२w३e४r५t६y", SEQUENCE),
        ("!@#$%^&*()_+", SEQUENCE),
        ("qwertyuiop2026!", SEQUENCE),
        ("pocketindia1", ABOUT),
        ("India-Pocket-1984", ABOUT),
        ("p0ck3t-1nd14!", ABOUT),
        ("tekcop.aidni.7", ABOUT),
        ("ＰＯＣＫＥＴ ｉｎｄｉａ！", ABOUT),
        ("Password2026!", COMMON),
        ("P@$$w0rd!2026", COMMON),
        ("Pass\u200bword2026!", COMMON),
        ("password1password2", COMMON),
        ("...Elephant...", COMMON),
        ("motherfucker", COMMON),
        ("JUSTINBIEBER", COMMON),
        ("blackpapermoon", COMMON),
        ("Weserstadion", COMMON),
        ("P4ss4p4l4vr4", COMMON),
    ],
)
def test_what_is_guessed_early_is_refused(password, said):
    assert refused(password) == said


@pytest.mark.parametrize(
    "password",
    [
        GOOD,
        "correct horse battery staple",
        "answer the street",
        "property liberty",
        "नदी पर्वत कमल दीपक",
        "ಮಳೆಗಾಲದ ಚಹಾ ಮತ್ತು ದೋಣಿ",
        "X7$kd!mQ2@pZ",
        "8f3kzp0ql2vn",
        "729481650372",
        "83118211d4121338",
        "dragon-7294-816503",
        "india chai 7 monsoon boats",
    ],
)
def test_words_and_chance_are_welcome_and_no_kind_of_character_is_asked_for(password):
    assert refused(password) == ""


@pytest.mark.parametrize(
    "password",
    [
        "asha.kumari7",
        "Kumari*Asha*1",
        "KumariAsha2026",
        "iramukahsa2026",
        "ashak@teagarden",
        "tea-garden.example",
        "किरण-आशा-किरण-1",
        "ｋｕｍａｒｉ．ａｓｈａ!",
        "@sh@.kum@ri1",
    ],
)
def test_a_persons_own_names_are_no_password(password):
    person = User(
        username="asha.k",
        first_name="Asha",
        last_name="Kumari",
        shown_name="आशा किरण",
        email="asha.k@tea-garden.example",
    )
    assert refused(password, person) == ABOUT
    assert refused("asha drinks chai at 7", person) == ""


def test_the_name_of_the_site_is_no_password(settings):
    settings.SITE_HOST = "brahmaputra.assam.example"
    assert refused("Brahmaputra.Assam") == ABOUT
    settings.SITE_HOST = "127.0.0.1"
    assert refused("Brahmaputra.Assam") == ""


SCRIPTS = {
    "Devanagari": 0x0900,
    "Bengali": 0x0980,
    "Gurmukhi": 0x0A00,
    "Gujarati": 0x0A80,
    "Odia": 0x0B00,
    "Tamil": 0x0B80,
    "Telugu": 0x0C00,
    "Kannada": 0x0C80,
    "Malayalam": 0x0D00,
    "Urdu": 0x0620,
    "Ol Chiki": 0x1C50,
    "Meetei Mayek": 0xABC0,
}
LETTERS = [
    [sign for sign in map(chr, range(start, start + 0x60)) if unicodedata.category(sign)[0] == "L"]
    for start in SCRIPTS.values()
]


@hypothesis_settings(max_examples=60, deadline=None)
@given(st.sampled_from(LETTERS).flatmap(lambda s: st.lists(st.sampled_from(s), min_size=15)))
def test_any_varied_letters_of_an_indian_script_are_welcome(letters):
    letters = letters[:30]
    text = "".join(letters)
    neighbours = sum(abs(ord(a) - ord(b)) <= 1 for a, b in pairwise(letters))
    assume(len(set(text)) >= 10 and neighbours < 3 and text[:11] not in text[1:])
    assert refused(text) == ""


@hypothesis_settings(max_examples=60, deadline=None)
@given(st.text(max_size=600))
def test_no_text_breaks_the_rules(text):
    refused(text + "\ud800")


# --- Keeping ------------------------------------------------------------------------------------


@pytest.fixture
def real_hashers(settings, monkeypatch):
    """The hashers of the site, at the least that Argon2 can cost."""
    settings.PASSWORD_HASHERS = PASSWORD_HASHERS
    for cost, least in {"time_cost": 1, "memory_cost": 8, "parallelism": 1}.items():
        monkeypatch.setattr(NormalizingArgon2, cost, least)


@pytest.fixture
def work(real_hashers, monkeypatch):
    """Which hashers ran, in order."""
    done = []

    def counted(hasher, name):
        real = getattr(hasher, name)

        def run(self, *args):
            done.append(self.algorithm)
            return real(self, *args)

        monkeypatch.setattr(hasher, name, run)

    for hasher in (NormalizingArgon2, PBKDF2PasswordHasher):
        counted(hasher, "encode" if hasher is NormalizingArgon2 else "verify")
    counted(NormalizingArgon2, "verify")
    return done


def old_hash(password):
    return PBKDF2PasswordHasher().encode(password, "saltsaltsaltsaltsaltsalt", iterations=1000)


def test_a_password_is_kept_as_argon2id_with_the_costs_we_chose(settings):
    settings.PASSWORD_HASHERS = PASSWORD_HASHERS
    assert make_password(GOOD).startswith("argon2$argon2id$v=19$m=65536,t=3,p=4$")


@pytest.mark.parametrize(
    ("chosen", "typed"),
    [
        ("ﬁsh and oﬃce chairs", "fish and office chairs"),
        ("ｃｈａｉ ａｎｄ ｂｏａｔｓ", "chai and boats"),
        ("caf\u00e9 in pondich\u00e9ry", "cafe\u0301 in pondiche\u0301ry"),
        ("\u0958\u0932\u092e \u0914\u0930 \u0915\u093e\u0917\u095b", "क\u093cलम और कागज\u093c"),
    ],
)
def test_the_same_password_from_another_keyboard_is_the_same(real_hashers, chosen, typed):
    assert chosen != typed
    assert check_password(typed, make_password(chosen))
    assert check_password(chosen, make_password(typed))


def test_case_and_spaces_still_count(real_hashers):
    kept = make_password(GOOD)
    assert not check_password(GOOD.upper(), kept)
    assert not check_password(GOOD + " ", kept)


def test_what_is_hashed_is_bounded(real_hashers, monkeypatch):
    sizes = []
    real = NormalizingArgon2.__mro__[1].encode
    monkeypatch.setattr(
        NormalizingArgon2.__mro__[1],
        "encode",
        lambda self, password, salt: sizes.append(len(password)) or real(self, password, salt),
    )
    one, other = "\u0301\u0316" * 500_000, "\u0301\u0316" * 500_000 + "x"
    assert check_password(one, make_password(one))
    assert not check_password(other, make_password(one))
    make_password("\ufdfa" * 512)
    assert max(sizes) < 20_000


def test_half_a_character_breaks_nothing(real_hashers):
    assert check_password("\ud800" + GOOD, make_password("\ud800" + GOOD))


@pytest.mark.django_db
def test_a_hash_from_before_is_made_anew_at_log_in(real_hashers):
    typed = "ﬁsh and oﬃce chairs"  # hashed as typed, in those days
    person = User.objects.create_user("asha", "asha@example.org")
    person.password = old_hash(typed)
    person.save()

    assert authenticate(username="asha", password="wrong " + typed) is None
    person.refresh_from_db()
    assert person.password.startswith("pbkdf2_sha256$")

    assert authenticate(username="asha", password=typed) == person
    person.refresh_from_db()
    assert person.password.startswith("argon2$argon2id$")
    assert authenticate(username="asha", password="fish and office chairs") == person


@pytest.mark.django_db
def test_a_log_in_costs_the_same_with_and_without_an_account(work):
    User.objects.create_user("asha", "asha@example.org", GOOD)
    User.objects.create_user("ravi", "ravi@example.org")  # cannot log in by password
    work.clear()

    for name in ("asha", "ravi", "nobody"):
        assert authenticate(username=name, password="wrong password") is None
    assert work == ["argon2", "argon2", "argon2"]


@pytest.mark.django_db
def test_an_old_hash_is_tried_with_its_own_hasher_alone(work):
    person = User.objects.create_user("asha", "asha@example.org")
    person.password = old_hash(GOOD)
    person.save()

    assert authenticate(username="asha", password="wrong password") is None
    assert work == ["pbkdf2_sha256"]
    authenticate(username="asha", password=GOOD)
    assert work == ["pbkdf2_sha256", "pbkdf2_sha256", "argon2"]


@pytest.mark.django_db
def test_nothing_is_hashed_while_a_transaction_waits(settings):
    assert check_password(GOOD, hashed(GOOD))
    with pytest.raises(RuntimeError, match="before the transaction"), transaction.atomic():
        hashed(GOOD)


def test_a_refusal_never_says_the_password():
    for password in ("warm", "password1234", "123456789012", "pocketindia1", "x" * 200):
        assert password not in refused(password)
        assert refused(password)


def test_the_tests_themselves_hash_quickly():
    assert make_password(GOOD).startswith("md5$")
