// Who speaks: the line above the sentence says it, and `p` sets it right, for all sentences that the
// same quotation runs through. A correction is an event like any other: it is on the screen at once,
// waits in the outbox, and `z` takes it back.

const FOUND_BY = {
  name: "named",
  organisation: "named as an organisation",
  role: "named by a role",
  pronoun: "found through a pronoun",
  chain: "carried on from the quotation before",
};

// --- an item, before and after a correction ---------------------------------------------------

const namesOf = ({ speakers }) => (speakers ?? []).map(({ name }) => name);

function sameNames(names, others) {
  return names.length === others.length && names.every((name, place) => name === others[place]);
}

// `told` is what a correction says: of which unit, to what, and which other units go along with it.
function toldOf(item, voice, speakers, by) {
  const { id: unit, alike: reach = [], document: article } = item;
  const from = { voice: item.voice, names: namesOf(item) };
  return { unit, document: article.id, reach, from, voice, speakers, by };
}

function reaches(told, item) {
  if (item.document.id !== told.document) return false;
  if (item.id === told.unit) return true;
  const within = told.reach.some(([first, last]) => first <= item.index && item.index <= last);
  return within && sameNames(namesOf(item), told.from.names);
}

// As the server does it: what was spoken in another voice than the sentence in hand keeps that.
function spokenAfter(item, told) {
  const { unit, from, speakers, by } = told;
  const follows = item.id === unit || told.voice === "author";
  const voice = follows || [from.voice, "author", ""].includes(item.voice) ? told.voice : item.voice;
  return { voice, speakers, set_by: by, people: peopleAfter(item.people ?? [], speakers) };
}

// Elsewhere in the article nobody else speaks now, but there is one more whose stance it can be.
function peopleBeside(people, speakers) {
  const known = new Set(people.map(({ name }) => name));
  const others = speakers.filter(({ name }) => !known.has(name));
  return [...people, ...others.map(({ name }) => ({ name, kind: "", here: false }))];
}

function peopleAfter(people, speakers) {
  const here = speakers.map(({ name }) => ({
    name,
    kind: people.find((person) => person.name === name)?.kind ?? "",
    here: true,
  }));
  const named = new Set(here.map(({ name }) => name));
  const others = people.filter(({ name }) => !named.has(name));
  return [...here, ...others.map((person) => ({ ...person, here: false }))];
}

// What was said of a unit before, as a correction that takes the other one back.
function toldBack(told, item) {
  const { voice, speakers } = told;
  const from = { voice, names: speakers.map(({ name }) => name) };
  return { ...told, from, voice: item.voice, speakers: item.speakers ?? [], by: item.set_by ?? "" };
}

// An item as the server tells it, with the corrections that it has not heard of yet.
function withCorrections(item, outbox) {
  let spoken = item;
  for (const { place } of outbox.entries.values()) {
    if (place?.told && reaches(place.told, spoken)) {
      spoken = { ...spoken, ...spokenAfter(spoken, place.told) };
    }
  }
  return spoken;
}

// --- correcting -----------------------------------------------------------------------------

function correctSpeaker(session, voice, names) {
  const { item } = session;
  const speakers = names.map((name) => ({ name, mode: "", confidence: null, cue: "", certainty: "" }));
  const told = toldOf(item, voice, speakers, session.coder);
  const back = toldBack(told, item);
  const before = applyCorrection(session, told);
  const event = eventOf(session, item, "speaker", { voice, speakers: names });
  session.undo.keep({ event, correction: { before, back } });
  sendCorrection(session, event, item, { told, back });
  session.tuples.followSpeaker(names);
  session.say(correctedText(told), "news");
}

function sendCorrection(session, event, item, what) {
  const place = { document: item.document.id, index: item.index };
  session.outbox.add(event, { ...place, speaker: true, ...what });
}

// item → what was said of it before, and who was known in its article.
function applyCorrection(session, told) {
  const before = new Map();
  for (const item of session.line.items.filter(({ document }) => document.id === told.document)) {
    const { voice, speakers, set_by, people } = item;
    if (reaches(told, item)) {
      before.set(item.id, { voice, speakers, set_by, people });
      Object.assign(item, spokenAfter(item, told));
    } else {
      before.set(item.id, { people });
      item.people = peopleBeside(people ?? [], told.speakers);
    }
  }
  return before;
}

function restore(session, before) {
  for (const [unit, spoken] of before) {
    const item = session.line.itemOf(unit);
    if (item) Object.assign(item, spoken);
  }
  session.tuples.settleHolder();
}

// After a reload only the server knows what was said before: it is asked once it has the undo.
function undoCorrection(session, { event, correction: { before, back } }) {
  const item = session.line.itemOf(event.unit);
  const undo = eventOf(session, item, "retract", { ref: event.uuid });
  if (before) restore(session, before);
  else if (back) applyCorrection(session, back);
  else session.undo.unheard.set(undo.uuid, item.id);
  sendCorrection(session, undo, item, { told: back });
  session.visit(item.id);
  session.tuples.settleHolder();
  session.say("The speaker is set back.", "news");
}

function withdrawCorrection(session, step) {
  if (step) restore(session, step.correction.before);
}

// What the server says of a unit, and of all that go along with it.
async function hearAgain(session, unit) {
  const asked = session.line.itemOf(unit);
  const beside = session.line.items.filter((one) => asked && reaches(toldOf(asked, "", [], ""), one));
  for (const { id } of beside) {
    const reply = await session.outbox.ask("/queue", { unit: id, ...session.seat() });
    const item = session.line.itemOf(id);
    const heard = reply?.next?.[0];
    if (!heard || !item) continue;
    const { voice, speakers, set_by, people, alike } = withCorrections(heard, session.outbox);
    Object.assign(item, { voice, speakers, set_by, people, alike });
  }
  session.tuples.settleHolder();
  session.changed();
}

// --- in words -------------------------------------------------------------------------------

function speakerText({ voice, speakers, set_by: by }, coder) {
  if (!voice) return { name: "", how: "no speaker looked for yet" };
  const set = by ? [`set by ${by === coder ? "you" : by}`] : [];
  if (voice === "author") return { name: "Author", how: set.join("") };
  const name = listed(namesOf({ speakers })) || "Somebody not named";
  const certainty = by ? set : [leastCertain(speakers ?? [])];
  return { name, how: [voice, ...certainty].filter(Boolean).join(" · ") };
}

function leastCertain(speakers) {
  return ["check", "likely", "sure"].find((word) =>
    speakers.some(({ certainty }) => certainty === word),
  ) ?? "";
}

const CERTAIN = {
  sure: "the program is sure of who speaks, and may be wrong",
  likely: "the program takes this for likely",
  check: "the program is not sure: look",
};

function speakerTip({ speakers, set_by: by }) {
  const found = by ? [] : (speakers ?? []).map(foundText).filter(Boolean);
  const certain = by ? "" : (CERTAIN[leastCertain(speakers ?? [])] ?? "");
  return [...found, certain, "p corrects who speaks"].filter(Boolean).join(" · ");
}

function foundText({ name, mode, cue }) {
  if (!FOUND_BY[mode]) return "";
  return `${name}: ${FOUND_BY[mode]}${cue ? `, beside “${cue}”` : ""}`;
}

function correctedText({ voice, speakers, reach }) {
  const others = reach.reduce((count, [first, last]) => count + last - first + 1, 0);
  const count = Math.max(1, others);
  const who = voice === "author" ? "the author" : listed(namesOf({ speakers }));
  const sentences = count === 1 ? "this sentence" : `${count} sentences`;
  return `Speaker set to ${who} in ${sentences} · z undoes`;
}
