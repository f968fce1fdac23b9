// What `z` takes back: the steps of this session, and those made before the page was loaded. A step
// is a decision, a correction of the speaker or a change of a boundary.

class Undo {
  constructor(session) {
    this.session = session;
    this.made = []; // this session's steps …
    this.earlier = []; // … and those before it
    this.unsure = new Map(); // uuid of an undo → the unit whose older decision only the server knows
    this.unheard = new Map(); // uuid of an undo → the unit whose speakers only the server knows
  }

  keep(step) {
    this.made.push(step);
  }

  // After a reload: the last decisions the server knows of, and behind them those that still wait
  // in the outbox. What came before them, only the server knows.
  recall(lately) {
    const { line, outbox } = this.session;
    const entries = [...outbox.entries.values()];
    const undone = new Set(entries.map(({ event }) => event.ref));
    const told = lately.map((one) => toldStep(one, line));
    const waiting = entries.filter(isStep).map(waitingStep);
    this.earlier = [...told, ...waiting].filter(
      ({ event }) => !undone.has(event.uuid) && line.find(event.unit) >= 0,
    );
  }

  takeBack() {
    const { session } = this;
    const recalled = this.made.length ? null : this.earlier.pop();
    const step = recalled ?? this.made.pop();
    if (!step) return session.say("Nothing left to undo. Backspace goes back.");
    session.notice = "";
    if (step.correction) undoCorrection(session, step);
    else if (step.boundary) undoBoundary(session, step);
    else this.takeBackDecision(step, Boolean(recalled));
  }

  takeBackDecision({ event, before, answers, dropped }, isRecalled) {
    const { session } = this;
    const { hand, line } = session;
    const item = line.itemOf(event.unit);
    const undone = item.decision;
    const undo = eventOf(session, item, "retract", { ref: event.uuid });
    item.decision = { ...(before ?? item.earlier ?? noDecision()), ...remarksOf(undone) };
    if (isRecalled && !item.earlier) this.unsure.set(undo.uuid, item.id);
    sendEvent(session, undo, item, undone);
    forgetFirst(item, event.uuid);
    hand.drafts.set(item.id, toggledForReview(item) ?? toggledAgain(item, { before, answers }));
    this.putRestBack(item, dropped);
    session.standAnew(item.id);
    session.tuples.takeUpHolder();
    hand.draft().touched = !isRecalled || !item.first; // else the server says what stood before
  }

  putRestBack(item, dropped) {
    const { line, queue } = this.session;
    queue.finished = false;
    if (!dropped) return;
    line.putBehind(item.id, dropped);
    queue.renew(); // the article may go on behind what had been fetched
  }

  // An undo has reached the server, where something older may have come back into force.
  hear(acks) {
    for (const id of acks) {
      if (this.unsure.has(id)) this.lookUpDecision(id);
      if (this.unheard.has(id)) this.lookUpSpeakers(id);
    }
  }

  async lookUpDecision(undo) {
    const { session } = this;
    const unit = this.unsure.get(undo);
    this.unsure.delete(undo);
    const older = (await session.ask(aboutOf(unit)))?.decision;
    const item = session.line.itemOf(unit);
    if (!older?.status || !item || item.decision?.status) return; // decided anew meanwhile
    item.decision = older;
    const { drafts } = session.hand;
    if (item.first && !drafts.get(unit)?.touched) drafts.delete(unit);
    session.changed();
  }

  lookUpSpeakers(undo) {
    const unit = this.unheard.get(undo);
    this.unheard.delete(undo);
    hearAgain(this.session, unit);
  }

  // The server would not take it: the unit stands again as it stood before.
  refused({ event }) {
    const step = this.made.find((one) => one.event.uuid === event.uuid);
    this.made = this.made.filter((one) => one !== step);
    if (event.op === "speaker") withdrawCorrection(this.session, step);
    else this.withdrawDecision(event, step);
  }

  withdrawDecision(event, step) {
    const { line, hand, queue } = this.session;
    const item = line.itemOf(event.unit);
    forgetFirst(item, event.uuid);
    if (item?.decision?.event === event.uuid) {
      item.decision = { ...(step?.before ?? noDecision()), ...remarksOf(item.decision) };
      hand.drafts.set(item.id, draftOf(event.answers));
    }
    queue.finished = false;
    queue.renew();
  }
}

const isStep = ({ event }) => Boolean(STATUS_OF[event.op]) || event.op === "speaker";

function toldStep({ event: id, unit, op }, line) {
  const event = { uuid: id, unit };
  if (op === "speaker") return { event, correction: {} };
  const { status, answers } = line.itemOf(unit)?.decision ?? noDecision();
  return { event, answers, dropped: restOf(status) };
}

function waitingStep({ event, place }) {
  if (event.op === "speaker") return { event, correction: { back: place?.back } };
  return { event, answers: event.answers, dropped: restOf(STATUS_OF[event.op]) };
}

// What is known of the rest of the article that a decision may have set aside: that it may come back.
function restOf(status) {
  return status === "not_codable" ? [] : undefined;
}
