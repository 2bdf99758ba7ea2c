"""The steps of the visit, each with its state."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from station.flow.views import StepState, StepView
from station.model.visit import Step
from ui.theme import Measure, as_role
from ui.widgets.button import RowButton
from ui.widgets.words import IconView, label
from ui.wording.names import mark, name


class Rail(QFrame):
    """The steps from top to bottom; the present one is marked. Up and Down move, Enter goes there."""

    step_chosen = Signal(object)
    """The `Step` that the officer wants to go to."""

    def __init__(self) -> None:
        """Show all steps as to do."""
        super().__init__()
        as_role(self, "left")
        self.setFixedWidth(Measure.RAIL)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 16, 12, 16)
        column.setSpacing(4)
        self._steps = {step: _StepButton(step) for step in Step}
        for step, button in self._steps.items():
            button.clicked.connect(lambda _=False, step=step: self.step_chosen.emit(step))
            column.addWidget(button)
        column.addStretch(1)

    def set_steps(self, steps: tuple[StepView, ...]) -> None:
        """Show the states of the visit in hand; no steps rest the rail."""
        self.setEnabled(bool(steps))
        states = {view.step: view for view in steps}
        for step, button in self._steps.items():
            button.show_step(states.get(step, StepView(step, StepState.TO_DO, False)))


class _StepButton(RowButton):
    def __init__(self, step: Step) -> None:
        super().__init__("step")
        self.setCheckable(True)
        self._step = step
        self._icon = IconView(step.value, "text", 24)
        self._name = label(name(step), "strong")
        self._state_icon = IconView("to_do", "quiet", 16)
        self._state = label("", "caption")
        state = QHBoxLayout()
        state.setSpacing(6)
        state.addWidget(self._state_icon)
        state.addWidget(self._state, 1)
        text = QVBoxLayout()
        text.setSpacing(2)
        text.addWidget(self._name)
        text.addLayout(state)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 8, 8, 8)
        row.setSpacing(14)
        row.addWidget(self._icon)
        row.addLayout(text, 1)
        for part in (self._name, self._state):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.show_step(StepView(step, StepState.TO_DO, False))

    def show_step(self, view: StepView) -> None:
        shown = mark(view.state)
        self.setChecked(view.current)
        self._icon.show_icon(self._step.value, "accent" if view.current else "text")
        as_role(self._name, "strong", "accent" if view.current else "")
        self._state_icon.show_icon(shown.icon, shown.tone)
        self._state.setText(shown.word)
        as_role(self._state, "caption", shown.tone)
        self.setAccessibleName(f"{name(self._step)}, {shown.word}")
