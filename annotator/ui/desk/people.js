// Who speaks: the line above the sentence says it, and `p` sets it right, for all sentences that the
// same quotation runs through. A correction is an event like any other: it is on the screen at once,
// waits in the outbox, and `z` takes it back.

const VOICES = ["direct", "indirect", "mixed"];
const QUOTED = /["“”„«»‟「」『』]/;

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
  const event = session.event(item, "speaker", { voice, speakers: names });
  session.made.push({ event, correction: { before, back } });
  sendCorrection(session, event, item, { told, back });
  session.say(correctedText(told), "news");
}

function sendCorrection(session, event, item, what) {
  const place = { document: item.document.id, index: item.index };
  session.outbox.add(event, { ...place, speaker: true, ...what });
}

// item → what was said of it before.
function applyCorrection(session, told) {
  const before = new Map();
  for (const item of session.line.filter((one) => reaches(told, one))) {
    const { voice, speakers, set_by, people } = item;
    before.set(item.id, { voice, speakers, set_by, people });
    Object.assign(item, spokenAfter(item, told));
  }
  return before;
}

function restore(session, before) {
  for (const [unit, spoken] of before) {
    const item = session.line[session.find(unit)];
    if (item) Object.assign(item, spoken);
  }
}

// After a reload only the server knows what was said before: it is asked once it has the undo.
function undoCorrection(session, { event, correction: { before, back } }) {
  const item = session.line[session.find(event.unit)];
  const undo = session.event(item, "retract", { ref: event.uuid });
  if (before) restore(session, before);
  else if (back) applyCorrection(session, back);
  else session.unheard.set(undo.uuid, item.id);
  sendCorrection(session, undo, item, { told: back });
  session.visit(item.id);
  session.say("The speaker is set back.", "news");
}

function withdrawCorrection(session, event) {
  const made = session.made.find((one) => one.event.uuid === event.uuid);
  if (made) restore(session, made.correction.before);
  session.made = session.made.filter((one) => one !== made);
}

// What the server says of a unit, and of all that go along with it.
async function hearAgain(session, unit) {
  const asked = session.line[session.find(unit)];
  const beside = session.line.filter((one) => asked && reaches(toldOf(asked, "", [], ""), one));
  for (const { id } of beside) {
    const reply = await session.outbox.ask("/queue", { unit: id, ...session.seat() });
    const item = session.line[session.find(id)];
    const heard = reply?.next?.[0];
    if (!heard || !item) continue;
    const { voice, speakers, set_by, people, alike } = withCorrections(heard, session.outbox);
    Object.assign(item, { voice, speakers, set_by, people, alike });
  }
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

function speakerTip({ speakers, set_by: by }) {
  const found = by ? [] : (speakers ?? []).map(foundText).filter(Boolean);
  return [...found, "p corrects who speaks"].join(" · ");
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

// --- on the screen --------------------------------------------------------------------------

function paintSpeaker(button, item, coder) {
  button.hidden = !item || isCard(item);
  if (button.hidden) return;
  const { name, how } = speakerText(item, coder);
  const check = !item.set_by && leastCertain(item.speakers ?? []) === "check";
  setText(button.querySelector("strong"), name);
  setText(button.querySelector("span"), how && (name ? ` · ${how}` : how));
  setAttribute(button, "data-check", check ? "" : null);
  setAttribute(button, "title", speakerTip(item));
}

class PeoplePanel extends FilteredList {
  constructor(parts, desk) {
    super(parts.people, parts.peopleList, parts.peopleText, desk);
    this.voiceText = parts.peopleVoice;
  }

  ready() {
    const { session } = this.desk;
    if (isCard(session.item)) session.say("Who speaks is said of sentences: go to one of them.");
    return session.item !== null && !isCard(session.item);
  }

  enter() {
    this.voice = "";
    super.enter();
  }

  // The author, everybody of the article, and whoever is typed.
  look() {
    const { item } = this.desk.session;
    const typed = this.text.value.trim();
    const wanted = typed.toLowerCase();
    const people = [{ name: "Author", author: true }, ...(item.people ?? [])];
    const numbered = people.map((person, place) => ({ ...person, number: place + 1 }));
    const found = numbered.filter(({ name }) => name.toLowerCase().includes(wanted));
    const known = found.some(({ name, author }) => !author && name.toLowerCase() === wanted);
    this.found = typed && !known ? [...found, { name: typed, fresh: true }] : found;
    // Enter alone says that the one who speaks here does.
    this.chosen = typed ? 0 : Math.max(0, this.found.findIndex(({ here }) => here));
    this.paint();
    setText(this.voiceText, this.voiceHere());
  }

  option(person, place) {
    const number = !this.text.value && person.number <= 9 ? person.number : "";
    return this.entry(place, String(number), person.name, this.where(person));
  }

  where({ author, fresh, here, kind }) {
    const { voice } = this.desk.session.item;
    const speaks = here || (author && voice === "author") ? "speaks here" : "";
    return [fresh ? "a new name" : "", kind, speaks].filter(Boolean).join(" · ");
  }

  // As it was; words in quotation marks that were the author's are direct speech from now on.
  voiceHere() {
    const { voice, text } = this.desk.session.item;
    if (this.voice) return this.voice;
    if (VOICES.includes(voice)) return voice;
    return QUOTED.test(text) ? "direct" : "indirect";
  }

  hear(event) {
    const key = keyOf(event);
    if (event.key === "Tab") this.turnVoice(event.shiftKey ? -1 : 1);
    else if (event.repeat && !this.text.value && event.key.length === 1) return true;
    else if (/^[1-9]$/.test(key) && !this.text.value) this.takeNumber(Number(key), event.shiftKey);
    else return super.hear(event);
    return true;
  }

  turnVoice(step) {
    const place = VOICES.indexOf(this.voiceHere()) + step;
    this.voice = VOICES[(place + VOICES.length) % VOICES.length];
    this.look();
  }

  takeNumber(number, beside) {
    const place = this.found.findIndex((person) => person.number === number);
    if (place < 0) return;
    this.chosen = place;
    this.take(beside);
  }

  // With Shift beside those who speak here already, or away from them.
  take(beside) {
    const person = this.found[this.chosen];
    if (!person) return;
    const { session, panels } = this.desk;
    const voice = this.voiceHere();
    const names = beside ? toggled(namesOf(session.item), person.name) : [person.name];
    panels.close();
    if (person.author) correctSpeaker(session, "author", []);
    else correctSpeaker(session, voice, names);
    this.desk.paint();
  }
}

function toggled(names, name) {
  return names.includes(name) ? names.filter((one) => one !== name) : [...names, name];
}
