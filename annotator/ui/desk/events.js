// Events and decisions as plain values: what the desk tells the server of a unit, and what each
// event makes of the decision that stands on it.

const STATUS_OF = { set: "coded", skip: "skipped", not_codable: "not_codable" };

function eventOf(session, item, op, change) {
  return {
    uuid: uuid(),
    op,
    subject: item.subject ?? "unit",
    unit: item.id,
    scheme: session.codebook.scheme.id,
    ...session.seat(),
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

// `before` is the decision that stood on the item until now.
function sendEvent(session, event, item, before) {
  const counts = (decision) => countsOf(decision, item);
  const counted = isCard(item) ? {} : difference(counts(item.decision), counts(before));
  session.outbox.add(event, { document: item.document.id, index: item.index, counted });
}

function noDecision() {
  return { event: null, status: null, answers: [], memo: "", flagged: false };
}

const remarksOf = ({ memo, flagged }) => ({ memo, flagged });

function afterEvent(decision, event) {
  if (event.op === "flag") return { ...decision, flagged: event.flagged };
  if (event.op === "memo") return { ...decision, memo: event.memo };
  if (event.op === "retract") return { ...noDecision(), ...remarksOf(decision) };
  const { uuid: id, scheme, answers } = event;
  return { ...decision, event: id, status: STATUS_OF[event.op], scheme, answers };
}

function isOpen(item) {
  return isOpenWith(item, item.decision);
}

// A label that is to be reviewed is open as long as its decision is the one that was there.
function isOpenWith({ review }, decision) {
  return !decision?.status || Boolean(review && decision.event === review);
}

// What a decision on an item adds to each count of the progress.
function countsOf(decision, item = {}) {
  return {
    done: isOpenWith(item, decision) ? 0 : 1,
    skipped: decision?.status === "skipped" ? 1 : 0,
    flagged: decision?.flagged ? 1 : 0,
  };
}

function difference(now, before) {
  return Object.fromEntries(Object.keys(now).map((name) => [name, now[name] - before[name]]));
}
