// What opens over the desk: memo, search, example, addition, article, codebook card, why, speakers,
// boundaries. One at a time; none covers the sentence but the article, which shows it, and the card.
// Whatever closes one, the desk has the focus again.

class Panels {
  constructor(root, parts, desk) {
    this.root = root;
    this.desk = desk;
    this.open = null;
    this.memo = new MemoPanel(parts, desk);
    this.search = new SearchPanel(parts, desk);
    this.example = new ExamplePanel(parts, desk);
    this.addition = new AdditionPanel(parts, desk);
    this.article = new ArticlePanel(parts, desk);
    this.card = new CardPanel(parts, desk);
    this.why = new WhyPanel(parts, desk);
    this.people = new PeoplePanel(parts, desk);
    this.boundaries = new BoundaryPanel(parts, desk);
    const { memo, search, example, addition, article, card, why, people, boundaries } = this;
    for (const panel of [memo, search, example, addition, article, card, why, people, boundaries]) {
      this.watch(panel);
    }
  }

  watch(panel) {
    panel.node.addEventListener("close", () => this.open === panel && this.close());
    panel.node.querySelector("[data-close]")?.addEventListener("click", () => this.close());
    // A click beside a dialog lands on the dialog itself: it means "away with it".
    panel.node.addEventListener("click", (click) => {
      if (click.target === panel.node && panel.node.localName === "dialog") this.close();
    });
  }

  show(panel) {
    this.close();
    if (!panel.ready()) return;
    this.open = panel;
    if (panel.node.localName === "dialog") panel.node.showModal();
    else panel.node.hidden = false;
    panel.enter();
  }

  close() {
    const panel = this.open;
    if (!panel) return;
    this.open = null;
    panel.leave?.();
    if (panel.node.localName === "dialog") panel.node.close();
    else panel.node.hidden = true;
    this.root.focus({ preventScroll: true });
  }

  // True when the key was for the panel; everything else typed there is text.
  hear(event) {
    const { open } = this;
    if (event.key === "Escape" || open.closesOn?.(event)) {
      this.close();
      return true;
    }
    return open.hear?.(event) ?? false;
  }
}

// What the server answers a panel, which is busy meanwhile.
async function answered(panel, answer) {
  panel.waiting = true;
  setAttribute(panel.node, "aria-busy", "true");
  const came = await answer;
  panel.waiting = false;
  setAttribute(panel.node, "aria-busy", null);
  return came;
}

// --- memo: covers the paragraph above, never the sentence ----------------------------------

class MemoPanel {
  constructor(parts, desk) {
    this.node = parts.memo;
    this.text = parts.memoText;
    this.desk = desk;
    // A click elsewhere keeps what was written, as Esc does.
    this.text.addEventListener("blur", () => desk.panels.open === this && desk.panels.close());
  }

  ready() {
    return this.desk.session.item !== null;
  }

  enter() {
    this.text.value = this.desk.session.item.decision?.memo ?? "";
    this.text.focus({ preventScroll: true });
  }

  leave() {
    this.desk.session.memo(this.text.value.trim());
    this.desk.view.paint();
  }

  closesOn(event) {
    return event.key === "Enter" && (event.ctrlKey || event.metaKey);
  }
}

// --- a list, of codes or of people, one of which is chosen ------------------------------------

class ChoiceList {
  constructor(node, list, focused, desk) {
    this.node = node;
    this.list = list;
    this.focused = focused; // has the focus while one walks the list
    this.desk = desk;
    this.found = [];
    this.chosen = 0;
    list.addEventListener("mousedown", (press) => this.pick(press));
    focused.addEventListener("blur", () => desk.panels.open === this && desk.panels.close());
  }

  offer(found) {
    this.found = found;
    this.chosen = 0;
    this.paint();
  }

  paint() {
    const options = this.found.map((cell, place) => this.option(cell, place));
    if (!options.length) options.push(element("li", { class: "none" }, "No code is called that."));
    this.list.replaceChildren(...options);
    const active = this.found.length ? `${this.node.dataset.part}-${this.chosen}` : null;
    setAttribute(this.focused, "aria-activedescendant", active);
    this.list.children[this.chosen]?.scrollIntoView({ block: "nearest" });
  }

  option(cell, place) {
    return this.entry(place, cell.code.hotkey ?? "", cell.code.title, this.where(cell));
  }

  entry(place, key, name, where) {
    return element(
      "li",
      {
        id: `${this.node.dataset.part}-${place}`,
        role: "option",
        "aria-selected": String(place === this.chosen),
        "data-place": place,
      },
      element("kbd", {}, key),
      element("span", {}, name),
      element("em", {}, where),
    );
  }

  where({ variable }) {
    return variable.heading;
  }

  hear(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && this.found.length) {
      this.chosen = (this.chosen + step + this.found.length) % this.found.length;
      this.paint();
    } else if (event.key === "Enter") {
      if (!event.repeat) this.take(event.shiftKey);
    } else {
      return false;
    }
    return true;
  }

  // mousedown, because the click would come after the blur that closes the list.
  pick(press) {
    press.preventDefault();
    const option = press.target.closest("[data-place]");
    if (!option) return;
    this.chosen = Number(option.dataset.place);
    this.take(press.shiftKey);
  }
}

// One that is filtered by what is typed.
class FilteredList extends ChoiceList {
  constructor(node, list, text, desk) {
    super(node, list, text, desk);
    this.text = text;
    text.addEventListener("input", () => this.look());
  }

  enter() {
    this.text.value = "";
    this.look();
    this.text.focus({ preventScroll: true });
  }

  renew() {
    this.look();
  }
}

// --- search: the codes that have no key, or whose key was forgotten -------------------------

class SearchPanel extends FilteredList {
  constructor(parts, desk) {
    super(parts.search, parts.searchList, parts.searchText, desk);
  }

  ready() {
    return this.desk.session.item !== null;
  }

  look() {
    const { session } = this.desk;
    const wanted = this.text.value.trim().toLowerCase();
    const cells = [...session.cells.values()].filter(
      (cell) => cell.target === session.targetFor(cell.variable),
    );
    const found = cells
      .map((cell) => ({ cell, rank: rankOf(cell, wanted) }))
      .filter(({ rank }) => rank < Infinity)
      .sort((one, other) => one.rank - other.rank);
    this.offer(found.map(({ cell }) => cell));
  }

  where(cell) {
    const use = this.desk.session.answerFor(cell)?.use;
    const target = cell.variable.targets?.find(({ name }) => name === cell.target)?.title;
    const where = [cell.variable.heading, target].filter(Boolean).join(", ");
    return [where, USE_WORDS[use]].filter(Boolean).join(" · ");
  }

  take(rejected) {
    const cell = this.found[this.chosen];
    if (cell) this.desk.toggle(cell, rejected ? "rejected" : "asserted");
    this.desk.panels.close();
  }
}

// Titles that begin with the words come first, then words within, then the definition.
function rankOf({ code }, wanted) {
  const title = code.title.toLowerCase();
  if (title.startsWith(wanted)) return 0;
  if (title.includes(` ${wanted}`)) return 1;
  if (title.includes(wanted) || code.name.includes(wanted)) return 2;
  return code.definition.toLowerCase().includes(wanted) ? 3 : Infinity;
}

// --- example: of which of the codes that are on ------------------------------------------------

class ExamplePanel extends ChoiceList {
  constructor(parts, desk) {
    super(parts.example, parts.exampleList, parts.exampleList, desk);
  }

  // With one code on there is nothing to choose.
  ready() {
    const { session } = this.desk;
    const codes = session.exemplified();
    const none = isCard(session.item) ? NO_EXAMPLE : NOTHING_EXEMPLIFIED;
    if (!codes.length && session.item) session.say(none);
    if (codes.length === 1) session.addExample(codes[0]);
    return codes.length > 1;
  }

  enter() {
    this.offer(this.desk.session.exemplified());
    this.focused.focus({ preventScroll: true });
  }

  renew() {
    this.offer(this.desk.session.exemplified());
  }

  take() {
    this.desk.session.addExample(this.found[this.chosen]);
    this.desk.panels.close();
  }
}

const NO_EXAMPLE = "Examples are sentences: go to one of them, and press e there.";
const NOTHING_EXEMPLIFIED =
  "Toggle a code of the codebook first: e makes this sentence an example of it.";
