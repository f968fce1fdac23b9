// The article card: what is asked of a whole article, once all of its sentences are decided. A card
// stands in the line like a sentence; its id is the document's, and its text the title.

const ARTICLES_KEPT = 5; // whose texts stay in memory

const isCard = (item) => item?.subject === "document";

const formOf = (item) => (isCard(item) ? "document" : "sentence");

// What the server is asked for about one thing that stands, or stood, in the line.
const aboutOf = (id) => (id.includes(":") ? { unit: id } : { card: id });

class Cards {
  constructor(session) {
    this.session = session;
    this.ahead = new Map(); // document → the card that comes behind its last sentence
    this.texts = new Map(); // document → its paragraphs; null while they are on their way
  }

  take(cards) {
    for (const card of cards ?? []) this.ahead.set(card.id, card);
  }

  // Whether no sentence of the article is open, here or among those that were not fetched yet.
  isReady(item) {
    if (!isCard(item)) return true;
    const { line } = this.session;
    const isLeft = (other) => other.document.id === item.id && !isCard(other) && isOpen(other);
    return (item.due || item.cursor <= this.session.lastCursor()) && !line.some(isLeft);
  }

  // The sentence just decided may have been the last one open in its article.
  comeAfter(item) {
    if (!item || isCard(item)) return;
    const card = this.ahead.get(item.document.id);
    if (!card || this.session.find(card.id) >= 0 || !this.isReady(card)) return;
    const people = (item.people ?? []).map((person) => ({ ...person, here: false }));
    this.session.line.splice(this.session.at + 1, 0, this.session.withPending({ ...card, people }));
  }

  // The rest of the article was set aside, however much of it had been fetched.
  endAt({ document: { id }, cursor }) {
    const card = this.ahead.get(id);
    if (card) this.ahead.set(id, { ...card, cursor: Math.min(card.cursor, cursor) });
  }

  // Before its sentences are done; it stands before the front, as a sentence from the article does.
  async open() {
    const { session } = this;
    const { id } = session.item.document;
    if (session.find(id) < 0) {
      const card = this.ahead.get(id) ?? (await session.ask({ card: id }));
      if (!card) return session.say("The article card could not be fetched just now.");
      if (session.find(id) < 0) session.line.splice(session.front(), 0, session.withPending(card));
    }
    session.at = -1; // stand anew: the place in hand means another one now
    session.visit(id);
    session.changed();
  }

  // The text comes while the coder is still among the sentences.
  async prepare(item) {
    if (!item || !this.session.asksOfArticles()) return;
    const { id } = item.document;
    if (this.texts.has(id)) return;
    this.texts.set(id, null);
    const { outbox } = this.session;
    const reply = await outbox.ask("/article", { document: id, ...this.session.seat() });
    this.texts.delete(id);
    if (!reply) return;
    this.texts.set(id, reply.paragraphs);
    for (const old of [...this.texts.keys()].slice(0, -ARTICLES_KEPT)) this.texts.delete(old);
    this.session.changed();
  }

  // What the coder holds about a piece of the text: the session knows it better than the server.
  heldOf({ unit, status, answers }) {
    const known = this.session.line[this.session.find(unit)]?.decision;
    if (!known) return { status, answers: answers ?? [] };
    return { status: known.status ?? "", answers: known.answers };
  }
}

// --- on the screen --------------------------------------------------------------------------

const MARKS_SHOWN = 4; // of one sentence, in the margin

class ArticleView {
  constructor({ whole }) {
    this.box = whole;
    this.painted = null;
    this.shown = null;
  }

  paint(session) {
    const { item } = session;
    this.box.hidden = !isCard(item);
    if (this.box.hidden) return void (this.painted = null);
    const paragraphs = session.cards.texts.get(item.id);
    const decided = session.line.filter((other) => other.document.id === item.id && !isCard(other));
    const states = decided.map(({ decision }) => decision?.event ?? "");
    const painted = JSON.stringify([item.id, Boolean(paragraphs), session.scheme.id, states]);
    if (painted === this.painted) return;
    this.painted = painted;
    this.box.replaceChildren(...this.content(paragraphs, session));
    if (this.shown !== item.id) this.box.scrollTop = 0;
    this.shown = item.id;
  }

  content(paragraphs, session) {
    if (!paragraphs) return [element("p", { class: "loading" }, "The text is on its way.")];
    const { title } = session.item.document;
    return paragraphs.map((pieces) => articleParagraph(pieces, session, title));
  }
}

function articleParagraph(pieces, session, title) {
  const told = pieces.map((piece) => ({ ...piece, held: session.cards.heldOf(piece) }));
  const coded = told.filter(({ unit, held }) => unit && held.answers.length);
  const margin = element("div", { class: "codes" }, ...coded.map((piece) => codesOf(piece, session)));
  const text = element("p", { dir: "auto" }, ...told.map(articlePiece));
  const headline = told.length === 1 && told[0].text === title ? "" : null;
  return element("div", { class: "paragraph", "data-headline": headline }, margin, text);
}

function articlePiece({ text, unit, held }) {
  if (!unit) return document.createTextNode(text);
  return element("span", { "data-piece": unit, "data-status": held.status || null }, text);
}

// The keys of the codes of one sentence, which lead there.
function codesOf({ unit, text, held: { answers } }, session) {
  const cells = answers.map((answer) => session.everything.get(chipKeyOf(answer)));
  const tags = answers.slice(0, MARKS_SHOWN).map((answer, place) => {
    const code = cells[place]?.code;
    const tag = element("i", {}, code?.hotkey ?? titleOf(answer, session).slice(0, 2));
    tag.style.color = inkOf(code?.color ?? null);
    return tag;
  });
  const more = answers.length - tags.length;
  const said = answers.map((answer) => answerText(answer, session)).join("; ");
  const label = `${said} — ${shortened(text, 60)}`;
  const button = { type: "button", class: "codemark", "data-visits": unit, title: label };
  return element("button", { ...button, "aria-label": label }, ...tags, more > 0 ? `+${more}` : null);
}
