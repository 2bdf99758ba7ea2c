"""Nobody is at work: who comes next types name and password."""

from PySide6.QtWidgets import QWidget

from station.flow.events import SignInRefused
from station.flow.people import People
from station.model.officer import NAME_LENGTH
from ui.screens.door import NEW_PASSWORD, Card, NameField, in_the_middle
from ui.widgets.secret_field import SecretField


class SignInScreen(QWidget):
    """Name and password; of somebody who was given a password for once also a new one."""

    def __init__(self, people: People, station: str) -> None:
        """Start empty; `station` is this station's own name."""
        super().__init__()
        self._people = people
        self.name = NameField(self.tr("Name"), NAME_LENGTH)
        self.password = SecretField(self.tr("Password"))
        self.new = SecretField(self.tr("New password of your own"))
        title = self.tr("Sign in")
        self.card = Card("person", title, station, (self.name, self.password, self.new), title)
        self.new.changed.connect(lambda: self.new.say_strength(self.name.text))
        self.card.given.connect(self._sign_in)
        in_the_middle(self, self.card)
        self.clear()

    def clear(self) -> None:
        """Forget everything that was typed."""
        self.new.hide()
        self.card.clear()

    def begin(self) -> None:
        """Take the keys."""
        self.card.begin()

    def refuse(self, event: SignInRefused) -> None:
        """Say why nobody was let in."""
        if event.reason in NEW_PASSWORD:
            self.new.show()
            self.new.say_strength(self.name.text)
        else:
            self.password.clear()
        self.card.refuse(event)
        self.card.begin()

    def _sign_in(self) -> None:
        self._people.sign_in(self.name.text, self.password.text, self.new.text)
