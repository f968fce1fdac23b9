// The keys: what a key press means, and when it is for the desk at all.

// What the desk itself does, by key; a command with a label has a button as well.
const COMMANDS = [
  { key: "Enter", name: "save", label: "Save and next", shown: "⏎" },
  { key: "Backspace", name: "back", label: "Back", shown: "⌫" },
  { key: "z", name: "undo", label: "Undo" },
  { key: "0", name: "none", label: "None" },
  { key: "s", name: "skip", label: "Skip" },
  { key: "x", name: "notCodable", label: "Not codable" },
  { key: "Shift+x", name: "restNotCodable", label: "Rest of article", shown: "⇧x" },
  { key: "f", name: "flag", label: "Flag" },
  { key: "m", name: "memo", label: "Memo" },
  { key: "t", name: "nextTarget", label: "Next target" },
  { key: "Shift+t", name: "previousTarget", label: null },
  { key: "v", name: "article", label: "Article" },
  { key: "w", name: "why", label: "Why" },
  { key: "/", name: "search", label: "Search" },
  { key: "?", name: "card", label: "Codebook" },
];

const NAMED = new Set(["Enter", "Backspace", "Escape"]);

// The physical key: "KeyA" is "a" on every layout. Keyboards without codes (on a tablet, over
// some remote desktops) send none, and there the character has to do.
function keyOf({ code, key }) {
  const physical = /^(?:Key|Digit)(\w)$/.exec(code ?? "");
  if (physical) return physical[1].toLowerCase();
  if (/^Numpad\d$/.test(code ?? "")) return code.at(-1); // NumLock on or off: no cursor here
  if (code === "NumpadEnter") return "Enter";
  return NAMED.has(key) ? key : code ? "" : key.toLowerCase();
}

// "/" and "?" sit on other keys on every layout, so the character counts first.
function characterOf({ code, key, shiftKey }) {
  if (key === "?" || key === "/") return key;
  if (code === "Slash") return shiftKey ? "?" : "/";
  return "";
}

// What a press means: { cell, use } for a code, { command } for the desk, or null.
function meaningOf(event, session) {
  const key = keyOf(event);
  const code = cellFor(key, session);
  if (code && !event.shiftKey) return { cell: code, use: "asserted" };
  if (code && code.variable.choice === "many") return { cell: code, use: "rejected" };
  const pressed = event.shiftKey && key ? `Shift+${key}` : key;
  const command =
    COMMANDS.find((one) => key && one.key === pressed) ??
    COMMANDS.find((one) => one.key === characterOf(event));
  return command ? { command } : null;
}

function cellFor(hotkey, session) {
  if (!hotkey || !session.item) return null;
  for (const cell of session.cells.values()) {
    const here = cell.target === session.targetFor(cell.variable);
    if (here && cell.code.hotkey === hotkey) return cell;
  }
  return null;
}

// Enter and Space work a button or a link that has the focus. A chip and the name of a target are
// toggled by Space alone: there Enter saves, as it does everywhere else.
function isForFocused(event) {
  const worked = event.target.closest?.("button, a");
  if (!worked || worked.matches("[data-testid=code], .target")) return false;
  return event.key === "Enter";
}

// A press outside the desk is for it only when nothing there has the focus: the page's body, or
// an element that holds the desk. An open dialog of Streamlit's is somebody else's business.
function isHeardFromOutside(host) {
  const active = document.activeElement;
  return (!active || active === document.body || active.contains(host)) && !isDialogOpen();
}

function isDialogOpen() {
  return document.querySelector('[role="dialog"], [aria-modal="true"]') !== null;
}
