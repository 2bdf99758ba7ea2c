"""Accounts: one's own password and PIN, and for those who keep them everybody's."""

from collections.abc import Sequence
from typing import Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QListWidget,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from station.flow.people import People
from station.model.officer import MOST_PIN, NAME_LENGTH, NewAccount, Officer, Right, Role, flaw_of_password
from ui.actions import Actions, Command
from ui.screens.door import NameField, Refusal
from ui.theme import as_role
from ui.widgets.button import ActionButton, Button
from ui.widgets.secret_field import SecretField
from ui.widgets.words import label
from ui.wording.people import about, role, roles
from ui.wording.translate import moment

_OWN_PX, _SIDE_PX = 360, 420
_INDENT_PX = 40
"""What a role is there for stands under its name, right of the box."""


class OwnSecrets(QFrame):
    """The password and the PIN of who is at work; both are changed with the password."""

    def __init__(self, people: People) -> None:
        """Start empty."""
        super().__init__()
        as_role(self, "surface")
        self._people, self._name = people, ""
        self.password = SecretField(self.tr("Your password now"))
        self.new = SecretField(self.tr("New password"))
        self.pin = SecretField(self.tr("New PIN to return by, 4 to 8 digits"))
        self.pin.line.setMaxLength(MOST_PIN)
        self.change_password = Button(self.tr("Change the password"))
        self.change_pin = Button(self.tr("Change the PIN"))
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(12)
        column.addWidget(label(self.tr("Your password and PIN"), "heading"))
        parts = (self.password, self.new, self.change_password, self.pin, self.change_pin)
        for part in parts:
            column.addWidget(part)
        for field in (self.password, self.new, self.pin):
            field.changed.connect(self._look)
        self.change_password.clicked.connect(self._give_password)
        self.change_pin.clicked.connect(self._give_pin)
        self._look()

    def show_owner(self, name: str) -> None:
        """Forget what was typed; these are somebody else's now."""
        self._name = name
        self.clear()

    def clear(self) -> None:
        """Forget what was typed."""
        for field in (self.password, self.new, self.pin):
            field.clear()
        self._look()

    def _look(self) -> None:
        if self.new.text:
            self.new.say_strength(self._name)
        else:
            self.new.say("")
        known = bool(self.password.text)
        self.change_password.setEnabled(known and not flaw_of_password(self.new.text, self._name))
        self.change_pin.setEnabled(known and bool(self.pin.text))

    def _give_password(self) -> None:
        self._people.change_password(self.password.text, self.new.text)
        self.clear()

    def _give_pin(self) -> None:
        self._people.change_pin(self.password.text, self.pin.text)
        self.clear()


class Detail(QFrame):
    """One account, or the one that is to be made."""

    def __init__(self, people: People) -> None:
        """Start with the one that is to be made."""
        super().__init__()
        as_role(self, "surface")
        self._people = people
        self._shown: Officer | None = None
        self._title = label("", "heading", wrap=True)
        self._state = label("", "quiet", wrap=True)
        self.name = NameField(self.tr("Name"), NAME_LENGTH)
        self.roles = {of: QCheckBox(role(of)) for of in Role}
        self.enabled = QCheckBox(self.tr("May sign in"))
        self.password = SecretField(self.tr("Password for once; they replace it when they sign in"))
        self.save = Button(self.tr("Save roles"), "primary")
        self.reset = Button(self.tr("Give this password"))
        self.add = Button(self.tr("Make the account"), "primary")
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(8)
        column.setSpacing(4)
        for head in (self._title, self._state, self.name):
            column.addWidget(head)
        for of, box in self.roles.items():
            column.addWidget(box)
            told = label(about(of), "caption", wrap=True)
            told.setIndent(_INDENT_PX)
            column.addWidget(told)
        column.addWidget(self.enabled)
        column.addSpacing(8)
        for part in (self.save, self.password, self.reset, self.add):
            column.addWidget(part)
        column.addStretch(1)
        for box in (*self.roles.values(), self.enabled):
            box.toggled.connect(self._look)
        for field in (self.name, self.password):
            field.changed.connect(self._look)
        self.save.clicked.connect(self._save)
        self.reset.clicked.connect(self._reset)
        self.add.clicked.connect(self._add)
        self.show_officer(None)

    def show_officer(self, officer: Officer | None) -> None:
        """Show an account; None for a new one."""
        self._shown = officer
        self._title.setText(officer.name if officer else self.tr("A new account"))
        self._state.setText(_state(self, officer) if officer else "")
        self._state.setVisible(bool(self._state.text()))
        for part, there in (
            (self.name, officer is None), (self.add, officer is None), (self.enabled, officer is not None),
            (self.save, officer is not None), (self.reset, officer is not None),
        ):  # fmt: skip
            part.setVisible(there)
        for of, box in self.roles.items():
            box.setChecked(of in officer.roles if officer else of is Role.OFFICER)
        self.enabled.setChecked(officer is None or officer.enabled)
        self.name.clear()
        self.password.clear()
        self._look()

    @property
    def _chosen(self) -> frozenset[Role]:
        return frozenset(of for of, box in self.roles.items() if box.isChecked())

    def _look(self) -> None:
        name = self._shown.name if self._shown else self.name.text
        if self.password.text:
            self.password.say_strength(name)
        else:
            self.password.say("")
        does = not flaw_of_password(self.password.text, name)
        self.add.setEnabled(does and bool(name) and bool(self._chosen))
        self.reset.setEnabled(does)
        shown = self._shown
        changed = shown is not None and (self._chosen, self.enabled.isChecked()) != (shown.roles, shown.enabled)
        self.save.setEnabled(changed and bool(self._chosen))

    def _save(self) -> None:
        if self._shown is not None:
            self._people.change_account(self._shown.id, self._chosen, enabled=self.enabled.isChecked())

    def _reset(self) -> None:
        if self._shown is not None:
            self._people.reset_password(self._shown.id, self.password.text)

    def _add(self) -> None:
        self._people.add_account(NewAccount(self.name.text, self.password.text, self._chosen))


class AccountsScreen(QWidget):
    """Lies over the visit, which stays; closed, the visit is there again."""

    closed = Signal()

    def __init__(self, people: People, actions: Actions) -> None:
        """Start for nobody."""
        super().__init__()
        self._people = people
        self._officers: tuple[Officer, ...] = ()
        self.own = OwnSecrets(people)
        self.detail = Detail(people)
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Accounts"))
        self.list.currentRowChanged.connect(self._choose)
        self.refusal = Refusal()
        self._title = label("", "title")
        self._roles = label("", "quiet")
        self.sign_out = ActionButton(actions[Command.SIGN_OUT])
        self.close_button = Button(self.tr("Back to work"), "primary")
        self.close_button.clicked.connect(self.closed)
        self._build()

    def show_person(self, officer: Officer) -> None:
        """Show the page of who is at work."""
        self._title.setText(officer.name)
        self._roles.setText(roles(officer.roles))
        self.own.show_owner(officer.name)
        self.refusal.quiet()
        keeps = Right.ACCOUNTS in officer.rights
        self._others.setVisible(keeps)
        if keeps:
            self._people.list_accounts()
        self.close_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_accounts(self, officers: Sequence[Officer]) -> None:
        """Show everybody; the account that is shown stays shown."""
        chosen = self._officers[row - 1].id if (row := self.list.currentRow()) > 0 else ""
        self._officers = tuple(officers)
        self.refusal.quiet()
        self.list.blockSignals(True)
        self.list.clear()
        self.list.addItem(self.tr("A new account"))
        for officer in self._officers:
            state = _state(self, officer)
            self.list.addItem("  ·  ".join(filter(None, (officer.name, roles(officer.roles), state))))
        at = next((n for n, officer in enumerate(self._officers, 1) if officer.id == chosen), 0)
        self.list.setCurrentRow(at)
        self.list.blockSignals(False)
        self._choose(at)

    def say(self, text: str, tone: Literal["look", "good"] = "look") -> None:
        """Say what came of a change."""
        self.refusal.say(text, tone)

    def clear(self) -> None:
        """Forget everything that was typed and shown."""
        self.own.clear()
        self.detail.show_officer(None)
        self.show_accounts(())

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(12)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._title)
        words.addWidget(self._roles)
        head.addLayout(words, 1)
        head.addWidget(self.sign_out)
        head.addWidget(self.close_button)
        self._others = QWidget()
        others = QHBoxLayout(self._others)
        others.setContentsMargins(0, 0, 0, 0)
        others.setSpacing(24)
        others.addWidget(self.list, 1)
        side = QScrollArea()
        side.setWidgetResizable(True)
        side.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        side.setFrameShape(QFrame.Shape.NoFrame)
        side.setFixedWidth(_SIDE_PX)
        side.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        side.setWidget(self.detail)
        others.addWidget(side)
        self.own.setFixedWidth(_OWN_PX)
        middle = QHBoxLayout()
        middle.setSpacing(24)
        middle.addWidget(self.own, 0, Qt.AlignmentFlag.AlignTop)
        middle.addWidget(self._others, 1)
        middle.addStretch(0)
        column = QVBoxLayout(self)
        column.setContentsMargins(32, 24, 32, 24)
        column.setSpacing(16)
        column.addLayout(head)
        column.addWidget(self.refusal)
        column.addLayout(middle, 1)

    def _choose(self, row: int) -> None:
        self.detail.show_officer(self._officers[row - 1] if row > 0 else None)


def _state(screen: QWidget, officer: Officer) -> str:
    """Say what is special about an account."""
    if not officer.enabled:
        return screen.tr("closed")
    if officer.waits_until is not None:
        until = moment(officer.waits_until)
        return screen.tr("wrong passwords: {count}, waits until {until}").format(
            count=officer.failures, until=until
        )
    return screen.tr("password for once") if officer.one_time else ""
