// Sentences that were cut wrongly: `|` opens a small mode in which the sentence is split before a
// word, or joined with the one beside it. What it comes to is shown before it is done. The server
// does it now or not at all: other coders would go on with sentences that are no more.

const ENDED = /[.!?…։。]["”»’)\]]*\s*$/u;

// Where a part may begin: at each word, with the quotation mark or bracket that opens before it.
function wordStarts(text) {
  const starts = [...WORDS.segment(text)]
    .filter(({ isWordLike }) => isWordLike)
    .map(({ index }) => openedBefore(text, index));
  return [...new Set(starts)].filter((start) => start > 0 && text.slice(0, start).trim());
}

function openedBefore(text, index) {
  const [opening] = /(?:[\p{Ps}\p{Pi}«„]|(?<=\s)["'])*$/u.exec(text.slice(0, index));
  return index - opening.length;
}

// --- in the line ------------------------------------------------------------------------------

function changeBoundary(session, what) {
  return session.tell("/boundary", { ...what, ...session.seat() }, boundaryFault);
}

function boundaryFault(answer) {
  if (answer?.status === 401) return "Not done: the desk had to sign in again. Try once more.";
  return sentenceOf(answer?.reply?.error) || "Not done: no connection to the server.";
}

function sentenceOf(told) {
  return told ? `${told[0].toUpperCase()}${told.slice(1)}.` : "";
}

// The new sentences come where the old ones stood.
function takeBoundary(session, { next, gone, progress }) {
  shiftArticle(session, next, gone.length);
  session.line.exchange(gone, next);
  session.progress.take(progress);
  session.queue.finished = false;
  session.standAnew(next[0].id);
}

// The other sentences of the article have other places in it.
function shiftArticle(session, next, went) {
  const [{ document: article, index: first, of }] = next;
  session.cards.texts.delete(article.id);
  const by = next.length - went;
  const shifted = (index) => (index >= first + went ? index + by : index);
  for (const item of session.line.ofArticle(article.id)) {
    item.of = of;
    item.index = shifted(item.index);
    item.alike = (item.alike ?? []).map(([from, to]) => [shifted(from), shifted(to)]);
  }
}

async function undoBoundary(session, last) {
  const { reply, fault } = await changeBoundary(session, { op: "undo", event: last.boundary });
  if (fault) {
    session.undo.keep(last);
    return session.say(fault);
  }
  takeBoundary(session, reply);
  session.say("The boundary is as it was.", "news");
}

// --- the mode ---------------------------------------------------------------------------------

class BoundaryPanel {
  constructor(parts, desk) {
    this.node = parts.boundaries;
    this.sentences = parts.boundariesSentences;
    this.fault = parts.boundariesFault;
    this.desk = desk;
    this.node.addEventListener("mousedown", (press) => this.point(press));
    this.node.addEventListener("blur", () => desk.panels.open === this && desk.panels.close());
  }

  // A decision that waits in the outbox would come to a sentence that is no more.
  ready() {
    const { session } = this.desk;
    const { item, outbox } = session;
    if (!item) return false;
    if (isCard(item)) return session.say("Boundaries are those of sentences: go to one of them.");
    const told = [...outbox.entries.values()].some(({ event }) => event.unit === item.id);
    const { event, memo, flagged } = item.decision ?? {};
    const fixed = told || event || memo || flagged || item.set_by;
    if (fixed) session.say("This sentence stays as it is: it was coded, marked or corrected.");
    return !fixed;
  }

  enter() {
    this.item = this.desk.session.item;
    this.starts = wordStarts(this.item.text);
    this.op = "split";
    // Of the starts, the one to split before: what follows a full stop was most likely meant.
    this.cut = this.starts.findIndex((start) => ENDED.test(this.item.text.slice(0, start)));
    this.waiting = false;
    this.complain("");
    this.paint();
    this.node.focus({ preventScroll: true });
  }

  paint() {
    const { text } = this.item;
    const at = this.starts[this.cut] ?? text.length;
    this.show([text.slice(0, at), text.slice(at)].filter(Boolean));
  }

  show(texts) {
    const lines = texts.map((text) => element("li", {}, text.trimEnd()));
    this.sentences.replaceChildren(...lines);
    lines.at(-1).scrollIntoView({ block: "nearest" });
  }

  complain(fault) {
    setText(this.fault, fault);
  }

  hear(event) {
    const does = this.meaningOf(event);
    if (!does) return false;
    if (!event.repeat || does === "later" || does === "earlier") this.run(does);
    return true;
  }

  meaningOf(event) {
    const named = { ArrowRight: "later", ArrowLeft: "earlier", Enter: "apply" }[event.key];
    return named ?? { j: "join_next", k: "join_previous", z: "undo" }[keyOf(event)];
  }

  // mousedown, because the click would come after the blur that closes the mode.
  point(press) {
    press.preventDefault();
    const { does } = press.target.closest("[data-does]")?.dataset ?? {};
    if (does) this.run(does);
  }

  run(does) {
    if (this.waiting) return;
    this.complain("");
    if (does === "later") this.move(1);
    else if (does === "earlier") this.move(-1);
    else if (does === "apply") this.apply();
    else if (does === "undo") this.undo();
    else if (does === "close") this.desk.panels.close();
    else this.join(does);
  }

  move(step) {
    this.op = "split";
    if (!this.starts.length) return this.complain("There is one word here, and nothing to split.");
    this.cut = Math.max(0, Math.min(this.cut + step, this.starts.length - 1));
    this.paint();
  }

  async join(op) {
    const { fault, reply } = await this.ask({ op, unit: this.item.id, preview: true });
    if (this.desk.panels.open !== this) return;
    this.op = op; // where it is refused too: Enter must not split what was to be joined
    this.cut = -1;
    this.show(reply?.texts ?? [this.item.text]);
    if (fault) this.complain(fault);
  }

  async apply() {
    const { text, start, id: unit } = this.item;
    if (this.op === "split" && this.cut < 0) return this.complain("Choose with → where to split.");
    const at = start + codePoints(text, this.starts[this.cut] ?? 0);
    const what = this.op === "split" ? { op: "split", unit, at } : { op: this.op, unit };
    const { fault, reply } = await this.ask(what);
    const { session, panels } = this.desk;
    const here = panels.open === this;
    if (fault) return here ? this.complain(fault) : session.say(fault);
    session.undo.keep({ event: {}, boundary: reply.event });
    takeBoundary(session, reply);
    if (here) panels.close();
    session.say(this.op === "split" ? "Split in two · z undoes" : "Joined · z undoes", "news");
  }

  // The last thing done, if that was a boundary; a decision is taken back by z on the desk.
  undo() {
    const { session, panels } = this.desk;
    if (!session.undo.made.at(-1)?.boundary) return this.complain("The last thing done was no boundary.");
    panels.close();
    session.undo.takeBack();
  }

  ask(what) {
    return answered(this, changeBoundary(this.desk.session, what));
  }
}
