// The line: the units of a session, in the order in which the coder goes through them. Those decided
// lately come first, then the one in hand (`at`), then those that come next. An `item` of it is a
// unit or the card of a document, as the server tells it.

class Line {
  constructor(session) {
    this.session = session;
    this.items = [];
    this.at = 0;
    this.seen = new Set(); // units the coder has looked at: those stay as they were seen
    this.gone = new Set(); // units that were split or joined
  }

  get item() {
    return this.items[this.at] ?? null;
  }

  // The place of a unit, or -1.
  find(unit) {
    return this.items.findIndex((item) => item.id === unit);
  }

  itemOf(unit) {
    return this.items[this.find(unit)];
  }

  // Where the coder goes on: the place of the first open item, else the end.
  front() {
    const { cards } = this.session;
    const place = this.items.findIndex((item) => isOpen(item) && cards.isReady(item));
    return place < 0 ? this.items.length : place;
  }

  frontCursor() {
    return this.items[this.front()]?.cursor ?? -1;
  }

  // How far the line goes through the queue.
  lastCursor() {
    return this.items.findLast((item) => !isCard(item))?.cursor ?? -1;
  }

  openCount() {
    return this.items.filter(isOpen).length;
  }

  decidedLately(most) {
    return this.items.slice(0, this.front()).filter((item) => !isOpen(item)).slice(-most);
  }

  // What stands here of an article: units, and its card.
  ofArticle(id) {
    return this.items.filter((item) => item.document.id === id);
  }

  // The units of the same article that come behind an item in the text.
  laterThan({ document: { id }, index }) {
    return this.ofArticle(id).filter((other) => other.index > index);
  }

  // --- coming in --------------------------------------------------------------------------

  // What the server tells of the decisions before this session, the last one first.
  recall(recent) {
    const { outbox } = this.session;
    this.items.push(...[...recent].reverse().map((item) => withPending(item, outbox)));
  }

  admit(item) {
    const { outbox } = this.session;
    if (this.gone.has(item.id) || isSetAside(item, outbox)) return;
    const place = this.find(item.id);
    if (place < 0) {
      this.put(item);
    } else if (!this.seen.has(item.id) && isOpen(this.items[place])) {
      this.items[place] = withPending(item, outbox);
    }
  }

  // At the end; a card comes before the sentences that the coder has not looked at.
  put(item) {
    const isUnseen = (other) => isOpen(other) && !isCard(other) && !this.seen.has(other.id);
    const first = isCard(item) ? this.items.findIndex(isUnseen) : -1;
    const place = first < 0 ? this.items.length : first;
    if (this.item && place <= this.at) this.at += 1;
    this.items.splice(place, 0, withPending(item, this.session.outbox));
  }

  putBeforeFront(items) {
    this.items.splice(this.front(), 0, ...items);
  }

  putBehind(unit, items) {
    this.items.splice(this.find(unit) + 1, 0, ...items);
  }

  remove(items) {
    const leaving = new Set(items);
    this.items = this.items.filter((item) => !leaving.has(item));
  }

  // What comes next, in the order and with the scores of a newer reply. Units the coder has
  // looked at stay as they were seen; those the reply does not reach come behind it.
  replaceAhead(next) {
    const here = Math.max(this.front(), this.at);
    const ahead = this.items.filter(
      (item, place) => place > here && isOpen(item) && !item.placed && !isCard(item),
    );
    const looked = new Map();
    for (const item of ahead) if (this.seen.has(item.id)) looked.set(item.id, item);
    this.remove(ahead);
    for (const item of next) {
      this.admit(looked.get(item.id) ?? item);
      looked.delete(item.id);
    }
    this.items.push(...looked.values());
  }

  // Units that were split or joined give their place to those that came of them. These stay there,
  // wherever their own place in the order of coding is.
  exchange(gone, next) {
    const places = gone.map((unit) => this.find(unit)).filter((place) => place >= 0);
    const place = places.length ? Math.min(...places) : this.front();
    const before = this.items[place]?.cursor ?? Infinity;
    for (const unit of gone) this.gone.add(unit);
    for (const { id } of next) this.gone.delete(id);
    this.items = this.items.filter(({ id }) => !this.gone.has(id));
    const came = next.map((item) => {
      return { ...item, cursor: Math.min(item.cursor, before), placed: true };
    });
    this.items.splice(place, 0, ...came);
  }

  // The skipped or flagged units together before the front; the first of them. The server does not
  // know yet of what was decided here just now.
  gather(told, which) {
    const known = told.map((item) => this.itemOf(item.id) ?? withPending(item, this.session.outbox));
    const ids = new Set(known.map((item) => item.id));
    const unheard = this.items.filter((item) => !ids.has(item.id));
    const walked = [...known, ...unheard].filter((item) => countsOf(item.decision)[which]);
    this.remove(walked);
    this.putBeforeFront(walked);
    return walked[0];
  }
}

// --- what the outbox still holds --------------------------------------------------------------

// An item as the server tells it, with all that it has not heard of yet.
function withPending(item, outbox) {
  const spoken = withReveals(withCorrections(item, outbox), outbox);
  const decision = pendingDecision(item, outbox);
  return decision === item.decision ? spoken : { ...spoken, decision };
}

function pendingDecision(item, outbox) {
  let { decision } = item;
  for (const { event, place } of outbox.entries.values()) {
    if (event.unit !== item.id || place?.speaker || event.op === "reveal") continue;
    decision = reviewedAfter(item, decision ?? noDecision(), event);
  }
  return decision;
}

// Whether it belongs to the rest of an article that was said not to be codable.
function isSetAside(item, outbox) {
  const entries = [...outbox.entries.values()];
  const undone = new Set(entries.map(({ event }) => event.ref));
  const isBefore = (place) => place?.document === item.document.id && item.index > place.index;
  return entries.some(
    ({ event, place }) => event.rest && !undone.has(event.uuid) && isBefore(place),
  );
}
