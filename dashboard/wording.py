"""What the log calls `blog.post_published`, in words that follow somebody's name."""

from django.utils.translation import gettext_lazy as _

from accounts.security_log import WORDS as OF_ACCOUNTS
from audit.models import Entry

DONE = {
    "blog.post_started": _("began the story"),
    "blog.post_revised": _("changed the story"),
    "blog.post_published": _("published the story"),
    "blog.post_withdrawn": _("made the story a draft again"),
    "blog.post_archived": _("archived the story"),
    "blog.post_removed": _("put the story into the bin"),
    "blog.post_restored": _("brought back the story"),
    "blog.post_erased": _("deleted the story for good"),
    "blog.comments_opened": _("opened the comments on"),
    "blog.comments_closed": _("closed the comments on"),
    "blog.draft_shared": _("shared the draft"),
    "blog.draft_unshared": _("ended the sharing of the draft"),
    "blog.stories_exported": _("exported the stories"),
    "blog.comment_posted": _("wrote the"),
    "blog.comment_edited": _("changed the"),
    "blog.comment_removed": _("removed the"),
    "blog.comment_reported": _("reported the"),
    "blog.comment_approved": _("approved the"),
    "blog.comment_refused": _("refused the"),
    "blog.comment_reports_dismissed": _("settled the reports of the"),
    "blog.held_word_added": _("added the word to hold"),
    "blog.held_word_changed": _("changed the word to hold"),
    "blog.held_word_removed": _("removed the word to hold"),
    "blog.person_banned": _("banned"),
    "blog.person_unbanned": _("ended the ban of"),
    "contact.message_opened": _("opened the message"),
    "contact.message_assigned": _("said who takes care of the message"),
    "contact.message_noted": _("wrote a note on the message"),
    "contact.message_answered": _("answered the message"),
    "contact.message_closed": _("closed the message"),
    "contact.message_reopened": _("opened again the message"),
    "contact.message_put_back": _("undid the decision about the message"),
    "contact.message_trusted": _("found nothing suspicious in the message"),
    "accounts.role_given": _("gave a role to"),
    "accounts.role_taken": _("took a role from"),
    "accounts.shut_out": _("switched off the account of"),
    "accounts.let_in": _("switched on again the account of"),
    "accounts.logged_in": _("logged in"),
    "accounts.logged_out": _("logged out"),
    "states.fact_corrected": _("corrected a fact of"),
    "dashboard.exported": _("exported a list of the desk"),
    "dashboard.claimed": _("took on the"),
    "dashboard.claim_given_back": _("gave back the"),
    "blog.comment_decision_undone": _("undid the decision about the"),
    "accounts.verification_asked": _("sent a new code to"),
    "audit.check_asked": _("had the log checked on"),
    "dashboard.test_mail_sent": _("sent a mail to try out how mail leaves, to"),
}
ALONE = {"accounts.logged_in", "accounts.logged_out"}  # whose target is who did it


def in_words(entry: Entry) -> str:
    """What was done; of a deed without words of its own, what its name says."""
    if words := DONE.get(entry.action):
        return str(words)
    if words := OF_ACCOUNTS.get(entry.action):
        return f"{words}:"
    name = entry.action.rpartition(".")[2].replace("_", " ")
    return f"{name}:" if entry.target_type else name


def target_of(entry: Entry) -> str:
    return "" if entry.action in ALONE else entry.target_words
