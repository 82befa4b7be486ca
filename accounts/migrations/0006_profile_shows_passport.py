from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_session_networks"),
    ]

    operations = [
        migrations.AddField(
            model_name="profile",
            name="shows_passport",
            field=models.BooleanField(
                db_default=False, default=False, verbose_name="my passport, while I share it"
            ),
        ),
    ]
