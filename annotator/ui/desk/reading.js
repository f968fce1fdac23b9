// What is read beside the sentence: its article, and the codebook card.

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
    const reply = await outbox.ask("/article", {
      document: item.document.id,
      ...this.desk.session.seat(),
    });
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
