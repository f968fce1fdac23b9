// The queue: which units the desk asks the server for, and what it makes of the reply.

const AHEAD = 20; // units that should always be there already
const FETCH = 40;

class Queue {
  constructor(session) {
    this.session = session;
    this.model = undefined; // not heard of yet; null is "there is none"
    this.policy = null; // about suggestions, as the server told it last
    this.outcome = ""; // what came of a check of labels, once it is through
    this.drained = false; // the server has nothing behind the end of our line
    this.finished = false; // the server has nothing at all …
    this.doubted = false; // … or had nothing, and is asked once more
    this.renewals = 0; // how often what comes next had to be asked for anew …
    this.renewed = 0; // … and which of these questions was answered last
  }

  // What the outbox asks for along with the events. `renewal` stays here: it tells the answer to
  // this question from one asked a moment before.
  wanted() {
    const { line } = this.session;
    const open = line.openCount();
    if (this.renewed < this.renewals) {
      return this.question(FETCH, line.frontCursor(), this.renewals);
    }
    if (open === 0) return this.question(this.finished && !this.doubted ? 0 : FETCH, -1);
    const isEnough = open >= AHEAD || this.drained;
    return this.question(isEnough ? 0 : FETCH, line.lastCursor());
  }

  question(want, after, renewal = 0) {
    const model = this.model?.id ?? "";
    return { query: { want, after, ...this.session.seat(), model }, renewal };
  }

  // Newer scores, or units that had been put aside, are to be had for what comes next.
  renew() {
    this.renewals += 1;
  }

  lookAgain() {
    this.doubted = true;
  }

  absorb(reply, asked) {
    const { session } = this;
    const had = session.line.openCount();
    if (asked.renewal) this.replaceAhead(reply, asked.renewal);
    this.take(reply);
    if (asked.query.want) this.noteEnd(reply, asked.query.want, had);
    session.codebook.hear(reply.scheme_id);
    session.undo.hear(reply.acks ?? []);
    session.standAgain();
    session.cards.prepare(session.item);
    session.changed();
  }

  replaceAhead(reply, renewal) {
    this.renewed = renewal;
    this.session.line.replaceAhead(reply.next ?? []);
  }

  noteEnd(reply, want, had) {
    const { line, outbox } = this.session;
    const open = line.openCount();
    this.doubted = false;
    this.drained = (reply.next ?? []).filter((item) => !isCard(item)).length < want;
    // Only an answer that knew of every event may say that nothing is left.
    if (had === 0) this.finished = open === 0 && outbox.size === 0;
    if (open) this.finished = false;
  }

  take(reply) {
    const { session } = this;
    if (reply.progress) session.progress.take(reply.progress);
    if (reply.model !== undefined) this.takeModel(reply.model);
    if (reply.policy) this.takePolicy(reply.policy);
    if (reply.outcome) this.outcome = reply.outcome;
    session.tuples.take(reply.held);
    session.cards.take(reply.cards);
    for (const item of reply.next ?? []) session.line.admit(item);
  }

  takeModel(model) {
    const isHeardOf = this.model !== undefined;
    if (isHeardOf && model && model.id !== this.model?.id) this.renew();
    this.model = model;
  }

  takePolicy(policy) {
    const told = JSON.stringify(policy);
    if (this.policy && this.policy !== told) this.renew();
    this.policy = told;
  }
}
