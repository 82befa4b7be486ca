"""A site to look around on."""

import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from accounts.models import User
from blog.models import Comment, Post, Report
from contact.models import Message
from dashboard.demo import STAFF

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("states_loaded")]


def demo() -> str:
    told = StringIO()
    call_command("demo", stdout=told)
    return told.getvalue()


def test_there_is_something_to_see_and_to_do_for_everybody_who_works_there(client):
    told = demo()
    assert "200 members, 40 stories, 3000 comments." in told
    password = re.search(r"password of each is (\S+)", told)[1]
    assert User.objects.count() == 203
    assert Post.objects.public().count() == 40
    assert Comment.objects.filter(status="shown").count() == 2_970
    assert Comment.objects.filter(status="waiting").count() == 30
    assert Report.objects.count() == 12
    assert Message.objects.filter(status="new").count() == 15
    assert Message.objects.exclude(fact__isnull=True).count() == 3
    for name in STAFF:
        sent = {"login": name, "password": password}
        assert client.post("/accounts/login/", sent).url == "/dashboard/"
        assert client.get("/dashboard/").status_code == 200
        client.logout()


def test_a_second_one_is_refused_as_is_a_site_with_members(somebody):
    somebody("asha")
    with pytest.raises(CommandError, match="This site has members"):
        demo()
    assert User.objects.count() == 1
    assert not Message.objects.exists()
