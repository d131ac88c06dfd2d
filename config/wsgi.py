"""The WSGI entry point. WSGI, not ASGI: GEOS handles leak one per request under ASGI (Django ticket 29878)."""

import os

from django.core.wsgi import get_wsgi_application

from config.bodies import FinishBodies

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = FinishBodies(get_wsgi_application())
