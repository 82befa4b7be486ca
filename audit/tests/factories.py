import factory
from django.contrib.auth import get_user_model

from audit import trail


class PersonFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = get_user_model()

    username = factory.Sequence(lambda n: f"person{n}")
    email = factory.LazyAttribute(lambda person: f"{person.username}@example.org")


def leave(count=1, *, actor=None, target=None):
    """Record some deeds and return their entries."""
    return [
        trail.record(
            "states.fact_corrected",
            target=target,
            actor=actor,
            before={"tagline": f"old {n}"},
            after={"tagline": f"new {n}"},
            reason=f"reason {n}",
        )
        for n in range(1, count + 1)
    ]
