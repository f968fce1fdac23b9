// The keys: what a key press means, and when it is for the desk at all.

// What the desk itself does, by key; a command with a label has a button as well, and `does` is
// what the list of keys says of it, under its `group`. A key that is `held` goes on, and `named` is
// what the list calls it.
const COMMANDS = [
  { key: "Enter", name: "save", group: "decide", label: "Save and next", shown: "⏎",
    does: "keeps the sentence and goes on; what was left untouched is none" },
  { key: "Backspace", name: "back", group: "decide", label: "Back", shown: "⌫",
    does: "goes back to the sentence before" },
  { key: "z", name: "undo", group: "decide", label: "Undo",
    does: "takes the last decision back, after a reload as well" },
  { key: "0", name: "none", group: "decide", label: "None",
    does: "says none to the question in hand" },
  { key: "s", name: "skip", group: "decide", label: "Skip",
    does: "leaves the sentence to somebody else, or later" },
  { key: "x", name: "notCodable", group: "decide", label: "Not codable",
    does: "sets a sentence aside that is boilerplate, broken or off the topic" },
  { key: "Shift+x", name: "restNotCodable", group: "decide", label: "Rest of article", shown: "⇧x",
    does: "sets this sentence and the rest of the article aside" },
  { key: "f", name: "flag", group: "decide", label: "Flag",
    does: "marks the sentence for discussion" },
  { key: "m", name: "memo", group: "decide", label: "Memo", does: "writes a remark" },
  { key: "t", name: "nextTarget", group: "stance", label: "Next target",
    does: "goes to the next target" },
  { key: "Shift+t", name: "previousTarget", group: "stance", label: null,
    does: "goes to the target before" },
  { key: "h", name: "nextHolder", group: "stance", label: null,
    does: "says whose stance it is: the author's, or that of who speaks here, then of who else does" },
  { key: "Shift+h", name: "previousHolder", group: "stance", label: null,
    does: "goes to the holder before" },
  { key: ".", name: "explicit", group: "stance", label: null,
    does: "marks the stance given last as explicit, as implied, as neither" },
  { key: ",", name: "confidence", group: "stance", label: null,
    does: "says how sure that stance is: 1 unsure, 2 fairly, 3 sure, or nothing" },
  { key: "ArrowRight", name: "nextWord", group: "evidence", label: null, held: true, named: "→",
    does: "goes through the words of the sentence, ← back" },
  { key: "ArrowLeft", name: "previousWord", group: "evidence", label: null, held: true, named: "←",
    does: "goes to the word before" },
  { key: "Shift+ArrowRight", name: "extendRight", group: "evidence", label: null, held: true, named: "Shift →",
    does: "chooses words as evidence for the code toggled last, as the mouse does" },
  { key: "Shift+ArrowLeft", name: "extendLeft", group: "evidence", label: null, held: true, named: "Shift ←",
    does: "does so backwards" },
  { key: "Shift+End", name: "extendToEnd", group: "evidence", label: null,
    does: "chooses up to the last word" },
  { key: "Shift+Home", name: "extendToStart", group: "evidence", label: null,
    does: "chooses back to the first word" },
  { key: "Delete", name: "removeEvidence", group: "evidence", label: null,
    does: "takes the evidence under the word cursor away" },
  { key: "Escape", name: "dropEvidence", group: "evidence", label: null, named: "Esc",
    does: "lets the words just chosen go, then the word cursor" },
  { key: "v", name: "article", group: "text", label: "Article",
    does: "opens the article at this sentence" },
  { key: "p", name: "people", group: "text", label: "Speaker",
    does: "says who speaks here, where the desk has it wrong" },
  { key: "|", name: "boundaries", group: "text", label: "Boundaries",
    does: "splits a sentence that was cut wrongly, or joins it with the one beside it" },
  { key: "w", name: "why", group: "text", label: "Why", does: "says why codes are suggested" },
  { key: "/", name: "search", group: "codebook", label: "Search",
    does: "searches for a code by its name" },
  { key: "+", name: "add", group: "codebook", label: "Add code",
    does: "adds a code or a target to the codebook; it is asked from now on" },
  { key: "e", name: "example", group: "codebook", label: "Example",
    does: "puts the sentence among the examples of the code; the codebook page takes it out again" },
  { key: "?", name: "card", group: "codebook", label: "Codebook",
    does: "opens the codebook at the code in hand; pressed again, this list" },
];

const NAMED = new Set([
  "Enter", "Backspace", "Escape", "Delete", "ArrowLeft", "ArrowRight", "Home", "End",
]);

// The physical key: "KeyA" is "a" on every layout. Keyboards without codes (on a tablet, over
// some remote desktops) send none, and there the character has to do.
function keyOf({ code, key }) {
  const physical = /^(?:Key|Digit)(\w)$/.exec(code ?? "");
  if (physical) return physical[1].toLowerCase();
  if (/^Numpad\d$/.test(code ?? "")) return code.at(-1); // NumLock on or off: no cursor here
  if (code === "NumpadEnter") return "Enter";
  return NAMED.has(key) ? key : code ? "" : key.toLowerCase();
}

// "/", "?" and "+" sit on other keys on every layout, so the character counts first. Where "+" is
// on a digit, as on Swiss and Czech boards, the digit stays the codebook's. "." and "," go by
// their place, because on French boards "," is where "m" is elsewhere.
function characterOf({ code, key, shiftKey }) {
  const points = { Period: ".", Comma: ",", "": key }[code ?? ""];
  if (!shiftKey && (points === "." || points === ",")) return points;
  if (key === "?" || key === "/" || key === "|") return key;
  if (code === "Slash") return shiftKey ? "?" : "/";
  const plus = key === "+" || code === "NumpadAdd" || (code === "Equal" && shiftKey);
  return plus && !/^(?:Key|Digit)/.test(code ?? "") ? "+" : "";
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
    const here = cell.target === session.hand.targetFor(cell.variable);
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
