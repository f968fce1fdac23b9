// The session: what one coder has in front of them, without a line of DOM. The units stand in a
// `line`: those decided lately, the one in hand (`at`), and those that come next. Everything a
// key does happens here at once; the outbox tells the server afterwards.

const AHEAD = 20; // units that should always be there already
const FETCH = 40;
const IDLE = 60_000; // a longer pause is not time spent on the sentence
const PACE_WEIGHT = 0.2; // of the newest sentence in the running mean
const NEWS_LASTS = 3; // sentences; long enough to be read by somebody who looks at the next one

function sessionOf(data) {
  const seat = [data.project, data.coder, data.round, data.list?.name ?? ""];
  const name = seat.map(encodeURIComponent).join("/");
  // What is decided through one list is decided in all of them: one that was left begins anew.
  for (const [other, { project, coder }] of shared.sessions) {
    const left = other !== name && project === data.project && coder === data.coder;
    if (left) shared.sessions.delete(other);
  }
  if (!shared.sessions.has(name)) shared.sessions.set(name, new Session(data));
  return shared.sessions.get(name);
}

class Session {
  constructor(data) {
    this.project = data.project;
    this.title = "";
    this.sample = false;
    this.coder = data.coder;
    this.round = data.round;
    this.list = data.list ?? null; // the sample or set that is worked through; null is the project
    this.outbox = outboxOf(data.project, data.coder);
    this.line = [];
    this.at = 0;
    this.drafts = new Map(); // unit → what is toggled there
    this.seen = new Set(); // units whose suggestions were on screen: those stay as they were
    this.made = []; // this session's decisions, for undo …
    this.earlier = []; // … and those made before the page was loaded
    this.unsure = new Map(); // uuid of an undo → the unit whose older decision only the server knows
    this.unheard = new Map(); // uuid of an undo → the unit whose speakers only the server knows
    this.gone = new Set(); // units that were split or joined
    this.scheme = null;
    this.progress = null;
    this.model = undefined; // not heard of yet; null is "there is none"
    this.policy = null; // about suggestions, as the server told it last
    this.secondsEach = null;
    this.drained = false; // the server has nothing behind the end of our line
    this.finished = false; // the server has nothing at all
    this.renewals = 0; // how often what comes next had to be asked for anew …
    this.renewed = 0; // … and which of these questions was answered last
    this.outcome = ""; // what came of a check of labels, once it is through
    this.notice = "";
    this.noticeKind = "warning";
    this.news = null; // what became of the codebook: { text, left }, for as many sentences
    this.asking = false; // for a newer scheme
    this.explained = null; // { unit, marks }: the words of the suggestion that is being explained
    this.followed = null; // { from, to }: the precedent that the coder went to, and whence
    this.clock = new Clock();
    this.evidence = new Evidence(this);
    this.tuples = new Tuples(this);
    this.cards = new Cards(this);
    this.onchange = null;
    this.requestToken = null;
  }

  // Called on every rerun of the page: merges what is new, and never moves the coder.
  update(data) {
    this.title = data.title ?? "";
    this.sample = data.sample ?? false;
    this.takeScheme(data.scheme);
    this.outbox.source = this;
    this.outbox.connect(data.api, data.token);
    const mark = JSON.stringify([data.queue.progress, data.queue.model?.id, idsOf(data.queue)]);
    if (mark !== this.mark) {
      this.mark = mark; // Streamlit also calls with old data, when only the theme changed
      this.begin(data.queue);
    }
  }

  begin(queue) {
    const first = !this.line.length;
    const recent = first ? [...(queue.recent ?? [])].reverse() : [];
    this.line.push(...recent.map((item) => this.withPending(item)));
    this.drained = false;
    this.take(queue);
    if (first) this.earlier = this.recalled(queue.lately ?? []);
    this.finished = !this.openCount() && !(queue.next ?? []).length;
    if (first) this.stand(this.front());
    this.changed();
  }

  // What `z` takes back after a reload: the last decisions the server knows of, and behind them
  // those that still wait in the outbox. What came before them, only the server knows.
  recalled(lately) {
    const entries = [...this.outbox.entries.values()];
    const undone = new Set(entries.map(({ event }) => event.ref));
    const told = lately.map(({ event: id, unit, op }) => {
      const event = { uuid: id, unit };
      if (op === "speaker") return { event, correction: {} };
      const { status, answers } = this.line[this.find(unit)]?.decision ?? noDecision();
      return { event, answers, dropped: restOf(status) };
    });
    const waiting = entries
      .filter(({ event }) => STATUS_OF[event.op] || event.op === "speaker")
      .map(({ event, place }) => {
        if (event.op === "speaker") return { event, correction: { back: place?.back } };
        return { event, answers: event.answers, dropped: restOf(STATUS_OF[event.op]) };
      });
    return [...told, ...waiting].filter(
      ({ event }) => !undone.has(event.uuid) && this.find(event.unit) >= 0,
    );
  }

  // --- the scheme -------------------------------------------------------------------------

  // A newer scheme comes in under the coder's hands: the place, what is toggled and the outbox stay.
  // An older one is what Streamlit had when it last drew the page, and counts for nothing.
  takeScheme(scheme) {
    const before = this.scheme;
    if (before && scheme.id <= before.id) return;
    this.scheme = scheme;
    this.forms = new Map(["sentence", "document"].map((unit) => [unit, this.form(unit)]));
    this.everything = cellsOf(scheme.variables);
    if (before) this.news = { text: schemeNews(before, scheme), left: NEWS_LASTS };
  }

  form(unit) {
    const variables = this.scheme.variables.filter((variable) => variable.unit === unit);
    return { variables, cells: cellsOf(variables) };
  }

  // What is asked of the sentence in hand, or of the article on its card.
  get variables() {
    return this.forms.get(formOf(this.item)).variables;
  }

  get cells() {
    return this.forms.get(formOf(this.item)).cells;
  }

  asksOfArticles() {
    return this.forms.get("document").variables.length > 0;
  }

  async askForScheme() {
    if (this.asking) return;
    this.asking = true;
    try {
      const reply = await this.outbox.ask("/codebook", {});
      if (reply) this.takeScheme(reply.scheme);
    } finally {
      this.asking = false;
    }
    this.changed();
  }

  // What the server does now or not at all: { reply }, or { fault } in the sentence `faultOf` makes.
  async tell(path, what, faultOf) {
    const answer = await this.outbox.tell(path, what);
    if (answer?.status === 401) this.askForToken();
    return answer?.ok && answer.reply ? { reply: answer.reply } : { fault: faultOf(answer) };
  }

  // { added }, or { fault }; never kept for later, since others would code without it.
  async addToCodebook(what) {
    const asked = { ...what, scheme: this.scheme.id };
    const { reply, fault } = await this.tell("/codebook", asked, additionFault);
    if (fault) return { fault };
    this.takeScheme(reply.scheme);
    return { added: reply.added };
  }

  // Where the new code stands on the sentence in hand.
  cellOf({ variable, name }) {
    const isAdded = (cell) => cell.variable.name === variable && cell.code.name === name;
    const isHere = (cell) => cell.target === this.targetFor(cell.variable);
    return [...this.cells.values()].find((cell) => isAdded(cell) && isHere(cell)) ?? null;
  }

  // The codes that are on, the one toggled last first. One that is rejected is no example, and the
  // codes of the shared scale take none.
  exemplified() {
    if (isCard(this.item)) return [];
    const given = [...(this.draft()?.given.values() ?? [])].reverse();
    const on = given.filter(({ use }) => use === "asserted");
    const found = new Map();
    for (const cell of on.map((answer) => this.cells.get(chipKeyOf(answer)))) {
      if (cell && !cell.variable.shared) found.set(chipKey(cell.variable.name, "", cell.code.name), cell);
    }
    return [...found.values()];
  }

  async addExample({ variable, code }) {
    const { item } = this;
    const what = { add: "example", variable: variable.name, code: code.name, unit: item.id };
    const { added, fault } = await this.addToCodebook(what);
    if (fault) return this.say(fault);
    if (added.new) this.news = null; // the line below says it
    this.say(exampleText(added, item, this.item), "news");
  }

  // --- what the outbox asks of its source -------------------------------------------------

  // `renewal` stays here: it tells the answer to this question from one asked a moment before.
  wanted() {
    const open = this.openCount();
    if (this.renewed < this.renewals) {
      return this.question(FETCH, this.frontCursor(), this.renewals);
    }
    if (open === 0) return this.question(this.finished ? 0 : FETCH, -1);
    const enough = open >= AHEAD || this.drained;
    return this.question(enough ? 0 : FETCH, this.lastCursor());
  }

  // How far the line goes through the queue.
  lastCursor() {
    return this.line.findLast((item) => !isCard(item))?.cursor ?? -1;
  }

  // One item, as the server tells it; null where it cannot be had.
  async ask(about) {
    const reply = await this.outbox.ask("/queue", { ...about, ...this.seat() });
    this.cards.take(reply?.cards);
    return reply?.next?.[0] ?? null;
  }

  question(want, after, renewal = 0) {
    return { query: { want, after, ...this.seat(), model: this.model?.id ?? "" }, renewal };
  }

  seat() {
    return { round: this.round, queue: this.list?.name ?? "" };
  }

  // Newer scores, or units that had been put aside, are to be had for what comes next.
  renew() {
    this.renewals += 1;
  }

  absorb(reply, asked) {
    const had = this.openCount();
    if (asked.renewal) this.replaceAhead(reply, asked.renewal);
    this.take(reply);
    if (asked.query.want) this.noteEnd(reply, asked.query.want, had);
    if (reply.scheme_id > this.scheme.id) this.askForScheme();
    for (const id of reply.acks ?? []) {
      if (this.unsure.has(id)) this.lookUp(id);
      if (this.unheard.has(id)) this.hearAgain(id);
    }
    this.stand(this.at < this.line.length ? this.at : this.front());
    this.cards.prepare(this.item);
    this.changed();
  }

  noteEnd(reply, want, had) {
    const open = this.openCount();
    this.drained = (reply.next ?? []).filter((item) => !isCard(item)).length < want;
    // Only an answer that knew of every event may say that nothing is left.
    if (had === 0) this.finished = open === 0 && this.outbox.size === 0;
    if (open) this.finished = false;
  }

  take(reply) {
    if (reply.progress) this.progress = reply.progress;
    if (reply.model !== undefined) this.takeModel(reply.model);
    if (reply.policy) this.takePolicy(reply.policy);
    if (reply.outcome) this.outcome = reply.outcome;
    this.tuples.take(reply.held);
    this.cards.take(reply.cards);
    for (const item of reply.next ?? []) this.admit(item);
  }

  takeModel(model) {
    const heardOf = this.model !== undefined;
    if (heardOf && model && model.id !== this.model?.id) this.renew();
    this.model = model;
  }

  takePolicy(policy) {
    const told = JSON.stringify(policy);
    if (this.policy && this.policy !== told) this.renew();
    this.policy = told;
  }

  admit(item) {
    if (this.gone.has(item.id) || this.restOfArticle(item)) return;
    const place = this.find(item.id);
    if (place < 0) {
      this.putInLine(item);
    } else if (!this.seen.has(item.id) && isOpen(this.line[place])) {
      this.line[place] = this.withPending(item);
    }
  }

  // At the end; a card comes before the sentences that the coder has not looked at.
  putInLine(item) {
    const unseen = (other) => isOpen(other) && !isCard(other) && !this.seen.has(other.id);
    const first = isCard(item) ? this.line.findIndex(unseen) : -1;
    const place = first < 0 ? this.line.length : first;
    if (this.item && place <= this.at) this.at += 1;
    this.line.splice(place, 0, this.withPending(item));
  }

  // A unit as the server tells it, with what the outbox still holds about it.
  withPending(item) {
    let { decision } = item;
    for (const { event, place } of this.outbox.entries.values()) {
      if (event.unit !== item.id || place?.speaker || event.op === "reveal") continue;
      decision = reviewedAfter(item, decision ?? noDecision(), event);
    }
    const spoken = withReveals(withCorrections(item, this.outbox), this.outbox);
    return decision === item.decision ? spoken : { ...spoken, decision };
  }

  restOfArticle(item) {
    const undone = new Set();
    for (const { event } of this.outbox.entries.values()) undone.add(event.ref);
    return [...this.outbox.entries.values()].some(
      ({ event, place }) =>
        event.rest &&
        !undone.has(event.uuid) &&
        place?.document === item.document.id &&
        item.index > place.index,
    );
  }

  // The server would not take it: the sentence stands again as it stood before.
  refused({ event }) {
    if (event.op === "speaker") return withdrawCorrection(this, event);
    const item = this.line[this.find(event.unit)];
    const made = this.made.find((decision) => decision.event.uuid === event.uuid);
    forgetFirst(item, event.uuid);
    if (item?.decision?.event === event.uuid) {
      item.decision = { ...(made?.before ?? noDecision()), ...remarksOf(item.decision) };
      this.drafts.set(item.id, draftOf(event.answers));
    }
    this.made = this.made.filter((decision) => decision !== made);
    this.finished = false;
    this.renew();
  }

  askForToken() {
    this.requestToken?.();
  }

  changed() {
    this.onchange?.();
  }

  // --- the line ---------------------------------------------------------------------------

  get item() {
    return this.line[this.at] ?? null;
  }

  find(unit) {
    return this.line.findIndex((item) => item.id === unit);
  }

  front() {
    const place = this.line.findIndex((item) => isOpen(item) && this.cards.isReady(item));
    return place < 0 ? this.line.length : place;
  }

  frontCursor() {
    return this.line[this.front()]?.cursor ?? -1;
  }

  openCount() {
    return this.line.reduce((count, item) => count + (isOpen(item) ? 1 : 0), 0);
  }

  // What comes next, in the order and with the scores of a newer reply. Units the coder has
  // looked at stay as they were seen; those the reply does not reach come behind it.
  replaceAhead(reply, renewal) {
    this.renewed = renewal;
    const here = Math.max(this.front(), this.at);
    const isAhead = (item, place) =>
      place > here && isOpen(item) && !item.placed && !isCard(item);
    const ahead = this.line.filter(isAhead);
    const looked = new Map();
    for (const item of ahead) if (this.seen.has(item.id)) looked.set(item.id, item);
    this.line = this.line.filter((item) => !ahead.includes(item));
    for (const item of reply.next ?? []) {
      this.admit(looked.get(item.id) ?? item);
      looked.delete(item.id);
    }
    this.line.push(...looked.values());
  }

  // Come to a unit. The active target and holder, the variable in hand and the words chosen begin
  // anew on every sentence.
  stand(place) {
    const before = this.item;
    this.at = Math.max(0, Math.min(place, this.line.length));
    const { item } = this;
    if (!item || (item === before && this.seen.has(item.id))) return;
    this.seen.add(item.id);
    const draft = this.draft();
    draft.target = this.targets()[0] ?? "";
    draft.holder = "";
    draft.hand = draft.cursor = draft.reach = null;
    draft.touched = false;
    this.evidence.told = "";
    this.clock.restart();
    this.cards.prepare(item);
  }

  advance() {
    this.cards.comeAfter(this.item);
    const next = this.at + 1;
    const goesOn = next < this.line.length && this.cards.isReady(this.line[next]);
    this.stand(goesOn ? next : this.front());
  }

  back() {
    this.notice = "";
    if (returned(this)) return;
    if (this.at === 0) return this.say("This is as far back as the desk goes.");
    this.stand(this.at - 1);
  }

  visit(unit) {
    const place = this.find(unit);
    if (place >= 0) {
      this.notice = "";
      this.stand(place);
    }
    return place >= 0;
  }

  // A unit from the article view that the line has not met: it stands before the front, so that
  // Enter leads on to where the coder was.
  async fetch(unit) {
    const item = await this.ask(aboutOf(unit));
    if (!item) return this.say("This sentence could not be fetched just now.");
    if (this.find(item.id) < 0) this.line.splice(this.front(), 0, item);
    this.visit(item.id);
    this.changed();
  }

  // Go through the units that were skipped or flagged: they stand together before the front, so
  // that Enter leads from one to the next, and behind the last to where the coder was.
  async walk(which) {
    const reply = await this.outbox.ask("/queue", { which, ...this.seat() });
    if (!reply) return this.say(`The ${which} sentences could not be fetched just now.`);
    const first = this.gather((reply.next ?? []).map((item) => this.heldOr(item)), which);
    if (!first) return this.say(`No sentence is ${which} any more.`);
    this.notice = "";
    this.at = -1; // stand anew: the place in hand means another unit now
    this.stand(this.find(first.id));
    this.changed();
  }

  // What the server does not know yet stands in the line, or waits in the outbox.
  heldOr(item) {
    return this.line[this.find(item.id)] ?? this.withPending(item);
  }

  gather(items, which) {
    const known = new Set(items.map((item) => item.id));
    const unheard = this.line.filter((item) => !known.has(item.id));
    const walked = [...items, ...unheard].filter((item) => countsOf(item.decision)[which]);
    this.line = this.line.filter((item) => !walked.includes(item));
    this.line.splice(this.front(), 0, ...walked);
    return walked[0];
  }

  toFront() {
    this.notice = "";
    this.stand(this.front());
  }

  // The coder is back at a desk that had run empty: something may have been imported meanwhile.
  lookAgain() {
    if (this.item) return;
    this.finished = false;
    this.outbox.retry();
  }

  // --- toggling ---------------------------------------------------------------------------

  draft() {
    const { item } = this;
    if (!item) return null;
    if (!this.drafts.has(item.id)) this.drafts.set(item.id, draftOf(item.decision?.answers ?? []));
    return this.drafts.get(item.id);
  }

  targets() {
    const names = this.variables.flatMap((variable) => variable.targets ?? []);
    return [...new Set(names.map((target) => target.name))];
  }

  targetFor(variable) {
    if (!variable.targets) return "";
    const active = this.draft()?.target;
    const known = variable.targets.some((target) => target.name === active);
    return known ? active : (variable.targets[0]?.name ?? "");
  }

  // Whose answer a chip of the variable shows.
  holderFor(variable) {
    return variable.holder ? (this.draft()?.holder ?? "") : "";
  }

  keyFor(cell) {
    return answerKey(cell.key, this.holderFor(cell.variable));
  }

  answerFor(cell) {
    return this.draft()?.given.get(this.keyFor(cell));
  }

  moveTarget(step) {
    const draft = this.draft();
    const targets = this.targets();
    if (!draft || targets.length < 2) return;
    const place = targets.indexOf(draft.target) + step;
    draft.target = targets[(place + targets.length) % targets.length];
    draft.hand = this.variables.find((variable) => variable.targets).name;
  }

  // A click on a target's name.
  choose(target) {
    const draft = this.draft();
    if (!draft) return;
    draft.target = target;
    draft.hand = this.variables.find((variable) => variable.targets).name;
  }

  activate(target) {
    const draft = this.draft();
    if (draft && target) draft.target = target;
  }

  toggle(cell, use = "asserted") {
    const draft = this.draft();
    if (!draft) return;
    this.notice = "";
    if (use === "rejected" && !cell.rejectable) {
      return this.say(`“${cell.code.title}” cannot be marked as rejected.`);
    }
    this.activate(cell.target);
    this.touch(draft, cell.variable, cell.target);
    const key = this.keyFor(cell);
    if (draft.given.get(key)?.use === use) draft.given.delete(key);
    else this.press(draft, cell, use);
    this.evidence.toggled(key);
  }

  // A code that is asserted instead of rejected, or the other way, keeps the words it rests on.
  press(draft, cell, use) {
    const { variable, target, code } = cell;
    const had = this.answerFor(cell) ?? bareAnswer(variable.name, target, code.name);
    for (const other of this.cells.values()) {
      const sameQuestion = other.variable === variable && other.target === target;
      const oneOnly = variable.choice === "one" || code.exclusive || other.code.exclusive;
      if (sameQuestion && (oneOnly || other === cell)) draft.given.delete(this.keyFor(other));
    }
    const holder = this.holderFor(variable);
    const whose = { holder, holder_type: had.holder_type || this.tuples.kindOf(holder) };
    draft.given.set(this.keyFor(cell), { ...had, ...whose, use });
  }

  touch(draft, variable, target) {
    draft.touched = true;
    draft.hand = variable.name;
    draft.none.delete(rowKey(variable.name, target, this.holderFor(variable)));
  }

  // None for the variable in hand, and there for the active target and holder alone: asked, looked
  // at, empty.
  none() {
    const draft = this.draft();
    const variable = this.inHand();
    if (!draft || !variable) return;
    this.notice = "";
    const target = this.targetFor(variable);
    this.touch(draft, variable, target);
    for (const cell of this.cells.values()) {
      const isHere = cell.variable === variable && cell.target === target;
      if (isHere) draft.given.delete(this.keyFor(cell));
    }
    draft.reach = null;
    draft.none.add(rowKey(variable.name, target, this.holderFor(variable)));
  }

  inHand() {
    const name = this.draft()?.hand;
    return this.variables.find((variable) => variable.name === name) ?? this.variables[0];
  }

  // --- deciding ---------------------------------------------------------------------------

  save() {
    const { item } = this;
    if (!item) return;
    const draft = this.draft();
    const answers = answersOf(draft, this.cells);
    if (this.leavesAsItWas(item, draft)) return this.advance();
    if (staysAsRevealed(item, draft, this.cells)) return this.advance();
    const missing = this.missing(answers);
    if (missing.length) return this.say(`Not saved: ${listed(missing)} must be answered.`);
    const candidates = candidatesSeen(item, this.cells);
    this.decide("set", { answers, candidates, first: firstOf(item) });
    this.drafts.delete(item.id); // from now on the decision says what is toggled
    if (!reveal(this)) this.advance();
  }

  // Walking forward over a skipped or not codable sentence must not turn it into "none".
  leavesAsItWas(item, draft) {
    const other = item.decision?.status && item.decision.status !== "coded";
    return other && !draft.touched && draft.given.size === 0;
  }

  missing(answers) {
    const answered = new Set(answers.map((answer) => answer.variable));
    return this.variables
      .filter((variable) => variable.required)
      .filter((variable) => !answered.has(variable.name))
      .map((variable) => variable.heading);
  }

  skip() {
    if (!this.item) return;
    this.decide("skip", {});
    this.advance();
  }

  notCodable(rest) {
    const { item } = this;
    if (!item) return;
    if (isCard(item)) rest = false; // no sentence of it is left
    const decision = this.decide("not_codable", { rest });
    if (rest) decision.dropped = this.dropRest(item);
    if (rest) this.say(setAside(this.restCount(item)), "news");
    this.advance();
  }

  // Not all of a long article has been fetched: its place in the article says how much there is.
  restCount(item) {
    const decided = (other) =>
      !isOpen(other) && other.document.id === item.document.id && other.index > item.index;
    return item.of - item.index - this.line.filter(decided).length;
  }

  dropRest(item) {
    this.cards.endAt(item);
    const later = (other) =>
      isOpen(other) && other.document.id === item.document.id && other.index > item.index;
    const dropped = this.line.filter(later);
    this.line = this.line.filter((other) => !later(other));
    return dropped;
  }

  decide(op, change) {
    this.notice = "";
    const { item } = this;
    const first = isOpen(item);
    const seconds = this.clock.read();
    const event = this.event(item, op, { seconds, ...change });
    const decision = { event, before: item.decision, answers: answersOf(this.draft(), this.cells) };
    item.decision = afterEvent(item.decision ?? noDecision(), event);
    this.made.push(decision);
    this.send(event, item, decision.before);
    if (first && !isCard(item)) this.learnPace(seconds);
    this.growOld();
    return decision;
  }

  undo() {
    const recalled = this.made.length ? null : this.earlier.pop();
    const last = recalled ?? this.made.pop();
    if (!last) return this.say("Nothing left to undo. Backspace goes back.");
    this.notice = "";
    if (last.correction) return undoCorrection(this, last);
    if (last.boundary) return undoBoundary(this, last);
    const { event, before, answers, dropped } = last;
    const item = this.line[this.find(event.unit)];
    const undone = item.decision;
    const undo = this.event(item, "retract", { ref: event.uuid });
    item.decision = { ...(before ?? item.earlier ?? noDecision()), ...remarksOf(undone) };
    if (recalled && !item.earlier) this.unsure.set(undo.uuid, item.id);
    this.send(undo, item, undone);
    forgetFirst(item, event.uuid);
    this.drafts.set(item.id, toggledForReview(item) ?? toggledAgain(item, { before, answers }));
    this.takeBackRest(item, dropped);
    this.at = -1; // stand anew, even where the undone sentence is the one in hand
    this.stand(this.find(item.id));
    this.draft().touched = !recalled || !item.first; // else the server says what stood before
  }

  // The undo has reached the server, where an older decision may have come back into force.
  async lookUp(undo) {
    const unit = this.unsure.get(undo);
    this.unsure.delete(undo);
    const older = (await this.ask(aboutOf(unit)))?.decision;
    const item = this.line[this.find(unit)];
    if (!older?.status || !item || item.decision?.status) return; // decided anew meanwhile
    item.decision = older;
    if (item.first && !this.drafts.get(unit)?.touched) this.drafts.delete(unit);
    this.changed();
  }

  hearAgain(undo) {
    const unit = this.unheard.get(undo);
    this.unheard.delete(undo);
    hearAgain(this, unit);
  }

  takeBackRest(item, dropped) {
    this.finished = false;
    if (!dropped) return;
    this.line.splice(this.find(item.id) + 1, 0, ...dropped);
    this.renew(); // the article may go on behind what had been fetched
  }

  flag() {
    const { item } = this;
    if (!item) return;
    this.remark("flag", { flagged: !item.decision?.flagged });
  }

  memo(text) {
    if (this.item && text !== (this.item.decision?.memo ?? "")) this.remark("memo", { memo: text });
  }

  // Flags and memos are events of their own: they decide nothing, and move nobody.
  remark(op, change) {
    const { item } = this;
    const event = this.event(item, op, change);
    const before = item.decision;
    item.decision = afterEvent(before ?? noDecision(), event);
    this.send(event, item, before);
  }

  event(item, op, change) {
    return {
      uuid: uuid(),
      op,
      subject: item.subject ?? "unit",
      unit: item.id,
      scheme: this.scheme.id,
      ...this.seat(),
      pass: 1,
      arm: item.arm ?? "",
      answers: [],
      candidates: [],
      model_id: item.model_id ?? null,
      memo: null,
      flagged: null,
      rest: false,
      ref: null,
      client_at: new Date().toISOString(),
      seconds: null,
      ...change,
    };
  }

  send(event, item, before) {
    const counts = (decision) => countsOf(decision, item);
    const counted = isCard(item) ? {} : difference(counts(item.decision), counts(before));
    this.outbox.add(event, { document: item.document.id, index: item.index, counted });
  }

  say(notice, kind = "warning") {
    this.notice = notice;
    this.noticeKind = kind;
    this.changed();
  }

  growOld() {
    if (this.news && --this.news.left < 0) this.news = null;
  }

  // --- figures ----------------------------------------------------------------------------

  // The server's count of what is "done", "skipped" or "flagged", and what it has not heard of yet.
  count(which) {
    let count = this.progress?.[which] ?? 0;
    for (const { event, place } of this.outbox.entries.values()) {
      const here = !this.list || this.list.kind === "order" || event.queue === this.list.name;
      if (here) count += place?.counted?.[which] ?? 0;
    }
    return Math.max(0, count);
  }

  learnPace(seconds) {
    const mean = this.secondsEach ?? seconds;
    this.secondsEach = mean + PACE_WEIGHT * (seconds - mean);
  }

  decidedLately(most) {
    return this.line.slice(0, this.front()).filter((item) => !isOpen(item)).slice(-most);
  }

  // What the chips show: nothing yet where the coder is to answer first.
  shownSuggestions() {
    return isHidden(this.item) ? [] : this.suggestions();
  }

  suggestions() {
    const isAsked = ({ variable, target, code }) =>
      this.cells.has(chipKey(variable, target ?? "", code));
    return (this.item?.candidates ?? []).filter((one) => one.show && isAsked(one));
  }
}

// What is known of the rest of the article that a decision may have set aside: that it may come back.
function restOf(status) {
  return status === "not_codable" ? [] : undefined;
}

// Time spent on a sentence: runs while the coder does something, and stops when they leave.
class Clock {
  restart() {
    this.spent = 0;
    this.last = performance.now();
  }

  touch() {
    const now = performance.now();
    this.spent += Math.min(IDLE, now - this.last);
    this.last = now;
  }

  read() {
    this.touch();
    return Math.round(this.spent) / 1000;
  }
}
