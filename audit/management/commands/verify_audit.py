from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit import chain


class Command(BaseCommand):
    help = "Walk the whole audit log and name the first entry that is missing or was changed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--witness",
            action="append",
            default=[],
            metavar="NUMBER:HASH",
            help="an entry as a log line of pocket.audit kept elsewhere tells it; repeatable",
        )

    def handle(self, *, witness: list[str], **options) -> None:
        verdict = chain.verify(witnesses=dict(map(seen, witness)))
        self.stdout.write(
            f"{verdict.entries} entries hold, {verdict.erased} of them with their details erased;"
            f" looked at in {verdict.seconds:.1f} s. The last is {verdict.entries}:{verdict.hash}"
        )
        if verdict.problem:
            raise CommandError(f"The audit log is not whole. {verdict.problem}")
        if verdict.missing_guards:
            names = ", ".join(verdict.missing_guards)
            raise CommandError(f"The database does not guard the audit log; missing: {names}.")


def seen(witness: str) -> tuple[int, str]:
    number, _, digest = witness.partition(":")
    if not number.isdecimal() or len(digest) != 64:
        raise CommandError(f"{witness!r} is not NUMBER:HASH.")
    return int(number), digest
