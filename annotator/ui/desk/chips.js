// The chips: a button for every code of what is asked, under each of its targets, grouped by
// variable. Built once for a codebook; afterwards only what differs is written.

const SHORT = 3; // codes; a shorter question stands on one line with its answers

class ChipsView {
  constructor(root, answers, tuples) {
    this.root = root;
    this.answers = answers;
    this.tuples = tuples; // which draws the holders, on the line of a question
    this.chips = new Map(); // chip key → { node, score, cell, target, painted }
    this.rows = []; // the rows of targets, for marking the active one and those that are none
    this.groups = new Map(); // variable → { node, mark, variable }
    this.learning = new Map(); // chip key → "learning: 7 of about 20 sentences"
  }

  // The chip of a button.
  of({ dataset: { variable, target, code } }) {
    return this.chips.get(chipKey(variable, target ?? "", code));
  }

  // --- building ---------------------------------------------------------------------------

  build({ cells, variables }) {
    const focused = this.root.getRootNode().activeElement?.closest(".variable [data-testid=code]");
    this.chips.clear();
    this.groups.clear();
    this.rows = [];
    for (const group of this.answers.querySelectorAll(".variable")) group.remove();
    this.answers.append(...variables.map((variable) => this.group(variable, cells)));
    if (focused) this.focusAgain(focused.dataset);
  }

  // A newer scheme must not take the keys from a coder who walks the chips with Tab.
  focusAgain({ variable, target, code }) {
    const chip = this.chips.get(chipKey(variable, target ?? "", code));
    (chip?.node ?? this.root).focus({ preventScroll: true });
  }

  group(variable, cells) {
    const id = `variable-${variable.name}`;
    const mark = element("span", { class: "looked" });
    const heading = element("h3", { id }, variable.heading, mark);
    const question = element("span", { class: "question", title: askedOf(variable) });
    question.textContent = question.title;
    const holders = variable.holder ? this.tuples.holders() : null;
    const body = variable.targets ? this.matrix(variable, cells) : this.cloud(variable, cells);
    const node = element(
      "div",
      { class: "variable", role: "group", "aria-labelledby": id, "data-variable": variable.name },
      element("div", { class: "asked" }, heading, question, holders),
      body,
    );
    const short = !variable.targets && !variable.holder && variable.codes.length <= SHORT;
    setAttribute(node, "data-short", short ? "" : null);
    this.groups.set(variable.name, { node, mark, variable });
    return node;
  }

  cloud(variable, cells) {
    const keys = variable.codes.map((code) => chipKey(variable.name, "", code.name));
    const chips = keys.map((key) => this.chip(cells.get(key)));
    return element("div", { class: "cloud" }, ...chips);
  }

  matrix(variable, cells) {
    const rows = variable.targets.map((target) => this.row(variable, target, cells));
    const matrix = element("div", { class: "matrix" }, ...rows);
    matrix.style.setProperty("--positions", variable.codes.length);
    return matrix;
  }

  row(variable, target, cells) {
    const mark = element("span", { class: "looked" });
    const title = element("span", { class: "name" }, target.title);
    const name = element("button", { type: "button", class: "target" }, title, mark);
    name.dataset.activates = target.name;
    const keys = variable.codes.map((code) => chipKey(variable.name, target.name, code.name));
    const chips = keys.map((key) => this.chip(cells.get(key), target));
    const attributes = { class: "row", role: "group", "aria-label": target.title };
    const node = element("div", attributes, name, ...chips);
    this.rows.push({ node, mark, variable, target });
    return node;
  }

  chip(cell, target = null) {
    const { code, key, variable } = cell;
    const score = element("small", { class: "score", "aria-hidden": "true" });
    const node = element(
      "button",
      {
        type: "button",
        class: "chip",
        "data-testid": "code",
        "data-variable": variable.name,
        "data-code": code.name,
        "data-target": target?.name,
        "aria-pressed": "false",
        "aria-keyshortcuts": code.hotkey,
      },
      element("kbd", {}, code.hotkey ?? ""),
      element("span", { class: "name" }, code.title),
      score,
    );
    colorAs(node, code);
    this.chips.set(key, { node, score, cell, target: target?.title ?? "", painted: "" });
    return node;
  }

  // --- painting ---------------------------------------------------------------------------

  paint(session) {
    this.paintChips(session);
    this.paintRows(session.hand);
    this.paintGroups(session.hand);
  }

  paintChips(session) {
    const { hand } = session;
    const draft = hand.draft();
    const scores = new Map(shownSuggestions(session).map((one) => [chipKeyOf(one), one.score]));
    // A model learns from sentences alone.
    this.learning = isCard(session.item) ? new Map() : learningOf(session.queue.model);
    for (const [key, chip] of this.chips) {
      const answer = hand.answerFor(chip.cell);
      const holder = draft ? hand.holderFor(chip.cell.variable) : "";
      paintChip(chip, answer, holder, scores.get(key), this.learning.get(key) ?? "");
    }
  }

  paintRows(hand) {
    const draft = hand.draft();
    for (const { node, mark, variable, target } of this.rows) {
      const active = draft && hand.targetFor(variable) === target.name;
      setAttribute(node, "data-active", active ? "true" : null);
      setAttribute(node, "aria-current", active ? "true" : null);
      const row = draft && rowKey(variable.name, target.name, hand.holderFor(variable));
      setText(mark, draft?.none.has(row) ? "none ✓" : "");
    }
  }

  paintGroups(hand) {
    const draft = hand.draft();
    const inHand = draft && hand.variable()?.name;
    for (const [name, { node, mark, variable }] of this.groups) {
      setAttribute(node, "data-hand", name === inHand ? "" : null);
      const row = draft && rowKey(name, "", hand.holderFor(variable));
      setText(mark, draft?.none.has(row) ? "none ✓" : "");
    }
  }
}

function askedOf({ question, required }) {
  return [question, required && "(must be answered)"].filter(Boolean).join(" ");
}

function paintChip(chip, answer, holder, score, learning) {
  const use = answer?.use ?? "";
  const spans = answer?.spans.length ?? 0;
  const painted = `${use}|${spans}|${holder}|${score ?? ""}|${learning}`;
  if (painted === chip.painted) return;
  chip.painted = painted;
  const { node, cell } = chip;
  const shown = score === undefined ? "" : score.toFixed(2);
  setAttribute(node, "aria-pressed", use ? "true" : "false");
  setAttribute(node, "data-use", use || null);
  setAttribute(node, "data-suggested", shown ? "" : null);
  setAttribute(node, "title", chipTip(cell, learning) || null);
  setAttribute(node, "aria-label", chipLabel(chip, answer, holder, shown));
  setText(chip.score, [use === "rejected" ? "rejected" : "", shown].filter(Boolean).join(" "));
}
