"""Make Superset's metadata, its own roles and an administrator: once, and again after an update.

`.superset/env/bin/python superset/prepare.py`, with the variables of superset_config.py and the
administrator's password in SUPERSET_PASSWORD. In one process, as every start costs seconds.
"""

import os
import sys

from flask_migrate import upgrade
from superset.app import create_app

app = create_app()
with app.app_context():
    from superset.extensions import appbuilder, security_manager

    upgrade()
    appbuilder.add_permissions(update_perms=True)
    security_manager.sync_role_definitions()
    name = os.environ.get("SUPERSET_USER", "admin")
    if not security_manager.find_user(username=name):
        if not os.environ.get("SUPERSET_PASSWORD"):
            sys.exit(f"SUPERSET_PASSWORD is not set: it is to be the password of {name}.")
        security_manager.add_user(
            username=name,
            first_name=name,
            last_name="",
            email=f"{name}@localhost",
            role=security_manager.find_role("Admin"),
            password=os.environ["SUPERSET_PASSWORD"],
        )
