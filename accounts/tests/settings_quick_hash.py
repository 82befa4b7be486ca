"""The settings of a served site, but for a hash of passwords that costs nothing."""

from pocket.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
