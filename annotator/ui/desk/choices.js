// Panels in which one thing of a list is chosen: a code to search for, a code that the sentence is an
// example of. The people of an article are chosen in the same way.

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
    if (!options.length) options.push(element("li", {}, "No code is called that."));
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
    focusQuietly(this.text);
  }

  renew() {
    this.look();
  }
}

// A list that may be filtered has the focus in its filter; under a finger no keyboard comes up before
// the filter is touched.
function focusQuietly(input) {
  input.inputMode = isTouched() ? "none" : "";
  input.onpointerdown = () => (input.inputMode = "");
  input.focus({ preventScroll: true });
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
      (cell) => cell.target === session.hand.targetFor(cell.variable),
    );
    const found = cells
      .map((cell) => ({ cell, rank: rankOf(cell, wanted) }))
      .filter(({ rank }) => rank < Infinity)
      .sort((one, other) => one.rank - other.rank);
    this.offer(found.map(({ cell }) => cell));
  }

  where(cell) {
    const use = this.desk.session.hand.answerFor(cell)?.use;
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
    const codes = session.codebook.exemplified();
    const none = isCard(session.item) ? NO_EXAMPLE : NOTHING_EXEMPLIFIED;
    if (!codes.length && session.item) session.say(none);
    if (codes.length === 1) session.codebook.addExample(codes[0]);
    return codes.length > 1;
  }

  enter() {
    this.offer(this.desk.session.codebook.exemplified());
    this.focused.focus({ preventScroll: true });
  }

  renew() {
    this.offer(this.desk.session.codebook.exemplified());
  }

  take() {
    this.desk.session.codebook.addExample(this.found[this.chosen]);
    this.desk.panels.close();
  }
}

const NO_EXAMPLE = "Examples are sentences: go to one of them, and press e there.";
const NOTHING_EXEMPLIFIED =
  "Toggle a code of the codebook first: e makes this sentence an example of it.";
