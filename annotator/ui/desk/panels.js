// What opens over the desk: memo, search, article, codebook card, why. One at a time; none covers
// the sentence but the article, which shows it. Whatever closes one, the desk has the focus again.

class Panels {
  constructor(root, parts, desk) {
    this.root = root;
    this.desk = desk;
    this.open = null;
    this.memo = new MemoPanel(parts, desk);
    this.search = new SearchPanel(parts, desk);
    this.article = new ArticlePanel(parts, desk);
    this.card = new CardPanel(parts, desk);
    this.why = new WhyPanel(parts, desk);
    for (const panel of [this.memo, this.search, this.article, this.card, this.why]) {
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

// --- search: the codes that have no key, or whose key was forgotten -------------------------

class SearchPanel {
  constructor(parts, desk) {
    this.node = parts.search;
    this.text = parts.searchText;
    this.list = parts.searchList;
    this.desk = desk;
    this.found = [];
    this.chosen = 0;
    this.text.addEventListener("input", () => this.look());
    this.list.addEventListener("mousedown", (press) => this.pick(press));
    this.text.addEventListener("blur", () => desk.panels.open === this && desk.panels.close());
  }

  ready() {
    return this.desk.session.item !== null;
  }

  enter() {
    this.text.value = "";
    this.look();
    this.text.focus({ preventScroll: true });
  }

  look() {
    const { session } = this.desk;
    const wanted = this.text.value.trim().toLowerCase();
    const cells = [...session.cells.values()].filter(
      (cell) => cell.target === session.targetFor(cell.variable),
    );
    this.found = cells
      .map((cell) => ({ cell, rank: rankOf(cell, wanted) }))
      .filter(({ rank }) => rank < Infinity)
      .sort((one, other) => one.rank - other.rank)
      .map(({ cell }) => cell);
    this.chosen = 0;
    this.paint();
  }

  paint() {
    const options = this.found.map((cell, place) => this.option(cell, place));
    if (!options.length) options.push(element("li", { class: "none" }, "No code is called that."));
    this.list.replaceChildren(...options);
    const active = this.found.length ? `found-${this.chosen}` : null;
    setAttribute(this.text, "aria-activedescendant", active);
    this.list.children[this.chosen]?.scrollIntoView({ block: "nearest" });
  }

  option(cell, place) {
    const { session } = this.desk;
    const use = session.draft().chips.get(cell.key);
    const target = cell.variable.targets?.find(({ name }) => name === cell.target)?.title;
    const where = [cell.variable.heading, target].filter(Boolean).join(", ");
    return element(
      "li",
      {
        id: `found-${place}`,
        role: "option",
        "aria-selected": String(place === this.chosen),
        "data-place": place,
      },
      element("kbd", {}, cell.code.hotkey ?? ""),
      element("span", {}, cell.code.title),
      element("em", {}, [where, USE_WORDS[use]].filter(Boolean).join(" · ")),
    );
  }

  hear(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && this.found.length) {
      this.chosen = (this.chosen + step + this.found.length) % this.found.length;
      this.paint();
    } else if (event.key === "Enter") {
      if (!event.repeat) this.toggle(event.shiftKey ? "rejected" : "asserted");
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
    this.toggle(press.shiftKey ? "rejected" : "asserted");
  }

  toggle(use) {
    const cell = this.found[this.chosen];
    if (cell) this.desk.toggle(cell, use);
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
    this.text.addEventListener("click", (click) => this.visit(click));
  }

  ready() {
    return this.desk.session.item !== null;
  }

  async enter() {
    const { item, outbox } = this.desk.session;
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

  closesOn(event) {
    return keyOf(event) === "v" && !event.repeat;
  }
}

// --- codebook card --------------------------------------------------------------------------

const SHORT_GUIDE = 600; // characters; a longer guide is folded
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

function variableEntry(variable, learning) {
  const entries = variable.codes.map((code) => codeEntry(variable, code, learning));
  const heading = element("h3", {}, variable.heading);
  const { question: asked } = variable;
  const question = asked ? element("p", { class: "question" }, asked) : null;
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
    if (!any && session.item) session.say("Nothing is suggested for this sentence.");
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
