"""The supplier's office: feeds, outgoing messages, the terms.

A page of the office: a view in a module of its own under `staff_only(Role...)` (doors.py), rendered with `doors.page`,
a template that extends `staff/page.html`, a line in urls.py and, where the menu should name it, one in `doors.MENU`.
"""
