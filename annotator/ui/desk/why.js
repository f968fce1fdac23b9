// Why a code is suggested: the panel that `w` opens, from the question to the server to the sentence
// that was coded before.

const NOTHING_SUGGESTED = "Nothing is suggested for this sentence.";
const AFTER_YOURS = "You see it after your own answer.";
const UNFETCHED = "The reasons cannot be fetched just now.";

class WhyPanel {
  constructor(parts, desk) {
    this.node = parts.why;
    this.codes = parts.whyCodes;
    this.text = parts.whyText;
    this.desk = desk;
    this.shown = []; // the suggestions that are explained …
    this.chosen = 0; // … and which of them just now
    this.told = new Map(); // suggestion → what the server says of it, or will …
    this.reasons = null; // … and what is on the screen
    // A server is quick from its second answer on: the first is asked for before anybody waits.
    this.ahead = () => this.askAhead();
    desk.root.addEventListener("keyup", this.ahead);
    this.codes.addEventListener("click", (click) => this.press(click));
    this.text.addEventListener("click", (click) => this.press(click));
  }

  askAhead() {
    const { session } = this.desk;
    const [candidate] = session ? shownSuggestions(session) : [];
    if (!candidate) return;
    this.desk.root.removeEventListener("keyup", this.ahead);
    this.ask(candidate);
  }

  // Without a model the panel says when there will be one.
  ready() {
    const { session } = this.desk;
    const { item } = session;
    if (!item) return false;
    this.shown = shownSuggestions(session);
    const waits = session.queue.model === null && !isCard(item) && session.cells.size > 0;
    if (!this.shown.length && !waits) session.say(whyNothing(item), "news");
    else this.desk.sight.bring(this.desk.view.parts.now);
    return this.shown.length > 0 || waits;
  }

  async enter() {
    this.told.clear();
    this.reasons = null;
    this.say("Loading…");
    this.text.focus({ preventScroll: true });
    if (!this.shown.length) return this.tellOfModel();
    await this.choose(this.firstOf(this.desk.view.about));
    for (const candidate of this.shown) await this.reasonsOf(candidate); // at hand for the arrows
  }

  leave() {
    this.draw([]);
  }

  // The codebook is a newer one: what was suggested may have left it.
  renew() {
    this.told.clear();
    if (this.shown.length) this.choose(this.chosen);
  }

  // The code that is pointed at, else the one with the best score.
  firstOf(cell) {
    const pointed = this.shown.findIndex((one) => chipKeyOf(one) === cell?.key);
    const best = Math.max(...this.shown.map(({ score }) => score));
    return pointed < 0 ? this.shown.findIndex(({ score }) => score === best) : pointed;
  }

  async choose(place) {
    this.chosen = (place + this.shown.length) % this.shown.length;
    this.paintCodes();
    const candidate = this.shown[this.chosen];
    const reasons = await this.reasonsOf(candidate);
    if (this.desk.panels.open !== this || candidate !== this.shown[this.chosen]) return;
    this.reasons = reasons;
    this.draw(reasons.words ?? []);
    this.text.replaceChildren(...whyContent(candidate, reasons, this.desk.session));
    this.text.scrollTop = 0;
  }

  reasonsOf(candidate) {
    if (!this.told.has(candidate)) this.told.set(candidate, this.ask(candidate));
    return this.told.get(candidate);
  }

  async ask({ variable, target, code }) {
    const { session } = this.desk;
    const about = { variable, target: target ?? "", code };
    const query = { unit: session.item.id, ...about, ...session.seat() };
    const answer = await attempt(() => session.outbox.get("/why", query));
    const { reply } = answer ?? {};
    return answer?.ok && reply ? reply : { fault: reply?.error ?? UNFETCHED };
  }

  async tellOfModel() {
    this.paintCodes();
    const [cell] = this.desk.session.cells.values();
    const { variable, target, code } = cell;
    const { fault } = await this.ask({ variable: variable.name, target, code: code.name });
    if (this.desk.panels.open === this) this.say(fault ?? NOTHING_SUGGESTED);
  }

  say(sentence) {
    this.text.replaceChildren(element("p", {}, sentence));
  }

  paintCodes() {
    const { session } = this.desk;
    const tabs = this.shown.map((candidate, place) =>
      element(
        "button",
        {
          type: "button",
          role: "tab",
          tabindex: "-1",
          "data-explains": place,
          "aria-selected": String(place === this.chosen),
        },
        `${answerText(candidate, session)} ${candidate.score.toFixed(2)}`,
      ),
    );
    this.codes.replaceChildren(...tabs);
    this.codes.children[this.chosen]?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  draw(words) {
    const { session, view } = this.desk;
    const { id: unit, text } = session.item;
    session.explained = words.length ? { unit, marks: marksOfWords(words, text) } : null;
    view.sentence.paint(session, view.about);
  }

  press(click) {
    const { explains, follows } = click.target.closest("button")?.dataset ?? {};
    if (explains) this.choose(Number(explains));
    if (follows) this.follow(Number(follows));
    this.text.focus({ preventScroll: true });
  }

  hear(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const [digit] = /^[1-9]$/.exec(keyOf(event)) ?? [];
    if (event.ctrlKey || event.metaKey || event.altKey || !(step || digit)) return false;
    if (step && this.shown.length) this.choose(this.chosen + step);
    if (digit && !event.repeat) this.follow(Number(digit) - 1);
    return true;
  }

  // To the sentence that was coded before, in its place on the desk.
  async follow(place) {
    const to = this.shown.length ? this.reasons?.precedents?.[place]?.unit : null;
    if (!to) return;
    const { session, panels } = this.desk;
    const from = session.item.id;
    panels.close();
    if (!session.visit(to)) await session.fetch(to);
    if (session.item?.id !== to) return;
    session.followed = { from, to };
    session.say("Backspace leads back to the sentence you came from.", "news");
  }

  closesOn(event) {
    return keyOf(event) === "w" && !event.repeat;
  }
}

function whyNothing(item) {
  return item.mode === "reveal" && !item.revealed ? AFTER_YOURS : NOTHING_SUGGESTED;
}

// From a sentence that was followed, back to where the coder was; false where none was.
function returned(session) {
  const { item, followed } = session;
  session.followed = null;
  return Boolean(item) && followed?.to === item.id && session.visit(followed.from);
}
