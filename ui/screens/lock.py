"""The work is locked away: its owner returns by PIN or password, or another officer takes it over."""

from PySide6.QtWidgets import QWidget

from station.flow.events import SessionChanged, SignInRefused
from station.flow.people import People
from station.model.officer import LEAST_PIN, MOST_PIN, NAME_LENGTH
from ui.screens.door import NEW_PASSWORD, Card, NameField, in_the_middle
from ui.widgets.button import Button
from ui.widgets.secret_field import SecretField


class LockScreen(QWidget):
    """Nothing of the visit stands here, not even whether there is one."""

    def __init__(self, people: People) -> None:
        """Start for nobody."""
        super().__init__()
        self._people = people
        self._owner = ""
        self._pin = False
        self.name = NameField(self.tr("Name"), NAME_LENGTH)
        self.secret = SecretField(self.tr("Password"))
        self.new = SecretField(self.tr("New password of your own"))
        self.card = Card("lock", "", "", (self.name, self.secret, self.new), self.tr("Go on"))
        self.other = Button(self.tr("Another officer"), "quiet", "people")
        self.other.clicked.connect(self._turn)
        self.card.column.addWidget(self.other)
        self.card.given.connect(self._return)
        self.new.changed.connect(lambda: self.new.say_strength(self.name.text))
        in_the_middle(self, self.card)
        self.clear()

    def lock(self, event: SessionChanged) -> None:
        """Wait for whoever locked; also anew after a wrong PIN."""
        self._owner = event.officer.name if event.officer is not None else ""
        self._pin = event.pin
        self._tell()

    def clear(self) -> None:
        """Forget everything that was typed; whoever locked is expected back."""
        self.card.clear()
        self.name.hide()
        self.new.hide()
        self._tell()

    def begin(self) -> None:
        """Take the keys."""
        self.card.begin()

    def refuse(self, event: SignInRefused) -> None:
        """Say why nobody was let in."""
        if event.reason in NEW_PASSWORD:
            self.new.show()
            self.new.say_strength(self.name.text)
        else:
            self.secret.clear()
        self.card.refuse(event)
        self.card.begin()

    @property
    def _taken_over(self) -> bool:
        return not self.name.isHidden()

    def _turn(self) -> None:
        """Let another officer sign in, or wait for the first one again."""
        taken_over = self._taken_over
        self.card.clear()
        self.new.hide()
        self.name.setVisible(not taken_over)
        self._tell()
        self.begin()

    def _tell(self) -> None:
        if self._taken_over:
            told = self.tr("A visit stays as it is. What is done from then on carries the new name.")
            self.card.tell(self.tr("Another officer"), told)
            self.secret.rename(self.tr("Password, or PIN if you signed in here today"))
            self.other.setText(self.tr("Back to {name}").format(name=self._owner))
        else:
            self.card.tell(self.tr("Locked"), self._owner)
            self.secret.rename(self.tr("PIN or password") if self._pin else self.tr("Password"))
            self.other.setText(self.tr("Another officer"))
        self.other.setAccessibleName(self.other.text())
        self.card.answered()

    def _return(self) -> None:
        secret = self.secret.text
        is_pin = secret.isdecimal() and LEAST_PIN <= len(secret) <= MOST_PIN
        if is_pin and (self._pin or self._taken_over):
            self._people.return_by_pin(secret, self.name.text)
        else:
            self._people.sign_in(self.name.text or self._owner, secret, self.new.text)
