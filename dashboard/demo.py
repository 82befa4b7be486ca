"""A site with people on it, to look around: the same each time, and made up from end to end."""

import random
import secrets
from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import transaction

from accounts.passwords import hashed
from accounts.roles import ADMIN, EDITOR, MODERATOR
from blog import filling
from blog.comments import Comment
from blog.posts import Post
from contact.facts import fact_called
from contact.models import Message
from pocket.web import generation
from states.atlas import read

GIVEN = """
    Asha Ravi Meera Kabir Lata Arjun Fatima Joseph Gurpreet Ananya
    Bina Chandan Devi Imran Jaya Kiran Leela Mohan Nandini Tenzin
"""
FAMILY = ("Rao", "Das", "Nair", "Sharma", "Khan", "Singh", "Iyer", "Bora", "Patel", "Lama")
PAIRS = [(family, given) for family in FAMILY for given in GIVEN.split()]
STORIES, COMMENTS = 40, 3_000
WAITING, REPORTED, MESSAGES = 30, 12, 15
STAFF = {"demo-admin": ADMIN, "demo-editor": EDITOR, "demo-moderator": MODERATOR}
FACTS = ("kerala.literacy-rate-2011", "goa.hdi", "sikkim.population-2011")


@dataclass(frozen=True)
class Demo:
    password: str  # of the three who work there
    members: int
    stories: int
    comments: int


def fill() -> Demo:
    """Raises NotScratchError before anything is written, where somebody is or wrote already."""
    filling.check_scratch()
    chance = random.Random(36)  # noqa: S311 - the same each time is the point
    password = secrets.token_urlsafe(12)
    hash_of_it = hashed(password)  # outside of the transaction: it takes its time
    with transaction.atomic():
        staff = _staff(hash_of_it)
        names = {f"{given}.{family}".lower(): f"{given} {family}" for family, given in PAIRS}
        people = filling.pour_people(names)
        members, newcomers = people[:-WAITING], people[-WAITING:]
        stories = filling.pour_stories(STORIES, staff["demo-editor"], chance)
        each, more = divmod(COMMENTS - WAITING, STORIES)
        shares = [each + (at < more) for at in range(STORIES)]
        comments = filling.pour_comments(stories, members, shares, chance)
        _what_waits(newcomers, members, chance)
    call_command("index_stories", verbosity=0)
    generation.bump()
    return Demo(password, len(people), len(stories), comments + WAITING)


def _staff(password_hash: str) -> dict:
    people = get_user_model().objects
    staff = {}
    for name, role in STAFF.items():
        person = people.create_user(name, f"{name}@pocket.example")
        people.filter(pk=person.pk).update(password=password_hash)
        person.give_role(role, by=None)
        staff[name] = person
    return staff


def _what_waits(newcomers: list, members: list, chance: random.Random) -> None:
    """First comments, reports, messages and corrections, as people send them."""
    newest = list(Post.objects.public().order_by("-published_at")[:10])
    for at, person in enumerate(newcomers):
        words = " ".join(chance.choices(filling.VOCABULARY.split(), k=12))
        Comment.say(newest[at % len(newest)], f"{words.capitalize()}.", by=person)
    shown = Comment.objects.filter(status=Comment.Status.SHOWN).order_by("-id")
    reasons = ["insult", "advert", "false", "private", "other"]
    for at, comment in enumerate(shown[:REPORTED]):
        comment.report(by=members[at], reason=reasons[at % len(reasons)], words="Please look.")
    india = read()
    for at in range(MESSAGES):
        person = members[-1 - at]
        fact = fact_called(FACTS[at % len(FACTS)], india) if at % 5 == 0 else None
        Message.send(
            by=person,
            name=person.display_name,
            email=person.email,
            subject=f"A question about {filling.PLACES[at % len(filling.PLACES)]}",
            text=f"{' '.join(chance.choices(filling.VOCABULARY.split(), k=25)).capitalize()}?",
            fact=fact,
        )
