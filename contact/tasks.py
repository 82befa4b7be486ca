from django.tasks import task

from contact import letters, models


@task
def tell_team(pk: int) -> None:
    message = models.Message.objects.filter(pk=pk).first()
    if message is None:  # erased meanwhile
        return
    for person in models.team():
        if person.email and person.wants_mail(models.MAIL):
            letters.send_to_team(message, person)


@task
def forget_senders() -> None:
    models.forget_old_senders()
