// The commands: what each of them does to the desk, and the buttons of those that have one.

const MEMO = COMMANDS.find(({ name }) => name === "memo");

const OF_SENTENCES = ["restNotCodable", "people", "boundaries", "why", "example"]; // not of cards

const ACTIONS = {
  save: ({ session }) => session.decisions.save(),
  back: ({ session }) => session.back(),
  undo: ({ session }) => session.undo.takeBack(),
  none: ({ session }) => session.hand.none(),
  skip: ({ session }) => session.decisions.skip(),
  notCodable: ({ session }) => session.decisions.notCodable(),
  restNotCodable: ({ session }) => session.decisions.restNotCodable(),
  flag: ({ session }) => session.decisions.flag(),
  memo: (desk) => {
    desk.sight.bring(...desk.sight.boxes);
    desk.panels.show(desk.panels.memo);
  },
  nextTarget: ({ session }) => session.hand.moveTarget(1),
  previousTarget: ({ session }) => session.hand.moveTarget(-1),
  nextHolder: ({ session }) => session.tuples.move(1),
  previousHolder: ({ session }) => session.tuples.move(-1),
  explicit: ({ session }) => session.tuples.cycleExplicit(),
  confidence: ({ session }) => session.tuples.cycleConfidence(),
  nextWord: (desk) => desk.session.evidence.move(desk.step(1)),
  previousWord: (desk) => desk.session.evidence.move(desk.step(-1)),
  extendRight: (desk) => desk.session.evidence.extend(desk.step(1)),
  extendLeft: (desk) => desk.session.evidence.extend(desk.step(-1)),
  extendToEnd: ({ session }) => session.evidence.extend(Infinity),
  extendToStart: ({ session }) => session.evidence.extend(-Infinity),
  removeEvidence: ({ session }) => session.evidence.remove(),
  dropEvidence: ({ session }) => session.evidence.drop(),
  article: ({ panels }) => panels.show(panels.article),
  why: ({ panels }) => panels.show(panels.why),
  people: ({ panels }) => panels.show(panels.people),
  boundaries: ({ panels }) => panels.show(panels.boundaries),
  search: ({ panels }) => panels.show(panels.search),
  add: (desk) => {
    desk.sight.bring(desk.view.parts.now);
    desk.panels.show(desk.panels.addition);
  },
  example: ({ panels }) => panels.show(panels.example),
  card: ({ panels }) => panels.show(panels.card),
};

class CommandsView {
  constructor(toolbar) {
    const shown = COMMANDS.filter((command) => command.label);
    this.buttons = new Map(shown.map((command) => [command.name, commandButton(command)]));
    toolbar.append(...this.buttons.values());
  }

  paint(item) {
    const { flagged, memo } = item?.decision ?? noDecision();
    setAttribute(this.buttons.get("flag"), "aria-pressed", Boolean(flagged));
    setAttribute(this.buttons.get("memo"), "data-on", memo ? "" : null);
    setAttribute(this.buttons.get("memo"), "title", memo || MEMO.does);
    for (const name of OF_SENTENCES) {
      setAttribute(this.buttons.get(name), "aria-disabled", isCard(item) ? "true" : null);
    }
  }
}

function commandButton({ key, name, label, shown, does }) {
  const attributes = {
    type: "button",
    class: "command",
    title: does,
    "data-command": name,
    "aria-keyshortcuts": key === "+" ? "Plus" : key, // where "+" joins keys
  };
  return element("button", attributes, element("kbd", { "aria-hidden": "true" }, shown ?? key), label);
}
