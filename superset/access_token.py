"""Print a token for Superset's API, good for a quarter of an hour, where passwords open nothing.

`SUPERSET_TOKEN=$(.superset/env/bin/python superset/access_token.py admin)`, on the machine and with
the variables of Superset: whoever knows its secret key may do everything there anyway.
"""

import os
import sys

from flask_jwt_extended import create_access_token
from superset.app import create_app

app = create_app()
with app.app_context():
    from superset.extensions import security_manager

    name = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("SUPERSET_USER", "admin")
    user = security_manager.find_user(username=name)
    if not user or not user.is_active:
        sys.exit(f"Superset has no active user {name}.")
    print(create_access_token(identity=str(user.id), fresh=True))
