"""The WSGI entry point. WSGI, not ASGI: GEOS handles leak one per request under ASGI (Django ticket 29878)."""

import os

from django.core.wsgi import get_wsgi_application

from config.bodies import FinishBodies

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# Read by libpq. Who waits for the database longer than this is told to come back, so that a lock that is held keeps no thread from all
# others. A receipt means that it is on the disk, whatever the server's own setting. For what is served only: a migration or an import may
# take its time.
os.environ.setdefault("PGOPTIONS", "-c statement_timeout=30s -c lock_timeout=5s -c synchronous_commit=on")

application = FinishBodies(get_wsgi_application())
