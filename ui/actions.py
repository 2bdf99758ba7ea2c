"""Every command of the window as data: text, key, icon. Screens connect and enable them, menus list them."""

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QCoreApplication, QObject, Qt
from PySide6.QtGui import QAction, QKeySequence

from ui.wording.translate import QT_TRANSLATE_NOOP


class Command(StrEnum):
    """Names of all commands."""

    SCAN_PAPERS = "scan_papers"
    SCAN_LETTER = "scan_letter"
    SCAN_PASSPORT = "scan_passport"
    CONFIRM_MATCH = "confirm_match"
    TYPE_MRZ = "type_mrz"
    READ_CAMERA = "read_camera"
    CORRECT = "correct"
    TAKE_STILL = "take_still"
    ACCEPT_STILL = "accept_still"
    RETAKE = "retake"
    TAKES_ITSELF = "takes_itself"
    APPLICANT_SCREEN = "applicant_screen"
    SCAN_PAGE = "scan_page"
    SCAN_FEEDER = "scan_feeder"
    SCAN_DUPLEX = "scan_duplex"
    CONTINUE_SCAN = "continue_scan"
    LEAVE_STOPPED = "leave_stopped"
    RESCAN_PAGE = "rescan_page"
    DROP_PAGE = "drop_page"
    UNDO = "undo"
    KEEP_PAGE = "keep_page"
    SET_ASIDE = "set_aside"
    NOT_BROUGHT = "not_brought"
    ANSWER_YES = "answer_yes"
    ANSWER_NO = "answer_no"
    TURN_LEFT = "turn_left"
    TURN_RIGHT = "turn_right"
    STRAIGHTEN = "straighten"
    CROP = "crop"
    PAIR_PAGES = "pair_pages"
    MOVE_PAGES = "move_pages"
    MOVE_UP = "move_up"
    MOVE_DOWN = "move_down"
    PREVIOUS_PAGE = "previous_page"
    FOLLOWING_PAGE = "following_page"
    SAVE_ITEM = "save_item"
    SAVE_RECORD = "save_record"
    PRINT_CHECKLIST = "print_checklist"
    PRINT_SEPARATORS = "print_separators"
    NEXT_STEP = "next_step"
    SEAL = "seal"
    NEXT_APPLICANT = "next_applicant"
    LEAVE = "leave"
    OPEN_RECORD = "open_record"
    WITH_OVERRIDES = "with_overrides"
    IMPORT = "import"
    TAKE_GOOD_LINES = "take_good_lines"
    EXAMPLE_LIST = "example_list"
    TRY_AGAIN = "try_again"
    CANCEL = "cancel"
    STEP_IDENTIFY = "step_identify"
    STEP_PORTRAIT = "step_portrait"
    STEP_DOCUMENTS = "step_documents"
    STEP_REVIEW = "step_review"
    CALIBRATE = "calibrate"
    TO_DESK = "to_desk"
    CHOOSE_DEVICE = "choose_device"
    SCAN_TARGET = "scan_target"
    LAST_RESULT = "last_result"
    COMPARE_DEVICES = "compare_devices"
    CHECK_GLASS = "check_glass"
    OPEN_FOR_TIME = "open_for_time"
    RELEASE_DEVICE = "release_device"
    SAVE_REPORT = "save_report"
    RUN_BEFORE = "run_before"
    PRINT_TARGET = "print_target"
    REFERENCE_FILE = "reference_file"
    FIND_DEVICES = "find_devices"
    LOCK = "lock"
    ACCOUNT = "account"
    SIGN_OUT = "sign_out"
    SCHEME = "scheme"
    HELP = "help"


@dataclass(frozen=True, slots=True)
class Look:
    """A command's text, key ("" = only the primary action's Space) and icon."""

    text: str
    key: str = ""
    icon: str = ""


LOOKS: dict[Command, Look] = {
    Command.SCAN_PAPERS: Look(QT_TRANSLATE_NOOP("Actions", "Scan letter and passport"), "F2", "scanner"),
    Command.SCAN_LETTER: Look(QT_TRANSLATE_NOOP("Actions", "Scan the letter"), "F2", "scanner"),
    Command.SCAN_PASSPORT: Look(QT_TRANSLATE_NOOP("Actions", "Scan the passport"), "F3", "scanner"),
    Command.CONFIRM_MATCH: Look(QT_TRANSLATE_NOOP("Actions", "Confirm and go on"), "F4", "good"),
    Command.TYPE_MRZ: Look(QT_TRANSLATE_NOOP("Actions", "Type the lines"), "Ctrl+M", "keyboard"),
    Command.READ_CAMERA: Look(QT_TRANSLATE_NOOP("Actions", "Read with the camera"), "F7", "camera"),
    Command.CORRECT: Look(QT_TRANSLATE_NOOP("Actions", "Correct"), "F6", "edit"),
    Command.TAKE_STILL: Look(QT_TRANSLATE_NOOP("Actions", "Take the portrait"), "F5", "camera"),
    Command.ACCEPT_STILL: Look(QT_TRANSLATE_NOOP("Actions", "Use this portrait"), "F6", "good"),
    Command.RETAKE: Look(QT_TRANSLATE_NOOP("Actions", "Take it again"), "F7", "camera"),
    Command.TAKES_ITSELF: Look(QT_TRANSLATE_NOOP("Actions", "Takes itself"), "F9", "portrait"),
    Command.APPLICANT_SCREEN: Look(QT_TRANSLATE_NOOP("Actions", "Applicant's screen"), "F11", "people"),
    Command.SCAN_PAGE: Look(QT_TRANSLATE_NOOP("Actions", "Scan a page"), "F2", "scanner"),
    Command.SCAN_FEEDER: Look(QT_TRANSLATE_NOOP("Actions", "Scan from the feeder"), "F3", "scanner"),
    Command.SCAN_DUPLEX: Look(QT_TRANSLATE_NOOP("Actions", "Scan both sides"), "Shift+F3", "scanner"),
    Command.CONTINUE_SCAN: Look(QT_TRANSLATE_NOOP("Actions", "Continue scanning"), "F4", "scanner"),
    Command.LEAVE_STOPPED: Look(QT_TRANSLATE_NOOP("Actions", "Leave it so"), "F12", "close"),
    Command.RESCAN_PAGE: Look(QT_TRANSLATE_NOOP("Actions", "Scan this page again"), "Ctrl+R", "retry"),
    Command.DROP_PAGE: Look(QT_TRANSLATE_NOOP("Actions", "Remove this page"), "Del", "delete"),
    Command.UNDO: Look(QT_TRANSLATE_NOOP("Actions", "Take back"), "Ctrl+Z", "undo"),
    Command.KEEP_PAGE: Look(QT_TRANSLATE_NOOP("Actions", "Keep it with a reason"), "Ctrl+K", "edit"),
    Command.SET_ASIDE: Look(QT_TRANSLATE_NOOP("Actions", "Set it aside with a reason"), "Ctrl+K", "overridden"),
    Command.NOT_BROUGHT: Look(QT_TRANSLATE_NOOP("Actions", "Not brought"), "Ctrl+B", "edit"),
    Command.ANSWER_YES: Look(QT_TRANSLATE_NOOP("Actions", "Yes"), "Y", "good"),
    Command.ANSWER_NO: Look(QT_TRANSLATE_NOOP("Actions", "No"), "N", "close"),
    Command.TURN_LEFT: Look(QT_TRANSLATE_NOOP("Actions", "Turn left"), "Shift+R", "turn_left"),
    Command.TURN_RIGHT: Look(QT_TRANSLATE_NOOP("Actions", "Turn right"), "R", "turn_right"),
    Command.STRAIGHTEN: Look(QT_TRANSLATE_NOOP("Actions", "Straighten"), "S", "straighten"),
    Command.CROP: Look(QT_TRANSLATE_NOOP("Actions", "Cut out the page"), "C", "crop"),
    Command.PAIR_PAGES: Look(QT_TRANSLATE_NOOP("Actions", "Join as front and back"), "P", "pair"),
    Command.MOVE_PAGES: Look(QT_TRANSLATE_NOOP("Actions", "Move to another item"), "M", "move"),
    Command.MOVE_UP: Look(QT_TRANSLATE_NOOP("Actions", "Move to the item above"), "Alt+Up", "move"),
    Command.MOVE_DOWN: Look(QT_TRANSLATE_NOOP("Actions", "Move to the item below"), "Alt+Down", "move"),
    Command.PREVIOUS_PAGE: Look(QT_TRANSLATE_NOOP("Actions", "Page before"), "PgUp", "back"),
    Command.FOLLOWING_PAGE: Look(QT_TRANSLATE_NOOP("Actions", "Page after"), "PgDown", "next"),
    Command.SAVE_ITEM: Look(QT_TRANSLATE_NOOP("Actions", "Save this item as PDF"), "Ctrl+S", "save"),
    Command.SAVE_RECORD: Look(
        QT_TRANSLATE_NOOP("Actions", "Save the whole record as PDF"), "Ctrl+Shift+S", "save"
    ),
    Command.PRINT_CHECKLIST: Look(QT_TRANSLATE_NOOP("Actions", "Print the checklist"), "Ctrl+P", "print"),
    Command.PRINT_SEPARATORS: Look(
        QT_TRANSLATE_NOOP("Actions", "Print separator sheets"), "Ctrl+Shift+P", "print"
    ),
    Command.NEXT_STEP: Look(QT_TRANSLATE_NOOP("Actions", "Go on"), "F8", "next"),
    Command.SEAL: Look(QT_TRANSLATE_NOOP("Actions", "Seal the record"), "F9", "seal"),
    Command.NEXT_APPLICANT: Look(QT_TRANSLATE_NOOP("Actions", "Next applicant"), "F10", "next"),
    Command.LEAVE: Look(QT_TRANSLATE_NOOP("Actions", "Put the visit aside"), "Ctrl+W", "back"),
    Command.OPEN_RECORD: Look(QT_TRANSLATE_NOOP("Actions", "Open the visit"), "Ctrl+Return", "next"),
    Command.WITH_OVERRIDES: Look(QT_TRANSLATE_NOOP("Actions", "With overrides"), "Ctrl+O", "overridden"),
    Command.IMPORT: Look(QT_TRANSLATE_NOOP("Actions", "Import the day's list"), "Ctrl+I", "import"),
    Command.TAKE_GOOD_LINES: Look(QT_TRANSLATE_NOOP("Actions", "Take the good lines"), "Ctrl+G", "import"),
    Command.EXAMPLE_LIST: Look(
        QT_TRANSLATE_NOOP("Actions", "Practise with the example list"), "Ctrl+E", "rehearsal"
    ),
    Command.TRY_AGAIN: Look(QT_TRANSLATE_NOOP("Actions", "Try again"), "Ctrl+T", "retry"),
    Command.CANCEL: Look(QT_TRANSLATE_NOOP("Actions", "Cancel"), "Esc", "close"),
    Command.STEP_IDENTIFY: Look(QT_TRANSLATE_NOOP("Actions", "Identify"), "Ctrl+1"),
    Command.STEP_PORTRAIT: Look(QT_TRANSLATE_NOOP("Actions", "Portrait"), "Ctrl+2"),
    Command.STEP_DOCUMENTS: Look(QT_TRANSLATE_NOOP("Actions", "Documents"), "Ctrl+3"),
    Command.STEP_REVIEW: Look(QT_TRANSLATE_NOOP("Actions", "Review"), "Ctrl+4"),
    Command.CALIBRATE: Look(QT_TRANSLATE_NOOP("Actions", "Calibration"), "Ctrl+Shift+C", "target"),
    Command.TO_DESK: Look(QT_TRANSLATE_NOOP("Actions", "Back to the desk"), "Ctrl+W", "back"),
    Command.CHOOSE_DEVICE: Look(QT_TRANSLATE_NOOP("Actions", "Calibrate this device"), "F8", "target"),
    Command.SCAN_TARGET: Look(QT_TRANSLATE_NOOP("Actions", "Scan the target"), "F2", "scanner"),
    Command.LAST_RESULT: Look(QT_TRANSLATE_NOOP("Actions", "Last result"), "F6", "review"),
    Command.COMPARE_DEVICES: Look(QT_TRANSLATE_NOOP("Actions", "Compare devices"), "F7", "pair"),
    Command.CHECK_GLASS: Look(QT_TRANSLATE_NOOP("Actions", "Check the glass"), "F9", "eye"),
    Command.OPEN_FOR_TIME: Look(QT_TRANSLATE_NOOP("Actions", "Open for a time"), "Ctrl+O", "overridden"),
    Command.RELEASE_DEVICE: Look(QT_TRANSLATE_NOOP("Actions", "Release after repair"), "Ctrl+R", "lock"),
    Command.SAVE_REPORT: Look(QT_TRANSLATE_NOOP("Actions", "Save the report"), "Ctrl+S", "save"),
    Command.RUN_BEFORE: Look(QT_TRANSLATE_NOOP("Actions", "Show the run before"), "Ctrl+B", "retry"),
    Command.PRINT_TARGET: Look(QT_TRANSLATE_NOOP("Actions", "Print a target"), "Ctrl+P", "print"),
    Command.REFERENCE_FILE: Look(QT_TRANSLATE_NOOP("Actions", "Reference file"), "Ctrl+I", "import"),
    Command.FIND_DEVICES: Look(QT_TRANSLATE_NOOP("Actions", "Look for devices"), "Ctrl+D", "retry"),
    Command.LOCK: Look(QT_TRANSLATE_NOOP("Actions", "Lock the screen"), "Ctrl+L", "lock"),
    Command.ACCOUNT: Look(QT_TRANSLATE_NOOP("Actions", "Accounts and password"), "Ctrl+Shift+A", "people"),
    Command.SIGN_OUT: Look(QT_TRANSLATE_NOOP("Actions", "Sign out"), "Ctrl+Shift+O", "person"),
    Command.SCHEME: Look(QT_TRANSLATE_NOOP("Actions", "Light or dark"), "Ctrl+Shift+L", "scheme"),
    Command.HELP: Look(QT_TRANSLATE_NOOP("Actions", "Keys"), "F1", "info"),
}


class Actions(QObject):
    """One `QAction` for each command, made once. A screen's own actions are added to the screen's widget.

    Screens share keys (F2 scans, whatever the screen): a key acts in the screen that is shown.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        """Make them all, enabled, connected to nothing; they and what hangs on them go with their parent."""
        super().__init__(parent)
        self._made = {command: self._make(look) for command, look in LOOKS.items()}

    def __getitem__(self, command: Command) -> QAction:
        """Return the action of a command."""
        return self._made[command]

    def _make(self, look: Look) -> QAction:
        text = QCoreApplication.translate("Actions", look.text)
        action = QAction(text, self)
        action.setToolTip(text)
        if look.key:
            action.setShortcut(QKeySequence(look.key))
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.setProperty("icon_name", look.icon)
        return action
