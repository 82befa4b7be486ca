import time

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from accounts.models import User
from contact import opening
from contact.models import Message


class PersonFactory(DjangoModelFactory):
    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"writer{n}")
    email = factory.LazyAttribute(lambda person: f"{person.username}@pocket.example")


class MessageFactory(DjangoModelFactory):
    class Meta:
        model = Message

    class Params:
        closed = factory.Trait(
            status=Message.Status.CLOSED, closed_at=factory.LazyFunction(timezone.now)
        )

    subject = "A bridge is missing"
    text = "There is one more bridge over the Periyar."
    name = "Meera Nair"
    email = "meera@mail.example"


def sent(*, after: float = 60, fact: dict | None = None, **answers) -> dict:
    """What a browser sends when somebody filled in the form, some seconds after opening it."""
    return {
        "subject": "A bridge is missing",
        "text": "There is one more bridge over the Periyar.",
        "opened": opening.signed(fact, at=time.time() - after),
        **answers,
    }
