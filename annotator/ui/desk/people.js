// Who speaks, on the screen: the line above the sentence, and the panel that `p` opens.

const VOICES = ["direct", "indirect", "mixed"];
const QUOTED = /["“”„«»‟「」『』]/;

function paintSpeaker(button, item, coder) {
  button.hidden = !item || isCard(item);
  if (button.hidden) return;
  const { name, how } = speakerText(item, coder);
  const check = !item.set_by && leastCertain(item.speakers ?? []) === "check";
  setText(button.querySelector("strong"), name);
  setText(button.querySelector("span"), how && (name ? ` · ${how}` : how));
  setAttribute(button, "data-check", check ? "" : null);
  setAttribute(button, "title", speakerTip(item));
  setAttribute(button, "aria-label", `Speaker: ${button.textContent}`);
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

  // The author, everybody of the article, those whom stances are toward, and whoever is typed.
  look() {
    const { session } = this.desk;
    const typed = this.text.value.trim();
    const wanted = typed.toLowerCase();
    const people = [{ name: "Author", author: true }, ...(session.item.people ?? [])];
    const numbered = people.map((person, place) => ({ ...person, number: place + 1 }));
    const offered = [...numbered, ...targetsBeside(people, session.variables)];
    const found = offered.filter(({ name }) => name.toLowerCase().includes(wanted));
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

  where({ author, fresh, here, kind, target }) {
    const { voice } = this.desk.session.item;
    const speaks = here || (author && voice === "author") ? "speaks here" : "";
    const told = [fresh ? "a new name" : "", target ? "of the codebook" : "", kind, speaks];
    return told.filter(Boolean).join(" · ");
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

// States and parties speak as well, though nobody may have quoted them in this article.
function targetsBeside(people, variables) {
  const known = new Set(people.map(({ name }) => name.toLowerCase()));
  const titles = variables.flatMap(({ targets }) => (targets ?? []).map(({ title }) => title));
  const others = [...new Set(titles)].filter((title) => !known.has(title.toLowerCase()));
  return others.map((name) => ({ name, target: true }));
}

function toggled(names, name) {
  return names.includes(name) ? names.filter((one) => one !== name) : [...names, name];
}
