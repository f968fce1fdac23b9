// The session: where one coder is, without a line of DOM. The line of units, what is toggled, the
// decisions and what comes next have files of their own. Everything a key does happens here at
// once; the outbox tells the server afterwards.

function sessionOf(data) {
  const seat = [data.project, data.coder, data.round, data.list?.name ?? ""];
  const name = seat.map(encodeURIComponent).join("/");
  // What is decided through one list is decided in all of them: one that was left begins anew.
  for (const [other, { project, coder }] of shared.sessions) {
    const left = other !== name && project === data.project && coder === data.coder;
    if (left) shared.sessions.delete(other);
  }
  if (!shared.sessions.has(name)) shared.sessions.set(name, new Session(data, name));
  return shared.sessions.get(name);
}

addEventListener("pagehide", () => {
  for (const { hand } of shared.sessions.values()) hand.putOnShelf();
});

class Session {
  constructor(data, name) {
    this.project = data.project;
    this.title = "";
    this.sample = false;
    this.coder = data.coder;
    this.round = data.round;
    this.list = data.list ?? null; // the sample or set that is worked through; null is the project
    this.outbox = outboxOf(data.project, data.coder);
    this.codebook = new Codebook(this);
    this.line = new Line(this);
    this.queue = new Queue(this);
    this.hand = new Hand(this, name);
    this.decisions = new Decisions(this);
    this.undo = new Undo(this);
    this.progress = new Progress(this);
    this.clock = new Clock();
    this.evidence = new Evidence(this);
    this.tuples = new Tuples(this);
    this.cards = new Cards(this);
    this.notice = "";
    this.noticeKind = "warning";
    this.explained = null; // { unit, marks }: the words of the suggestion that is being explained
    this.followed = null; // { from, to }: the precedent that the coder went to, and whence
    this.onchange = null;
    this.requestToken = null;
  }

  // Called on every rerun of the page: merges what is new, and never moves the coder.
  update(data) {
    this.title = data.title ?? "";
    this.sample = data.sample ?? false;
    this.codebook.take(data.scheme);
    this.outbox.session = this;
    this.outbox.connect(data.api, data.token);
    const { progress, model, next } = data.queue;
    const mark = JSON.stringify([progress, model?.id, (next ?? []).map(({ id }) => id)]);
    if (mark === this.mark) return; // Streamlit also calls with old data, when only the theme changed
    this.mark = mark;
    this.begin(data.queue);
  }

  begin(reply) {
    const isFirst = !this.line.items.length;
    if (isFirst) this.line.recall(reply.recent ?? []);
    this.queue.drained = false;
    this.queue.take(reply);
    if (isFirst) this.undo.recall(reply.lately ?? []);
    this.queue.finished = !this.line.openCount() && !(reply.next ?? []).length;
    if (isFirst) this.stand(this.line.front());
    this.changed();
  }

  // The unit in hand: a sentence, or the card of an article. Null where there is none.
  get item() {
    return this.line.item;
  }

  // What is asked of it: the variables, and one cell for each of their codes under each target.
  get variables() {
    return this.codebook.askedOf(this.item).variables;
  }

  get cells() {
    return this.codebook.askedOf(this.item).cells;
  }

  changed() {
    this.onchange?.();
  }

  say(notice, kind = "warning") {
    this.notice = notice;
    this.noticeKind = kind;
    this.changed();
  }

  // --- asking the server ------------------------------------------------------------------

  seat() {
    return { round: this.round, queue: this.list?.name ?? "" };
  }

  // One item, as the server tells it; null where it cannot be had.
  async ask(about) {
    const reply = await this.outbox.ask("/queue", { ...about, ...this.seat() });
    this.cards.take(reply?.cards);
    return reply?.next?.[0] ?? null;
  }

  // An article as paragraphs of pieces; null where it cannot be had.
  async askArticle(id) {
    const reply = await this.outbox.ask("/article", { document: id, ...this.seat() });
    return reply?.paragraphs ?? null;
  }

  // What the server does now or not at all: { reply }, or { fault } in the sentence `faultOf` makes.
  async tell(path, what, faultOf) {
    const answer = await this.outbox.tell(path, what);
    if (answer?.status === 401) this.askForToken();
    return answer?.ok && answer.reply ? { reply: answer.reply } : { fault: faultOf(answer) };
  }

  askForToken() {
    this.requestToken?.();
  }

  // --- going from unit to unit ------------------------------------------------------------

  // Come to a place in the line. The active target and holder, the variable in hand and the words
  // chosen begin anew on every unit.
  stand(place) {
    const { line } = this;
    const before = this.item;
    line.at = Math.max(0, Math.min(place, line.items.length));
    const { item } = this;
    if (!item || (item === before && line.seen.has(item.id))) return;
    line.seen.add(item.id);
    this.hand.begin();
    this.evidence.told = "";
    this.clock.restart();
    this.cards.prepare(item);
  }

  // Everything begins anew even where the unit is the one in hand, or has moved in the line.
  standAnew(unit) {
    this.line.at = -1;
    this.stand(this.line.find(unit));
  }

  // The end of the line is left as soon as there is more.
  standAgain() {
    const { at, items } = this.line;
    this.stand(at < items.length ? at : this.line.front());
  }

  advance() {
    this.cards.comeAfter(this.item);
    const { line } = this;
    const next = line.at + 1;
    const goesOn = next < line.items.length && this.cards.isReady(line.items[next]);
    this.stand(goesOn ? next : line.front());
  }

  back() {
    this.notice = "";
    if (returned(this)) return;
    if (this.line.at === 0) return this.say("This is as far back as the desk goes.");
    this.stand(this.line.at - 1);
  }

  toFront() {
    this.notice = "";
    this.stand(this.line.front());
  }

  // False where the line has not met the unit.
  visit(unit) {
    const place = this.line.find(unit);
    if (place < 0) return false;
    this.notice = "";
    this.stand(place);
    return true;
  }

  // A unit that the line has not met: it stands before the front, so that Enter leads on to where
  // the coder was.
  async fetch(unit) {
    const item = await this.ask(aboutOf(unit));
    if (!item) return this.say("This sentence could not be fetched just now.");
    if (this.line.find(item.id) < 0) this.line.putBeforeFront([item]);
    this.visit(item.id);
    this.changed();
  }

  // Go through the units that were skipped or flagged: they stand together before the front, so
  // that Enter leads from one to the next, and behind the last to where the coder was.
  async walk(which) {
    const reply = await this.outbox.ask("/queue", { which, ...this.seat() });
    if (!reply) return this.say(`The ${which} sentences could not be fetched just now.`);
    const first = this.line.gather(reply.next ?? [], which);
    if (!first) return this.say(`No sentence is ${which} any more.`);
    this.notice = "";
    this.standAnew(first.id);
    this.changed();
  }

  // A desk that ran empty may have more to show by now, and a sentence that nobody had listened to
  // its speaker.
  async lookAgain() {
    const { item } = this;
    if (!item) {
      this.queue.lookAgain();
      return this.outbox.retry();
    }
    if (isCard(item) || item.voice) return;
    await hearAgain(this, item.id);
    if (!this.line.itemOf(item.id)?.voice) return;
    this.queue.renew();
    this.outbox.retry();
  }
}
