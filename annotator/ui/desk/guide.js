// The first steps of a coder: one line that says what to do now. It stands where notices stand and
// gives way to them, so that nothing moves when it comes or goes; it has no key and takes no focus.

class FirstSteps {
  constructor(parts) {
    this.parts = parts;
    this.told = null; // what the server says: { sample, met, exported, first }, or nothing
    this.left = false;
    parts.guideHide.addEventListener("click", () => this.leave());
  }

  take(told, tell) {
    this.told = told ?? null;
    this.tell = tell;
  }

  // The page keeps that it is not wanted; until it has, it is not wanted here.
  leave() {
    this.left = true;
    this.tell();
  }

  paint(session) {
    const { guide, guideText, guideShow, guideGo } = this.parts;
    const step = this.told && !this.left ? firstStep(session, this.told) : null;
    guide.hidden = !step;
    if (!step) return;
    setText(guideText, step.text);
    setAttribute(guideText, "title", step.text);
    guideShow.hidden = !step.unit;
    setAttribute(guideShow, "data-visits", step.unit ?? null);
    guideGo.hidden = !step.page;
    setText(guideGo, step.label ?? "");
    if (step.page) setAttribute(guideGo, "href", addressOf(step.page, { unit: "" }));
  }
}

// { text }, with the `unit` to go to, or the `page` and the `label` of the way there; or nothing.
function firstStep(session, { sample, met, exported, first }) {
  const { progress } = session;
  if (!progress.told) return null;
  const coded = Math.max(0, progress.count("done") - progress.count("skipped"));
  const isMet = met || hasMet(session);
  const suggested = sample && !isMet && shownSuggestions(session)[0];
  if (suggested) return { text: suggestedStep(suggested, session) };
  if (coded < first) return session.item && { text: codingStep(coded, first, session) };
  if (!sample) return null;
  if (!isMet) return towardSuggestion(session);
  if (exported) {
    return { text: "Next: articles of your own.", page: "home", label: "Make a project" };
  }
  return { text: "Next: take your labels out as a table.", page: "export", label: "Export" };
}

// Whether a suggestion was on the screen in one of this session's decisions.
function hasMet({ undo, line }) {
  const isShown = ({ event }) => (event.candidates ?? []).some(({ shown }) => shown);
  return undo.made.some(isShown) || line.items.some(({ revealed }) => revealed);
}

const STANCES_FROM = 2; // by then a coder knows the keys of the codes
const STANCES =
  "does somebody take a side? j k l u i say which, t toward whom, h whose stance it is.";

function codingStep(coded, first, session) {
  const far = `${coded} of ${first}: `;
  if (isTouched()) return `${far}tap what fits, then Save and next.`;
  const asksForStances = session.variables.some(({ targets, holder }) => targets?.length && holder);
  if (coded >= STANCES_FROM && asksForStances) return `${far}${STANCES}`;
  const key = [...session.cells.values()].find(({ code }) => code.hotkey)?.code.hotkey;
  const how = key ? `press the keys of the codes that fit, e.g. ${key}` : "click the codes that fit";
  return `${far}${how}, then Enter. If none fits, Enter alone.`;
}

function suggestedStep(suggested, session) {
  const { hotkey } = session.cells.get(chipKeyOf(suggested)).code;
  const name = answerText(suggested, session);
  if (isTouched()) return `Suggested: ${name}. Tap it, or pass.`;
  const take = hotkey && !suggested.target ? `${hotkey} takes it` : "toggle it to take it";
  return `Suggested: ${name}. w says why; ${take}, or leave it and press Enter.`;
}

function towardSuggestion({ queue, line }) {
  if (!queue.model) return { text: "The model is still learning. Go on; its suggestions will come." };
  const next = line.items.find(
    (item) => isOpen(item) && item.mode === "shown" && item.candidates?.some(({ show }) => show),
  );
  if (!next) return { text: "Go on: none of the next sentences has a suggestion yet." };
  return { text: "Next: see what the model suggests.", unit: next.id };
}
