"""What each role may do, as permissions. A view asks for the permission, never for the role.

Not made by a migration of their own: a permission exists only once all migrations ran, and what a
role may do changes with what the site can do. So every `migrate` brings the groups to this list.
"""

from django.contrib.auth.models import Group, Permission

ADMIN, EDITOR, MODERATOR, PRODUCER = "Admin", "Editor", "Moderator", "Producer"

DEEDS = ("add", "change", "delete", "view")
STORIES = [f"blog.{deed}_{thing}" for deed in DEEDS for thing in ("post", "tag", "revision")]
STORIES.append("blog.publish_post")
HELD_WORDS = [f"blog.{deed}_heldword" for deed in DEEDS]

# "app.codename"; "app." stands for every permission of that app.
ROLES: dict[str, list[str]] = {
    ADMIN: [
        "accounts.",
        "account.",
        "mfa.",
        "usersessions.",
        "auth.",
        "states.",
        "blog.",
        "contact.answer_message",
        "search.",
        "audit.view_entry",
        "dashboard.",
    ],
    EDITOR: ["states.change_", "states.view_", *STORIES],
    MODERATOR: [
        "blog.moderate_comment",
        "blog.view_comment",
        *HELD_WORDS,
        "contact.answer_message",
    ],
    PRODUCER: [],
}


def set_up(**kwargs) -> None:
    """Make the four groups, each with exactly its permissions; runs after every migration."""
    known = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.select_related("content_type")
    }
    for role, starts in ROLES.items():
        group, _ = Group.objects.get_or_create(name=role)
        group.permissions.set(
            permission for name, permission in known.items() if name.startswith(tuple(starts))
        )
