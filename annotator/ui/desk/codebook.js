// The codebook as the desk has it: what is asked, and what a coder adds to it. The `scheme` is the
// server's word for all codebooks of the project in one version.

const NEWS_LASTS = 3; // sentences; long enough to be read by somebody who looks at the next one

class Codebook {
  constructor(session) {
    this.session = session;
    this.scheme = null;
    this.forms = new Map(); // "sentence" or "document" → what is asked of one
    this.allCells = new Map(); // of all forms together
    this.news = null; // what became of the codebook: { text, left }, for as many sentences
    this.isAsking = false; // for a newer scheme
  }

  // A newer scheme comes in under the coder's hands: the place, what is toggled and the outbox stay.
  // An older one is what Streamlit had when it last drew the page, and counts for nothing.
  take(scheme) {
    const before = this.scheme;
    if (before && scheme.id <= before.id) return;
    this.scheme = scheme;
    this.forms = new Map(["sentence", "document"].map((unit) => [unit, this.form(unit)]));
    this.allCells = cellsOf(scheme.variables);
    if (before) this.news = { text: schemeNews(before, scheme), left: NEWS_LASTS };
  }

  form(unit) {
    const variables = this.scheme.variables.filter((variable) => variable.unit === unit);
    return { variables, cells: cellsOf(variables) };
  }

  askedOf(item) {
    return this.forms.get(formOf(item));
  }

  asksOfArticles() {
    return this.forms.get("document").variables.length > 0;
  }

  // The news is for so many sentences, and then it is old.
  ageNews() {
    if (this.news && --this.news.left < 0) this.news = null;
  }

  hear(schemeId) {
    if (schemeId > this.scheme.id) this.askAnew();
  }

  async askAnew() {
    if (this.isAsking) return;
    this.isAsking = true;
    try {
      const reply = await this.session.outbox.ask("/codebook", {});
      if (reply) this.take(reply.scheme);
    } finally {
      this.isAsking = false;
    }
    this.session.changed();
  }

  // --- adding to it -----------------------------------------------------------------------

  // { added }, or { fault }; never kept for later, since others would code without it.
  async add(what) {
    const asked = { ...what, scheme: this.scheme.id };
    const { reply, fault } = await this.session.tell("/codebook", asked, additionFault);
    if (fault) return { fault };
    this.take(reply.scheme);
    return { added: reply.added };
  }

  // Where the new code stands on the sentence in hand.
  cellOf({ variable, name }) {
    const { cells, hand } = this.session;
    const isAdded = (cell) => cell.variable.name === variable && cell.code.name === name;
    const isHere = (cell) => cell.target === hand.targetFor(cell.variable);
    return [...cells.values()].find((cell) => isAdded(cell) && isHere(cell)) ?? null;
  }

  // The codes that are on, the one toggled last first. One that is rejected is no example, and the
  // codes of the shared scale take none.
  exemplified() {
    const { item, cells, hand } = this.session;
    if (isCard(item)) return [];
    const given = [...(hand.draft()?.given.values() ?? [])].reverse();
    const on = given.filter(({ use }) => use === "asserted");
    const found = new Map();
    for (const cell of on.map((answer) => cells.get(chipKeyOf(answer)))) {
      if (!cell || cell.variable.shared) continue;
      found.set(chipKey(cell.variable.name, "", cell.code.name), cell);
    }
    return [...found.values()];
  }

  async addExample({ variable, code }) {
    const { session } = this;
    const { item } = session;
    const what = { add: "example", variable: variable.name, code: code.name, unit: item.id };
    const { added, fault } = await this.add(what);
    if (fault) return session.say(fault);
    if (added.new) this.news = null; // the line below says it
    session.say(exampleText(added, item, session.item), "news");
  }
}
