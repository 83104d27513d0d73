"""A text field in a window. Arguments: title, class, file for its text, file for its keys."""

import os
import sys

import gi

gi.require_version("Gdk", "3.0")
gi.require_version("Gtk", "3.0")
from gi.repository import Gdk, Gtk

title, wm_class, text_file, keys_file = sys.argv[1:]


def keep(buffer):
    """Writes the whole text; a reader sees the old or the new one, never a part."""
    text = buffer.get_text(buffer.get_start_iter(), buffer.get_end_iter(), True)
    with open(text_file + ".new", "w", encoding="utf-8", newline="") as file:
        file.write(text)
    os.replace(text_file + ".new", text_file)


def note(_view, event):
    verb = "press" if event.type == Gdk.EventType.KEY_PRESS else "release"
    with open(keys_file, "a", encoding="utf-8") as file:
        file.write(f"{verb} {Gdk.keyval_name(event.keyval)}\n")
    return False


view = Gtk.TextView(wrap_mode=Gtk.WrapMode.WORD_CHAR)
with open(text_file, encoding="utf-8", newline="") as file:
    view.get_buffer().set_text(file.read())
view.get_buffer().connect("changed", keep)
view.connect("key-press-event", note)
view.connect("key-release-event", note)

window = Gtk.Window(title=title, default_width=480, default_height=240)
window.set_wmclass(wm_class.lower(), wm_class)
window.connect("destroy", Gtk.main_quit)
scrolled = Gtk.ScrolledWindow()
scrolled.add(view)
window.add(scrolled)
window.show_all()
Gtk.main()
