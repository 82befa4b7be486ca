import factory
from factory.django import DjangoModelFactory

from accounts.models import User
from passport.models import Stamp
from states.models import State


class PersonFactory(DjangoModelFactory):
    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"traveller{n}")
    email = factory.LazyAttribute(lambda person: f"{person.username}@pocket.example")


class StampFactory(DjangoModelFactory):
    class Meta:
        model = Stamp

    class Params:
        on = "kerala"

    person = factory.SubFactory(PersonFactory)
    state = factory.LazyAttribute(lambda stamp: State.objects.get(slug=stamp.on))
    kind = Stamp.Kind.VISITED


def fill(person, **kinds: list[str]) -> None:
    """Stamp many states at once: `fill(asha, visited=["goa"], wished=["bihar"])`."""
    for kind, slugs in kinds.items():
        states = State.objects.filter(slug__in=slugs)
        Stamp.objects.bulk_create(Stamp(person=person, state=s, kind=kind) for s in states)
