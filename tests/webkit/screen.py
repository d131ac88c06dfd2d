"""A tablet's screen with WebKit on it, which WebKitWebDriver starts and steers. Runs under Debian's Python, which has WebKit's bindings.

    screen.py FOLDER WIDTH HEIGHT [SCRIPT]

WebKit's own MiniBrowser forgets what pages have stored as soon as it ends when a driver steers it; a tablet does not, and what a child
finds after a crash is what is to be tried. SCRIPT runs in every page before the page's own.
"""

import sys
from pathlib import Path
from typing import Any

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("WebKit2", "4.1")
from gi.repository import GLib, Gtk, WebKit2  # noqa: E402  # the versions come first


class Screen:
    """One window, the page fills it; what pages store stays in a folder."""

    def __init__(self, folder: Path, width: int, height: int, script: str) -> None:
        self.script = script
        # less motion wanted, as in the tests with Chromium
        Gtk.Settings.get_default().set_property("gtk-enable-animations", False)
        self.window = Gtk.Window(decorated=False, default_width=width, default_height=height)
        stored = WebKit2.WebsiteDataManager(base_data_directory=str(folder / "data"), base_cache_directory=str(folder / "cache"))
        self.context = WebKit2.WebContext(website_data_manager=stored)
        self.context.set_preferred_languages(["nb-NO"])
        self.context.set_automation_allowed(True)
        self.context.connect("automation-started", self.introduce)

    def introduce(self, _context: Any, session: Any) -> None:
        """Tell the driver what it steers, by the name that drivers ask for."""
        about = WebKit2.ApplicationInfo()
        about.set_name("MiniBrowser")
        about.set_version(WebKit2.get_major_version(), WebKit2.get_minor_version(), WebKit2.get_micro_version())
        session.set_application_info(about)
        session.connect("create-web-view", self.page)

    def page(self, _session: Any) -> Any:
        """The page that the driver steers."""
        scripts = WebKit2.UserContentManager()
        if self.script:
            frames, when = WebKit2.UserContentInjectedFrames.ALL_FRAMES, WebKit2.UserScriptInjectionTime.START
            scripts.add_script(WebKit2.UserScript(self.script, frames, when, None, None))
        view = WebKit2.WebView(web_context=self.context, user_content_manager=scripts, is_controlled_by_automation=True)
        view.get_settings().set_enable_write_console_messages_to_stdout(True)
        self.window.add(view)
        self.window.show_all()
        return view


if __name__ == "__main__":
    folder, width, height, *script = sys.argv[1:]
    Screen(Path(folder), int(width), int(height), Path(script[0]).read_text(encoding="utf-8") if script else "")
    GLib.MainLoop().run()
