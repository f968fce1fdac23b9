// The keyboard at a glance: the codebook's own keys, then what the desk itself hears, in groups.

const GROUPS = {
  decide: "Deciding",
  stance: "Target, holder, how sure",
  evidence: "Evidence",
  text: "The text",
  codebook: "The codebook",
};

// What boxes and panels hear once they are open, and commands do not.
const ELSEWHERE = {
  "A long sentence, an article card": [
    ["↑ ↓", "scroll the text"],
    ["PageUp PageDown", "scroll a card by a page"],
    ["Home End", "go to the beginning and the end of a card"],
  ],
  "Where something is open": [
    ["Esc", "closes it, and the desk has the keys again"],
    ["Ctrl+Enter", "closes the memo; adds the code or target"],
    ["↑ ↓ Enter", "choose in a list"],
    ["Shift+Enter", "Search: the code as rejected; Speaker: one who speaks as well"],
    ["1 … 9", "Why: a sentence coded before; Speaker: who speaks"],
    ["← →", "Why: the other suggested codes; Boundaries: where to split"],
    ["j k", "Boundaries: join with the next sentence, with the one before"],
    ["Tab", "Speaker: direct, indirect or mixed speech"],
  ],
};

class KeysPanel {
  constructor(parts, desk) {
    this.node = parts.keys;
    this.text = parts.keysText;
    this.desk = desk;
    parts.keysBack.addEventListener("click", () => desk.panels.show(desk.panels.card));
    parts.cardKeys.addEventListener("click", () => desk.panels.show(this));
  }

  ready() {
    return true;
  }

  enter() {
    const { variables } = this.desk.session.codebook.scheme;
    const sections = [
      ...variables.map(keysOfVariable),
      ...Object.entries(GROUPS).map(([group, title]) => keysOfGroup(group, title)),
      ...Object.entries(ELSEWHERE).map(([title, lines]) => keySection(title, lines)),
    ];
    this.text.replaceChildren(element("div", { class: "columns" }, ...sections));
    this.text.focus({ preventScroll: true });
  }

  closesOn(event) {
    return event.key === "?";
  }
}

// The positions of a stance have the same keys under every target.
function keysOfVariable({ heading, codes, use }) {
  const keyed = codes.filter(({ hotkey }) => hotkey);
  const lines = keyed.map(({ hotkey, title }) => [hotkey, title]);
  if (use.includes("rejected")) lines.push(["Shift + key", "marks the code as rejected"]);
  if (keyed.length < codes.length) lines.push(["/", "finds the codes that have no key"]);
  return keySection(heading, lines);
}

function keysOfGroup(group, title) {
  const inGroup = COMMANDS.filter((command) => command.group === group);
  return keySection(title, inGroup.map(({ key, named, does }) => [named ?? key, does]));
}

function keySection(title, lines) {
  const items = lines.map(([key, does]) =>
    element("li", {}, element("kbd", {}, key), element("span", {}, does)),
  );
  return element("section", {}, element("h3", {}, title), element("ul", { class: "keys" }, ...items));
}
