import ipaddress

from django.db import migrations

KEPT_BITS = {4: 24, 6: 48}


def shorten(apps, schema_editor):
    sessions = apps.get_model("usersessions", "UserSession").objects
    for pk, ip in list(sessions.values_list("pk", "ip")):
        address = ipaddress.ip_address(ip)
        address = getattr(address, "ipv4_mapped", None) or address
        network = ipaddress.ip_network((address, KEPT_BITS[address.version]), strict=False)
        sessions.filter(pk=pk).update(ip=str(network.network_address))


class Migration(migrations.Migration):
    """Of where a session came from only the network is kept: what is there is shortened."""

    dependencies = [("accounts", "0004_founder"), ("usersessions", "0001_initial")]

    operations = [migrations.RunPython(shorten, migrations.RunPython.noop)]
