// The view: puts a session on the screen. Everything is built once; afterwards only texts and
// attributes that differ are written, so that a key is on screen in the next frame. Text of
// articles and codebooks goes in as textContent, never as markup.

const TRAIL = 6;
const LONG_SENTENCE = 330; // characters; a longer one is set smaller before it has to scroll
const SHORT = 3; // codes; a shorter question stands on one line with its answers
const HINT = "Point at a code to read what it means, or press ? for the whole codebook.";

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

// null takes the attribute away.
function setAttribute(node, name, value) {
  if (value === null) node.removeAttribute(name);
  else if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value);
}

function partsOf(root) {
  const parts = {};
  for (const node of root.querySelectorAll("[data-part]")) {
    parts[node.dataset.part.replace(/-(\w)/g, (_, letter) => letter.toUpperCase())] = node;
  }
  return parts;
}

class View {
  constructor(root) {
    this.root = root;
    this.parts = partsOf(root);
    this.session = null;
    this.scheme = null; // of which the chips are …
    this.form = null; // … those about a sentence, or about a whole document
    this.chips = new Map(); // chip key → { node, score, cell, painted }
    this.rows = []; // the rows of targets, for marking the active one and those that are none
    this.groups = new Map(); // variable → { node, mark, variable }
    this.learning = new Map(); // chip key → "learning: 7 of about 20"
    this.about = null;
    this.unit = null; // which the definition box speaks about
    this.empty = null;
    this.sentence = new SentenceView(this.parts);
    this.article = new ArticleView(this.parts);
    this.tuples = new TuplesView(this.parts);
  }

  // --- building ---------------------------------------------------------------------------

  build() {
    const { scheme, cells, variables } = this.session;
    const focused = this.root.getRootNode().activeElement?.closest(".variable [data-testid=code]");
    this.scheme = scheme;
    this.form = formOf(this.session.item);
    this.chips.clear();
    this.groups.clear();
    this.rows = [];
    this.about = cells.get(this.about?.key) ?? null;
    this.tuples.build(variables);
    this.trailMark = null; // a code may have another title now
    for (const group of this.parts.answers.querySelectorAll(".variable")) group.remove();
    const groups = variables.map((variable) => this.group(variable));
    this.parts.answers.append(...groups);
    if (focused) this.focusAgain(focused.dataset);
  }

  // A newer scheme must not take the keys from a coder who walks the chips with Tab.
  focusAgain({ variable, target, code }) {
    const chip = this.chips.get(chipKey(variable, target ?? "", code));
    (chip?.node ?? this.root).focus({ preventScroll: true });
  }

  group(variable) {
    const id = `variable-${variable.name}`;
    const mark = element("span", { class: "looked" });
    const heading = element("h3", { id }, variable.heading, mark);
    const question = element("span", { class: "question", title: this.asked(variable) });
    question.textContent = question.title;
    const holders = variable.holder ? this.tuples.holders() : null;
    const body = variable.targets ? this.matrix(variable) : this.cloud(variable);
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

  asked(variable) {
    const notes = [variable.question];
    if (variable.required) notes.push("(must be answered)");
    return notes.filter(Boolean).join(" ");
  }

  cloud(variable) {
    const chips = variable.codes.map((code) => this.chip(chipKey(variable.name, "", code.name)));
    return element("div", { class: "cloud" }, ...chips);
  }

  matrix(variable) {
    const rows = variable.targets.map((target) => this.row(variable, target));
    const matrix = element("div", { class: "matrix" }, ...rows);
    matrix.style.setProperty("--positions", variable.codes.length);
    return matrix;
  }

  row(variable, target) {
    const mark = element("span", { class: "looked" });
    const title = element("span", { class: "name" }, target.title);
    const name = element("button", { type: "button", class: "target" }, title, mark);
    name.dataset.activates = target.name;
    const chips = variable.codes.map((code) =>
      this.chip(chipKey(variable.name, target.name, code.name), target),
    );
    const attributes = { class: "row", role: "group", "aria-label": target.title };
    const node = element("div", attributes, name, ...chips);
    this.rows.push({ node, mark, variable, target });
    return node;
  }

  chip(key, target = null) {
    const cell = this.session.cells.get(key);
    const { code, variable } = cell;
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
    if (code.color) node.style.setProperty("--code", code.color);
    if (code.color) node.style.setProperty("--ink", code.ink ?? "#ffffff");
    this.chips.set(key, { node, score, cell, target: target?.title ?? "", painted: "" });
    return node;
  }

  // --- painting ---------------------------------------------------------------------------

  paint() {
    const { session } = this;
    const { item } = session;
    if (this.scheme !== session.scheme || this.form !== formOf(item)) this.build();
    if (this.unit !== item?.id) this.about = null;
    this.unit = item?.id;
    this.paintDesk(item);
    this.paintHead(item);
    this.paintReading(item);
    this.paintChips(item);
    this.paintGroups();
    this.tuples.paint(session);
    this.paintAbout();
    this.paintKept();
    this.paintNotice();
    this.paintFigures();
    this.paintTrail();
  }

  paintDesk(item) {
    const { root, session } = this;
    setAttribute(root, "data-unit", item?.id ?? "");
    setAttribute(root, "data-card", isCard(item) ? "" : null);
    setAttribute(root, "data-unsaved", session.outbox.size);
    setAttribute(root, "data-coder", session.coder);
    setAttribute(root, "data-round", session.round);
    setAttribute(root, "data-mode", item?.mode ?? null);
  }

  paintHead(item) {
    const { title, meta, place, status } = this.parts;
    const invented = this.session.sample && "sample";
    const card = isCard(item) && "Article card";
    setText(title, item ? item.document.title || "Untitled" : "");
    setText(meta, item ? [card, metaOf(item), invented].filter(Boolean).join(" · ") : "");
    setText(place, item ? this.placeOf(item) : "");
    setText(status, statusOf(item));
    paintSpeaker(this.parts.speaker, item, this.session.coder);
  }

  placeOf(item) {
    const { session } = this;
    const list = setOrSample(session);
    const inArticle = `${item.index + 1} of ${item.of}`; // the store counts from 0
    const sentence = session.list ? `sentence ${inArticle}` : inArticle;
    const here = isCard(item) ? `all ${item.of} sentences` : sentence;
    const where = list?.kind === "check" ? inCheck : inList;
    return list ? `${where(session, session.count("done"))} · ${here}` : here;
  }

  paintReading(item) {
    const { before, leadIn, follow } = this.parts;
    setText(before, item?.before ?? "");
    setText(leadIn, item?.lead_in ?? "");
    setText(follow, item?.follow ?? "");
    this.sentence.paint(this.session, this.about);
    this.article.paint(this.session);
    this.paintEmpty(item);
  }

  paintEmpty(item) {
    const { session } = this;
    const kind = item ? null : session.finished ? "desk-empty" : "desk-waiting";
    const counts = [session.progress?.total, session.count("skipped"), session.count("flagged")];
    const mark = kind && [kind, ...counts, session.outcome].join();
    if (mark === this.emptyMark) return;
    this.emptyMark = mark;
    this.empty?.remove();
    this.empty = kind && this.card(kind);
    if (this.empty) this.parts.reading.append(this.empty);
    setAttribute(this.root, "data-empty", kind ? "" : null);
  }

  card(kind) {
    const lines = kind === "desk-empty" ? emptyLines(this.session) : waitingLines();
    return element("div", { class: "empty", "data-testid": kind }, ...lines);
  }

  paintChips(item) {
    const { session } = this;
    const draft = session.draft();
    const scores = new Map();
    for (const { variable, target, code, score } of session.shownSuggestions()) {
      scores.set(chipKey(variable, target ?? "", code), score);
    }
    // A model learns from sentences alone.
    this.learning = isCard(item) ? new Map() : learningOf(session.model);
    for (const [key, chip] of this.chips) {
      const answer = session.answerFor(chip.cell);
      const holder = draft ? session.holderFor(chip.cell.variable) : "";
      paintChip(chip, answer, holder, scores.get(key), this.learning.get(key) ?? "");
    }
  }

  paintGroups() {
    const { session } = this;
    const draft = session.draft();
    const hand = draft && session.inHand()?.name;
    for (const { node, mark, variable, target } of this.rows) {
      const active = draft && session.targetFor(variable) === target.name;
      setAttribute(node, "data-active", active ? "true" : null);
      setAttribute(node, "aria-current", active ? "true" : null);
      const row = draft && rowKey(variable.name, target.name, session.holderFor(variable));
      setText(mark, draft?.none.has(row) ? "none ✓" : "");
    }
    for (const [name, { node, mark, variable }] of this.groups) {
      setAttribute(node, "data-hand", name === hand ? "" : null);
      const row = draft && rowKey(name, "", session.holderFor(variable));
      setText(mark, draft?.none.has(row) ? "none ✓" : "");
    }
  }

  // Where the pointer or the focus is, else the last code toggled: always in the same place.
  paintAbout() {
    const { aboutTitle, aboutText, aboutMore } = this.parts;
    const cell = this.about;
    setText(aboutTitle, cell ? cell.code.title : "");
    setText(aboutText, cell ? cell.code.definition : HINT);
    setText(aboutMore, cell ? moreOf(cell.code, this.learning.get(cell.key)) : "");
  }

  explain(cell) {
    this.about = cell;
    this.paintAbout();
    this.sentence.paint(this.session, cell);
  }

  paintKept() {
    const { kept, keptAt } = this.parts;
    const { outbox } = this.session;
    const time = outbox.keptAt ? outbox.keptAt.toTimeString().slice(0, 8) : "";
    const counted = outbox.size > 1 || (outbox.size && outbox.offline);
    setText(keptAt, counted ? `unsaved ${outbox.size}` : time && `kept ✓ ${time}`);
    setAttribute(kept, "data-saving", outbox.size && !counted ? "" : null);
    setAttribute(kept, "data-unsaved", counted ? "" : null);
    this.paintLive();
  }

  // Told once things are quiet: a screen reader must not read a counter at every key.
  paintLive() {
    clearTimeout(this.liveTimer);
    this.liveTimer = setTimeout(() => {
      const { progress, outbox } = this.session;
      setText(this.parts.live, `saved ${progress?.done ?? 0}, unsaved ${outbox.size}`);
    }, 2_000);
  }

  paintNotice() {
    const { notice, noticeText, noticeShow, noticeDismiss } = this.parts;
    const suggested = withSuggested(noticeOf(this.session), this.session);
    const told = withReview(suggested, this.session.item);
    setText(noticeText, told.text);
    setAttribute(noticeText, "title", told.text || null);
    setAttribute(notice, "data-kind", told.kind);
    noticeShow.hidden = !told.unit;
    noticeDismiss.hidden = !told.refusal;
  }

  paintFigures() {
    const { bar, barFill, whose, figures, leave, pace, walkSkipped, walkFlagged } = this.parts;
    const { session } = this;
    const total = session.progress?.total ?? 0;
    const done = Math.min(session.count("done"), total);
    setAttribute(bar, "aria-valuemax", total);
    setAttribute(bar, "aria-valuenow", done);
    barFill.style.width = total ? `${(100 * done) / total}%` : "0";
    setText(whose, whoseOf(session));
    setText(figures, figuresOf(done, session.progress, session.item));
    paintWalk(walkSkipped, session.count("skipped"));
    paintWalk(walkFlagged, session.count("flagged"));
    setText(pace, paceOf(session, total - done));
    const list = setOrSample(session);
    if (list) leave.href = addressOf("", { queue: "" });
    leave.hidden = !list;
    this.paintOrder(list);
  }

  paintOrder(list) {
    const { order, orderText, orderChange } = this.parts;
    order.hidden = Boolean(list);
    setText(orderText, orderOf(this.session));
    setAttribute(orderText, "title", orderOf(this.session));
    setAttribute(orderChange, "href", addressOf("", { start: "1" }));
  }

  paintTrail() {
    const { session } = this;
    const lately = session.decidedLately(TRAIL);
    const away = session.at !== session.front();
    const mark = [away, session.item?.id, ...lately.map((item) => item.decision.event)].join();
    if (mark === this.trailMark) return;
    this.trailMark = mark;
    const links = lately.map((item) => trailLink(item, session));
    if (away) links.push(frontLink());
    this.parts.trail.replaceChildren(...links);
  }
}

// The sample or set that is worked through; an order goes through the whole project.
function setOrSample({ list }) {
  return list?.kind === "order" ? null : list;
}

// What comes in the place of an order holds until another model is heard of.
function orderOf({ list, model }) {
  if (list?.kind !== "order") return "in order";
  const waits = list.instead && list.model === (model?.id ?? null);
  return waits ? list.instead : list.title;
}

function paintWalk(button, count) {
  setText(button, `${count} ${button.dataset.walks}`);
  button.hidden = !count;
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
  setAttribute(node, "data-learning", learning ? "" : null);
  setAttribute(node, "title", chipTip(cell, learning) || null);
  setAttribute(node, "aria-label", chipLabel(chip, answer, holder, shown));
  setText(chip.score, [use === "rejected" ? "rejected" : "", shown].filter(Boolean).join(" "));
}

function trailLink(item, session) {
  const { status, answers } = item.decision;
  const codes = answers.map((answer) => answerText(answer, session));
  const what = status === "coded" ? codes.join(", ") || "none" : STATUS_WORDS[status];
  const tip = `${what} — ${isCard(item) ? "article card: " : ""}${item.text}`;
  const link = element(
    "button",
    { type: "button", class: "step", "data-visits": item.id, title: tip },
    element("span", {}, shortened(isCard(item) ? `Article: ${item.text}` : item.text, 22)),
    element("em", {}, what),
  );
  if (item === session.item) link.setAttribute("aria-current", "true");
  return link;
}

function frontLink() {
  const attributes = { type: "button", class: "step front", "data-front": "" };
  return element("button", attributes, "to the next one →");
}

function emptyLines(session) {
  if (session.list?.kind === "check") return checkDone(session);
  if (setOrSample(session)) return listDone(session);
  const any = session.progress?.total > 0;
  const coded = setAsideOf(session).length ? "That was the last sentence" : "Everything is coded";
  const told = any ? coded : "Nothing to code yet";
  const go = any
    ? [link("export", "Take the labels out"), " or ", link("import", "import more articles"), "."]
    : [link("import", "Import articles"), " to begin."];
  return endLines(told, go, session);
}

function listDone(session) {
  const any = session.progress?.total > 0;
  const word = LIST_WORDS[session.list.kind].toLowerCase();
  const told = any ? `Every sentence of this ${word} is decided` : `There is nothing in this ${word}`;
  const whole = link("", "Go on with the whole project", { queue: "" });
  const ways = [whole, ", or ", link("samples", "look at the samples", { queue: "" }), "."];
  return endLines(told, ways, session);
}

function endLines(told, ways, session) {
  const any = session.progress?.total > 0;
  const back = any ? element("p", {}, "Backspace steps back into the last decisions.") : null;
  return [element("h2", {}, told), asideLine(session), element("p", {}, ...ways), back];
}

function setAsideOf(session) {
  return ["skipped", "flagged"].filter((which) => session.count(which));
}

function asideLine(session) {
  const aside = setAsideOf(session);
  if (!aside.length) return null;
  const counts = aside.map((which) => `${session.count(which)} ${which}`).join(", ");
  const buttons = aside.map((which) =>
    element("button", { type: "button", "data-walks": which }, `Go through the ${which}`),
  );
  return element("p", { class: "aside" }, counts, ...buttons);
}

function waitingLines() {
  const told = "The server has not answered yet.";
  return [element("h2", {}, "Waiting for the next sentences"), element("p", {}, told)];
}

function link(page, text, parameters = {}) {
  return element("a", { href: addressOf(page, parameters) }, text);
}

// Another page of the same project, with parameters of its own.
function addressOf(page, parameters) {
  const place = new URL(page + location.search, document.baseURI);
  for (const [name, value] of Object.entries(parameters)) place.searchParams.set(name, value);
  return place.href;
}
