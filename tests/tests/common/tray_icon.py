"""A red tray icon with a menu. Argument: gtk or indicator. Prints what is chosen, `clicked` for a left click."""

import os
import sys

import gi

gi.require_version("Gdk", "3.0")
gi.require_version("GdkPixbuf", "2.0")
gi.require_version("Gtk", "3.0")
from gi.repository import GdkPixbuf, Gtk


def say(word):
    print(word, flush=True)


menu = Gtk.Menu()
for label, enabled in (("_First", True), (None, True), ("Second", False), ("Third", True)):
    if label is None:
        item = Gtk.SeparatorMenuItem()
    else:
        item = Gtk.MenuItem.new_with_mnemonic(label)
        item.set_sensitive(enabled)
        item.connect("activate", lambda _item, word=label.replace("_", ""): say(word))
    menu.append(item)
menu.show_all()

red = GdkPixbuf.Pixbuf.new(GdkPixbuf.Colorspace.RGB, False, 8, 24, 24)
red.fill(0xFF0000FF)

if sys.argv[1] == "gtk":
    icon = Gtk.StatusIcon.new_from_pixbuf(red)
    icon.connect("activate", lambda _icon: say("clicked"))
    icon.connect("popup-menu", lambda icon, button, time: menu.popup(None, None, icon.position_menu, icon, button, time))
else:
    gi.require_version("AyatanaAppIndicator3", "0.1")
    from gi.repository import AyatanaAppIndicator3 as Indicator

    folder = os.environ["XDG_RUNTIME_DIR"]
    red.savev(os.path.join(folder, "red.png"), "png", [], [])
    icon = Indicator.Indicator.new("quoth-test", "red", Indicator.IndicatorCategory.APPLICATION_STATUS)
    icon.set_icon_theme_path(folder)
    icon.set_status(Indicator.IndicatorStatus.ACTIVE)
    icon.set_menu(menu)

Gtk.main()
