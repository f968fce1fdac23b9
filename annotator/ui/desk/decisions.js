// Deciding: what Enter, `s` and `x` make of the unit in hand, and the flag and the memo that go with
// it. The outbox tells the server afterwards.

class Decisions {
  constructor(session) {
    this.session = session;
  }

  save() {
    const { session } = this;
    const { item, cells } = session;
    if (!item) return;
    const draft = session.hand.draft();
    if (leavesAsItWas(item, draft) || staysAsRevealed(item, draft, cells)) return session.advance();
    if (staysAsSaved(item, draft, session.codebook.scheme)) return session.advance();
    const answers = answersOf(draft, cells);
    const missing = missingIn(answers, session.variables);
    if (missing.length) return session.say(`Not saved: ${listed(missing)} must be answered.`);
    const candidates = candidatesSeen(item, cells);
    this.decide("set", { answers, candidates, first: firstOf(item) });
    session.hand.drafts.delete(item.id); // from now on the decision says what is toggled
    if (!reveal(session)) session.advance();
  }

  skip() {
    if (!this.session.item) return;
    this.decide("skip", {});
    this.session.advance();
  }

  notCodable() {
    if (!this.session.item) return;
    this.decide("not_codable", {});
    this.session.advance();
  }

  // Of a card no sentence is left.
  restNotCodable() {
    const { session } = this;
    const { item } = session;
    if (!item || isCard(item)) return this.notCodable();
    const step = this.decide("not_codable", { rest: true });
    step.dropped = this.dropRest(item);
    session.say(setAside(this.restCount(item)), "news");
    session.advance();
  }

  dropRest(item) {
    const { cards, line } = this.session;
    cards.endAt(item);
    const dropped = line.laterThan(item).filter(isOpen);
    line.remove(dropped);
    return dropped;
  }

  // Not all of a long article has been fetched: its place in the article says how much there is.
  restCount(item) {
    const decided = this.session.line.laterThan(item).filter((other) => !isOpen(other));
    return item.of - item.index - decided.length;
  }

  // The step that `z` takes back.
  decide(op, change) {
    const { session } = this;
    const { item, hand, cells } = session;
    session.notice = "";
    const wasOpen = isOpen(item);
    const seconds = session.clock.read();
    const event = eventOf(session, item, op, { seconds, ...change });
    const step = { event, before: item.decision, answers: answersOf(hand.draft(), cells) };
    item.decision = afterEvent(item.decision ?? noDecision(), event);
    session.undo.keep(step);
    sendEvent(session, event, item, step.before);
    if (wasOpen && !isCard(item)) session.progress.learnPace(seconds);
    session.codebook.ageNews();
    return step;
  }

  flag() {
    const { item } = this.session;
    if (item) this.remark("flag", { flagged: !item.decision?.flagged });
  }

  memo(text) {
    const { item } = this.session;
    if (item && text !== (item.decision?.memo ?? "")) this.remark("memo", { memo: text });
  }

  // Flags and memos are events of their own: they decide nothing, and move nobody.
  remark(op, change) {
    const { session } = this;
    const { item } = session;
    const event = eventOf(session, item, op, change);
    const before = item.decision;
    item.decision = afterEvent(before ?? noDecision(), event);
    sendEvent(session, event, item, before);
  }
}

// Walking forward over a skipped or not codable sentence must not turn it into "none".
function leavesAsItWas({ decision }, draft) {
  const isOther = decision?.status && decision.status !== "coded";
  return isOther && !draft.touched && draft.given.size === 0;
}

// Enter on what this page has kept already, only looked at since: the same once more says nothing.
// With another codebook it does, since more may have been asked.
function staysAsSaved({ decision, review }, draft, { id }) {
  return decision?.status === "coded" && decision.scheme === id && !review && !draft.touched;
}

// The headings of the variables that must be answered, and are not.
function missingIn(answers, variables) {
  const answered = new Set(answers.map((answer) => answer.variable));
  return variables
    .filter(({ required, name }) => required && !answered.has(name))
    .map(({ heading }) => heading);
}
