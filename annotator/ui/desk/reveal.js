// Decide, then reveal: in such a sentence the coder answers first. Then the suggestions come into
// sight and stay there; an answer that is changed after that is one of its own and names the first.

const isHidden = (item) => item?.mode === "reveal" && !item.revealed;

// What is behind a first answer that was just kept; false where there is nothing to be seen.
function reveal(session) {
  const { item } = session;
  if (!isHidden(item) || !suggestionsOf(session).length) return false;
  item.first = item.decision.event;
  item.revealed = true;
  const candidates = candidatesShown(item, session.cells);
  const event = eventOf(session, item, "reveal", { first: item.first, candidates });
  sendEvent(session, event, item, item.decision);
  session.standAnew(item.id); // the time from here on is another
  return true;
}

// Enter on what was answered and revealed, with nothing changed.
function staysAsRevealed({ decision, revealed }, draft, cells) {
  if (!revealed || decision?.status !== "coded") return false;
  const kept = answersOf(draftOf(decision.answers), cells);
  return JSON.stringify(answersOf(draft, cells)) === JSON.stringify(kept);
}

// The answer that a new one names as the first.
const firstOf = (item) => (item.revealed ? (item.first ?? null) : null);

// An answer was taken back or refused. What was seen stays seen.
function forgetFirst(item, id) {
  if (item?.first === id) item.first = null;
}

// What is toggled once a decision was taken back: what it said or, after a reveal, what stood before.
function toggledAgain(item, { before, answers }) {
  return draftOf(item.first && before?.status === "coded" ? before.answers : answers);
}

// A unit as the server tells it, with what the outbox still holds about its reveal.
function withReveals(item, { entries }) {
  let told = item;
  for (const { event } of entries.values()) {
    const undone = event.op === "retract" && event.ref === told.first;
    if (event.unit !== item.id) continue;
    if (event.op === "reveal") told = { ...told, mode: "reveal", revealed: true, first: event.first };
    else if (undone) told = { ...told, first: null };
  }
  return told;
}

// One quiet line, on what the model makes of a sentence that was answered.
function suggestedText(session) {
  const { item } = session;
  const suggested = item?.revealed && item.decision?.status === "coded" ? suggestionsOf(session) : [];
  if (!suggested.length) return "";
  const asserted = item.decision.answers.filter(({ use }) => use === "asserted");
  const given = new Set(asserted.map(chipKeyOf));
  const isSame = given.size === suggested.length && suggested.every((one) => given.has(chipKeyOf(one)));
  if (isSame) return "The model suggests the same.";
  const names = suggested.map((one) => answerText({ ...one, use: "asserted" }, session));
  return `The model suggests ${listed(names)}. Change your answer or press Enter to go on.`;
}
