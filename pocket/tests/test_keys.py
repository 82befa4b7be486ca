import time

from pocket.web.keys import uuid7


def test_a_key_says_when_it_was_made_and_sorts_by_it():
    before = time.time_ns() // 1_000_000
    keys = [uuid7() for _ in range(3)]
    after = time.time_ns() // 1_000_000
    for key in keys:
        assert key.version == 7
        assert key.variant == "specified in RFC 4122"
        assert before <= key.int >> 80 <= after
    assert len(set(keys)) == 3


def test_keys_of_the_same_millisecond_sort_too():
    keys = [uuid7() for _ in range(200)]
    assert keys == sorted(keys)
    assert len({key.int & 2**62 - 1 for key in keys}) == 200  # the chance in them
