// What opens over the desk: memo, search, example, addition, article, codebook card, why. One at a
// time; none covers the sentence but the article, which shows it, and the card. Whatever closes one,
// the desk has the focus again.

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

// --- a list of codes, one of which is chosen --------------------------------------------------

class CodeList {
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
    return element(
      "li",
      {
        id: `${this.node.dataset.part}-${place}`,
        role: "option",
        "aria-selected": String(place === this.chosen),
        "data-place": place,
      },
      element("kbd", {}, cell.code.hotkey ?? ""),
      element("span", {}, cell.code.title),
      element("em", {}, this.where(cell)),
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

// --- search: the codes that have no key, or whose key was forgotten -------------------------

class SearchPanel extends CodeList {
  constructor(parts, desk) {
    super(parts.search, parts.searchList, parts.searchText, desk);
    this.text = parts.searchText;
    this.text.addEventListener("input", () => this.look());
  }

  ready() {
    return this.desk.session.item !== null;
  }

  enter() {
    this.text.value = "";
    this.look();
    this.text.focus({ preventScroll: true });
  }

  renew() {
    this.look();
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

class ExamplePanel extends CodeList {
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

// --- addition: a code or a target more, at the foot of the window ------------------------------

const LOWEST = 150; // pixels; in a lower window the fields scroll

class AdditionPanel {
  constructor(parts, desk) {
    this.node = parts.addition;
    this.kinds = parts.additionKinds;
    this.variables = parts.additionVariables;
    this.title = parts.additionTitle;
    this.defined = parts.additionDefined;
    this.definition = parts.additionDefinition;
    this.keys = parts.additionKeys;
    this.fault = parts.additionFault;
    this.add = parts.additionAdd;
    this.desk = desk;
    this.waiting = false;
    this.add.addEventListener("click", () => this.submit());
    this.kinds.addEventListener("change", () => this.arrange());
  }

  ready() {
    const any = this.growing().length > 0 || this.desk.session.targets().length > 0;
    if (!any) this.desk.session.say("Nothing can be added to this codebook.");
    return any;
  }

  growing() {
    return this.desk.session.scheme.variables.filter((variable) => !variable.shared);
  }

  // What was typed before stays, in case Esc was pressed by mistake.
  enter() {
    const { session, view } = this.desk;
    const growing = this.growing();
    const kinds = [growing.length && "code", session.targets().length && "target"].filter(Boolean);
    const hand = growing.find((variable) => variable === session.inHand()) ?? growing[0];
    this.offer(this.kinds, kinds.map((kind) => [kind, kind]), kinds[0]);
    this.offer(this.variables, growing.map(({ name, heading }) => [name, heading]), hand?.name);
    this.offerKeys("");
    setText(this.fault, "");
    this.arrange();
    const room = innerHeight - view.parts.now.getBoundingClientRect().bottom;
    this.node.style.maxHeight = `${Math.max(LOWEST, room - 24)}px`;
    this.first().focus({ preventScroll: true });
  }

  offer(group, choices, chosen) {
    const options = choices.map(([value, text]) => option(group, value, text, value === chosen));
    group.replaceChildren(group.querySelector("legend"), ...options);
  }

  offerKeys(chosen) {
    const { free_keys: free } = this.desk.session.scheme;
    const none = free.length ? "none" : "none is free: / will find the code";
    this.offer(this.keys, [["", none], ...free.map((key) => [key, key])], chosen);
  }

  // Somebody else may have taken a key meanwhile.
  renew() {
    const chosen = valueOf(this.keys);
    this.offerKeys(this.desk.session.scheme.free_keys.includes(chosen) ? chosen : "");
  }

  arrange() {
    const code = valueOf(this.kinds) === "code";
    for (const group of [this.variables, this.defined, this.keys]) group.hidden = !code;
    this.title.placeholder = code ? "What the chip says" : "Whom or what a stance is toward";
  }

  first() {
    return this.kinds.querySelector(":checked");
  }

  hear(event) {
    if (event.key !== "Enter") return this.choose(event);
    const adds = event.ctrlKey || event.metaKey;
    if (event.target.localName === "button" && !adds) return false;
    if (event.target === this.definition && event.shiftKey) return false;
    if (event.repeat) return true;
    if (adds) this.submit();
    else this.goOn(event.target);
    return true;
  }

  // A letter among the keys is the key; among the other choices it begins the title.
  choose(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.type !== "radio") return false;
    const keys = this.keys.contains(event.target);
    const key = keys && this.keys.querySelector(`[value="${CSS.escape(keyOf(event))}"]`);
    if (key?.value) {
      key.checked = true;
      key.focus();
      return true;
    }
    if (!keys && event.key.length === 1 && event.key !== " ") this.title.focus();
    return false;
  }

  goOn(from) {
    const fields = [this.kinds, this.variables, this.title, this.definition, this.keys];
    const shown = fields.filter((field) => !field.closest("[hidden]"));
    const next = shown[shown.findIndex((field) => field.contains(from)) + 1];
    if (next) (next.querySelector(":checked") ?? next).focus();
    else this.submit();
  }

  stated() {
    const title = this.title.value;
    if (valueOf(this.kinds) === "target") return { add: "target", title };
    const variable = valueOf(this.variables);
    const definition = this.definition.value;
    return { add: "code", variable, title, definition, hotkey: valueOf(this.keys) || null };
  }

  async submit() {
    if (this.waiting) return;
    const { session, panels } = this.desk;
    const unit = session.item?.id;
    this.waiting = true;
    setAttribute(this.node, "aria-busy", "true");
    const { added, fault } = await session.addToCodebook(this.stated());
    this.waiting = false;
    setAttribute(this.node, "aria-busy", null);
    if (fault) return this.complain(fault);
    this.title.value = this.definition.value = "";
    const here = panels.open === this;
    if (here) panels.close();
    if (here && session.item?.id === unit) this.use(added);
    this.desk.paint();
  }

  // A coder adds a code or a target because the sentence in hand needs it.
  use(added) {
    const { session } = this.desk;
    const cell = session.cellOf(added);
    if (added.add === "target") session.choose(added.name);
    else if (cell) this.desk.toggle(cell);
  }

  complain(fault) {
    if (this.desk.panels.open !== this) return this.desk.session.say(fault);
    setText(this.fault, fault);
    this.fault.scrollIntoView({ block: "nearest" });
  }
}

function option(group, value, text, chosen) {
  const attributes = { type: "radio", name: group.dataset.part, value, checked: chosen ? "" : null };
  return element("label", {}, element("input", attributes), element("span", {}, text));
}

function valueOf(group) {
  return group.querySelector(":checked")?.value ?? "";
}

function unfetched(what) {
  return element("p", {}, `${what} cannot be fetched just now.`);
}

// --- article --------------------------------------------------------------------------------

class ArticlePanel {
  constructor(parts, desk) {
    this.node = parts.article;
    this.title = parts.articleTitle;
    this.text = parts.articleText;
    this.desk = desk;
    this.card = parts.articleCard;
    this.text.addEventListener("click", (click) => this.visit(click));
    this.card.addEventListener("click", () => this.openCard());
  }

  ready() {
    return this.desk.session.item !== null;
  }

  async enter() {
    const { item, outbox } = this.desk.session;
    this.card.hidden = isCard(item) || !this.desk.session.asksOfArticles();
    this.text.focus({ preventScroll: true });
    if (this.shown !== item.document.id) this.text.replaceChildren(element("p", {}, "Loading…"));
    setText(this.title, item.document.title || "Untitled");
    const reply = await outbox.ask("/article", { document: item.document.id });
    if (this.desk.panels.open !== this) return;
    if (!reply) return this.text.replaceChildren(unfetched("The article"));
    this.shown = item.document.id;
    this.fill(reply.paragraphs, item);
  }

  fill(paragraphs, item) {
    this.text.replaceChildren(...paragraphs.map((runs) => this.paragraph(runs, item)));
    this.text.querySelector("[aria-current]")?.scrollIntoView({ block: "center" });
  }

  paragraph(runs, item) {
    return element("p", {}, ...runs.map((run) => this.run(run, item)));
  }

  run({ text, unit, status }, item) {
    if (!unit) return document.createTextNode(text);
    const mark = element("mark", { "data-visits": unit }, text);
    const known = this.desk.session.line[this.desk.session.find(unit)];
    setAttribute(mark, "data-status", known?.decision?.status || status || null);
    if (unit === item.id) mark.setAttribute("aria-current", "true");
    return mark;
  }

  visit(click) {
    const unit = click.target.closest("[data-visits]")?.dataset.visits;
    if (!unit || String(getSelection())) return; // selecting text is not choosing a sentence
    this.desk.panels.close();
    this.desk.visit(unit);
  }

  async openCard() {
    this.desk.panels.close();
    await this.desk.session.cards.open();
    this.desk.paint();
  }

  closesOn(event) {
    return keyOf(event) === "v" && !event.repeat;
  }
}

// --- codebook card --------------------------------------------------------------------------

const SHORT_GUIDE = 600; // characters; a longer guide is folded
const ONCE = "(Asked once of each article, on its card.)";
const SHIFT = "Shift + the key of a code, or Shift + click, marks it as rejected.";

class CardPanel {
  constructor(parts, desk) {
    this.node = parts.card;
    this.filter = parts.cardFilter;
    this.text = parts.cardText;
    this.desk = desk;
    this.filter.addEventListener("input", () => this.sift());
  }

  ready() {
    return true;
  }

  enter() {
    this.filter.value = "";
    const { scheme, model } = this.desk.session;
    const learning = learningOf(model);
    this.text.replaceChildren(
      keysOfTheDesk(),
      ...(scheme.codebooks ?? []).filter(({ description }) => description?.trim()).map(guide),
      ...scheme.variables.map((variable) => variableEntry(variable, learning)),
    );
    this.filter.focus({ preventScroll: true });
  }

  sift() {
    const wanted = this.filter.value.trim().toLowerCase();
    for (const entry of this.text.querySelectorAll(".entry")) {
      entry.hidden = !entry.textContent.toLowerCase().includes(wanted);
    }
    for (const group of this.text.children) {
      group.hidden = !group.querySelector(".entry:not([hidden])");
    }
  }

  closesOn(event) {
    return event.key === "?" && !this.filter.value;
  }

  // The filter keeps the focus, so the keys for reading on must reach the text.
  hear(event) {
    const page = this.text.clientHeight * 0.9;
    const step = { ArrowDown: 48, ArrowUp: -48, PageDown: page, PageUp: -page }[event.key];
    if (step) this.text.scrollBy({ top: step });
    return Boolean(step);
  }
}

// How to decide, in the codebook's own words and lines; a long one waits until it is wanted.
function guide({ name, title, description }) {
  const text = description.trim();
  const summary = element("summary", {}, `How to decide: ${title || name}`);
  const open = text.length < SHORT_GUIDE ? "" : null;
  const told = element("p", { class: "guide" }, text);
  return element("section", {}, element("details", { class: "entry", open }, summary, told));
}

// What else the keyboard does, folded away for those who know it.
function keysOfTheDesk() {
  const lines = COMMANDS.map(({ key, named, does }) =>
    element("li", {}, element("kbd", {}, named ?? key), element("span", {}, does)),
  );
  const summary = element("summary", {}, "The desk's keys");
  const list = element("ul", { class: "keys" }, ...lines);
  return element("section", {}, element("details", { class: "entry" }, summary, list));
}

function variableEntry(variable, learning) {
  const entries = variable.codes.map((code) => codeEntry(variable, code, learning));
  const heading = element("h3", {}, variable.heading);
  const { question: asked } = variable;
  const once = variable.unit === "document" ? ONCE : "";
  const told = [asked, once].filter(Boolean).join(" ");
  const question = told ? element("p", { class: "question" }, told) : null;
  const shift = variable.use.includes("rejected") ? element("p", { class: "shift" }, SHIFT) : null;
  return element("section", {}, heading, question, shift, ...entries);
}

function codeEntry(variable, code, learning) {
  const key = code.hotkey ? element("kbd", {}, code.hotkey) : null;
  const targets = variable.targets ?? [{ name: "" }];
  const told = targets
    .map((target) => [target.title, learning.get(chipKey(variable.name, target.name, code.name))])
    .filter(([, text]) => text)
    .map(([title, text]) => (title ? `${title}: ${text}` : text));
  return element(
    "article",
    { class: "entry" },
    element("h4", {}, key, code.title, code.exclusive ? " (stands alone)" : ""),
    element("p", {}, code.definition),
    listOf("Include", code.include),
    listOf("Exclude", code.exclude),
    listOf("Examples", code.examples),
    listOf("Counterexamples", code.counterexamples),
    told.length ? element("p", { class: "learning" }, told.join(" · ")) : null,
  );
}

function listOf(heading, lines) {
  if (!lines.length) return null;
  const items = lines.map((line) => element("li", {}, line));
  const list = element("ul", {}, ...items);
  return element("div", { class: "lines" }, element("h5", {}, heading), list);
}

// --- why ------------------------------------------------------------------------------------

class WhyPanel {
  constructor(parts, desk) {
    this.node = parts.why;
    this.text = parts.whyText;
    this.desk = desk;
  }

  ready() {
    const { session } = this.desk;
    const any = session.shownSuggestions().length > 0;
    if (!any && session.item) session.say("Nothing is suggested for this sentence.", "news");
    return any;
  }

  async enter() {
    const { session } = this.desk;
    const { item } = session;
    this.text.focus({ preventScroll: true });
    this.text.replaceChildren(element("p", {}, "Loading…"));
    const shown = session.shownSuggestions();
    const reasons = await Promise.all(shown.map((candidate) => this.fetch(item, candidate)));
    if (this.desk.panels.open !== this) return;
    this.text.replaceChildren(
      ...shown.map((candidate, place) => this.entry(candidate, reasons[place])),
    );
  }

  fetch(item, { variable, target, code }) {
    const query = { unit: item.id, variable, target: target ?? "", code };
    return this.desk.session.outbox.ask("/why", query);
  }

  entry({ variable, target, code, score }, reason) {
    const chip = this.desk.view.chips.get(chipKey(variable, target ?? "", code));
    const threshold = reason ? ` (shown from ${reason.threshold.toFixed(2)})` : "";
    const heading = element("h4", {}, `${chip?.name ?? code} ${score.toFixed(2)}${threshold}`);
    if (!reason) return element("section", {}, heading, unfetched("The reasons"));
    const most = Math.max(...reason.terms.map((term) => Math.abs(term.weight)), 1e-9);
    const terms = reason.terms.map((term) => termEntry(term, most));
    return element("section", {}, heading, element("ul", { class: "terms" }, ...terms));
  }

  closesOn(event) {
    return keyOf(event) === "w" && !event.repeat;
  }
}

// A bar to the right speaks for the code, to the left against it.
function termEntry({ term, weight }, most) {
  const bar = element("i", { "data-sign": weight < 0 ? "against" : "for" });
  bar.style.width = `${(50 * Math.abs(weight)) / most}%`;
  const figure = `${weight < 0 ? "−" : "+"}${Math.abs(weight).toFixed(2)}`;
  return element(
    "li",
    {},
    element("span", { class: "term" }, term),
    element("span", { class: "weight" }, bar),
    element("small", {}, figure),
  );
}
