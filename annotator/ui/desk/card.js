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
    const isLeft = (other) => !isCard(other) && isOpen(other);
    const isFetched = item.due || item.cursor <= line.lastCursor();
    return isFetched && !line.ofArticle(item.id).some(isLeft);
  }

  // The sentence just decided may have been the last one open in its article.
  comeAfter(item) {
    if (!item || isCard(item)) return;
    const { line, outbox } = this.session;
    const card = this.ahead.get(item.document.id);
    if (!card || line.find(card.id) >= 0 || !this.isReady(card)) return;
    const people = (item.people ?? []).map((person) => ({ ...person, here: false }));
    line.putBehind(item.id, [withPending({ ...card, people }, outbox)]);
  }

  // The rest of the article was set aside, however much of it had been fetched.
  endAt({ document: { id }, cursor }) {
    const card = this.ahead.get(id);
    if (card) this.ahead.set(id, { ...card, cursor: Math.min(card.cursor, cursor) });
  }

  // Before its sentences are done; it stands before the front, as a sentence from the article does.
  async open() {
    const { session } = this;
    const { line, outbox } = session;
    const { id } = session.item.document;
    if (line.find(id) < 0) {
      const card = this.ahead.get(id) ?? (await session.ask({ card: id }));
      if (!card) return session.say("The article card could not be fetched just now.");
      if (line.find(id) < 0) line.putBeforeFront([withPending(card, outbox)]);
    }
    session.notice = "";
    session.standAnew(id);
    session.changed();
  }

  // The text comes while the coder is still among the sentences.
  async prepare(item) {
    if (!item || !this.session.codebook.asksOfArticles()) return;
    const { id } = item.document;
    if (this.texts.has(id)) return;
    this.texts.set(id, null);
    const paragraphs = await this.session.askArticle(id);
    this.texts.delete(id);
    if (!paragraphs) return;
    this.texts.set(id, paragraphs);
    for (const old of [...this.texts.keys()].slice(0, -ARTICLES_KEPT)) this.texts.delete(old);
    this.session.changed();
  }

  // What the coder holds about a piece of the text: the session knows it better than the server.
  heldOf({ unit, status, answers }) {
    const known = this.session.line.itemOf(unit)?.decision;
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
    const sentences = session.line.ofArticle(item.id).filter((other) => !isCard(other));
    const states = sentences.map(({ decision }) => decision?.event ?? "");
    const painted = JSON.stringify([item.id, Boolean(paragraphs), session.codebook.scheme.id, states]);
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
  return element("span", { "data-status": held.status || null }, text);
}

// The keys of the codes of one sentence, which lead there.
function codesOf({ unit, text, held: { answers } }, session) {
  const cells = answers.map((answer) => session.codebook.allCells.get(chipKeyOf(answer)));
  const tags = answers.slice(0, MARKS_SHOWN).map((answer, place) => {
    const code = cells[place]?.code;
    const tag = element("i", {}, code?.hotkey ?? titleOf(answer, session).slice(0, 2));
    colorAs(tag, code ?? {});
    return tag;
  });
  const more = answers.length - tags.length;
  const said = answers.map((answer) => answerText(answer, session)).join("; ");
  const label = `${said} — ${shortened(text, 60)}`;
  const button = { type: "button", class: "codemark", "data-visits": unit, title: label };
  return element("button", { ...button, "aria-label": label }, ...tags, more > 0 ? `+${more}` : null);
}
