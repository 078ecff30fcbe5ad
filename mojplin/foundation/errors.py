"""The one kind of error a person is told about: an act that was refused."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils.functional import Promise


class Refused(Exception):
    """An operation did nothing, for a reason the person should read.

    Subclasses name `message` (translatable, with %(name)s places filled from the keyword arguments) and the
    `field` of the form it belongs to (None: the form as a whole). Never logged as a fault.
    """

    field: ClassVar[str | None] = None
    message: ClassVar[str | Promise]

    def __init__(self, **places: Any) -> None:
        self.places: Mapping[str, Any] = places
        super().__init__(places)

    def __str__(self) -> str:
        return str(self.message) % self.places
