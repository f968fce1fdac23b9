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
    const { session } = this.desk;
    const { item } = session;
    this.card.hidden = isCard(item) || !session.codebook.asksOfArticles();
    this.text.focus({ preventScroll: true });
    if (this.shown !== item.document.id) this.text.replaceChildren(element("p", {}, "Loading…"));
    setText(this.title, item.document.title || "Untitled");
    const paragraphs = await session.askArticle(item.document.id);
    if (this.desk.panels.open !== this) return;
    if (!paragraphs) return this.text.replaceChildren(unfetched("The article"));
    this.shown = item.document.id;
    this.fill(paragraphs, item);
  }

  fill(paragraphs, item) {
    this.text.replaceChildren(...paragraphs.map((pieces) => this.paragraph(pieces, item)));
    this.text.querySelector("[aria-current]")?.scrollIntoView({ block: "center" });
  }

  paragraph(pieces, item) {
    return element("p", {}, ...pieces.map((piece) => this.piece(piece, item)));
  }

  piece({ text, unit, status }, item) {
    if (!unit) return document.createTextNode(text);
    const mark = element("mark", { "data-visits": unit }, text);
    const known = this.desk.session.line.itemOf(unit);
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
const SHIFT =
  "Shift + the key of a code, Shift + click, or a second tap, marks it as rejected.";

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
    const { codebook, queue } = this.desk.session;
    const { scheme } = codebook;
    const learning = learningOf(queue.model);
    this.text.replaceChildren(
      ...(scheme.codebooks ?? []).filter(({ description }) => description?.trim()).map(guide),
      ...scheme.variables.map((variable) => variableEntry(variable, learning)),
    );
    focusQuietly(this.filter);
    this.comeTo(this.desk.view.about);
  }

  // What the code in hand means is what one wants to read.
  comeTo(cell) {
    const key = cell && chipKey(cell.variable.name, "", cell.code.name);
    const entries = [...this.text.querySelectorAll("[data-entry]")];
    entries.find(({ dataset }) => dataset.entry === key)?.scrollIntoView({ block: "start" });
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

  // The filter keeps the focus, so the keys for reading on must reach the text, and "?" the keys.
  hear(event) {
    if (event.key === "?" && !this.filter.value) {
      this.desk.panels.show(this.desk.panels.keys);
      return true;
    }
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
    { class: "entry", "data-entry": chipKey(variable.name, "", code.name) },
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
