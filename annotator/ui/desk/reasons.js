// The reasons for a suggestion, as they are drawn: the words that speak for it and against it, on the
// sentence and as a list, what the sentences around add, and the nearest sentences coded before.

const LEAST_DRAWN = 0.05; // of the weight of the strongest word; weaker ones are listed alone

function reasonMarks({ item, explained }) {
  return explained?.unit === item.id ? explained.marks : [];
}

// In UTF-16, and how strongly each is drawn.
function marksOfWords(words, text) {
  const most = Math.max(...words.map(({ weight }) => Math.abs(weight)));
  return words.flatMap(({ weight, places }) => {
    const strength = Math.abs(weight) / most;
    if (strength < LEAST_DRAWN) return [];
    // Even the weakest ground is to be seen.
    const drawn = (0.15 + 0.85 * strength).toFixed(2);
    const told = { kind: "reason", sign: signOf(weight), strength: drawn };
    return places.map(([start, end]) => {
      return { ...told, from: utf16(text, start), to: utf16(text, end) };
    });
  });
}

const signOf = (weight) => (weight < 0 ? "against" : "for");

const figureOf = (weight) => `${weight < 0 ? "−" : "+"}${Math.abs(weight).toFixed(2)}`;

// --- in the panel -----------------------------------------------------------------------------

function whyContent(candidate, reasons, session) {
  if (reasons.fault) return [element("p", {}, reasons.fault)];
  const name = answerText(candidate, session);
  const heading = element("h3", {}, `${name} ${reasons.score.toFixed(2)}`, shownFrom(reasons));
  return [
    element("div", { class: "explained" }, heading, newerModel(candidate, reasons)),
    element("section", {}, legend(), termsOf(reasons)),
    element("section", {}, ...precedentsOf(reasons, name, session)),
  ];
}

function shownFrom({ shown_from: from }) {
  const told = from === null ? "no longer shown on the desk" : `shown from ${from.toFixed(2)}`;
  return element("small", {}, ` (${told})`);
}

function newerModel(candidate, { score }) {
  if (score.toFixed(2) === candidate.score.toFixed(2)) return null;
  const before = candidate.score.toFixed(2);
  return element("p", {}, `The model was trained anew since; on the sentence stands ${before}.`);
}

// Drawn as the words on the sentence are, so that it needs no other key.
function legend() {
  const sign = (name) => element("mark", { "data-reason": name }, name);
  return element("h4", {}, "What speaks ", sign("for"), " it and ", sign("against"), " it");
}

function termsOf({ words, around, rest }) {
  const parts = words.map(({ term, weight }) => ({ term, weight, kind: "word" }));
  if (Math.abs(around) >= 0.005) parts.push({ term: "the sentences around", weight: around });
  if (Math.abs(rest) >= 0.005) parts.push({ term: "everything else", weight: rest });
  const most = Math.max(...parts.map(({ weight }) => Math.abs(weight)), 1e-9);
  return element("ul", { class: "terms" }, ...parts.map((part) => termEntry(part, most)));
}

// A bar to the right speaks for the code, to the left against it.
function termEntry({ term, weight, kind = "all" }, most) {
  const bar = element("i", { "data-sign": signOf(weight) });
  bar.style.width = `${(50 * Math.abs(weight)) / most}%`;
  return element(
    "li",
    { "data-kind": kind },
    element("span", { class: "term" }, term),
    element("span", { class: "weight" }, bar),
    element("small", {}, figureOf(weight)),
  );
}

function precedentsOf({ precedents }, name, session) {
  const heading = element("h4", {}, "The nearest sentences coded before");
  if (!precedents.length) {
    const none = "No sentence that is near in its wording has been coded yet.";
    return [heading, element("p", {}, none)];
  }
  const entries = precedents.map((one, place) => precedentEntry(one, place, name, session));
  return [heading, element("ol", { class: "precedents" }, ...entries)];
}

function precedentEntry({ text, title, source, published, decisions }, place, name, session) {
  const whence = [title, source, dateOf(published)].filter(Boolean).join(" · ");
  const button = element(
    "button",
    { type: "button", "data-follows": place, title: [text, whence].filter(Boolean).join(" — ") },
    element("kbd", {}, String(place + 1)),
    element("span", { class: "said", dir: "auto" }, text),
    ...decisions.map((one) => verdictOf(one, name, session)),
  );
  return element("li", {}, button);
}

const VERDICTS = { asserted: "given", rejected: "rejected", "": "not given" };

function verdictOf({ coder, at, codebook, version, given, others }, name, session) {
  const verdict = element("b", { "data-given": given }, VERDICTS[given]);
  const beside = listed(others.map((answer) => answerText(answer, session)));
  const told = beside ? `${given ? "with" : "but"} ${beside}` : given ? "" : "nor any other code";
  const who = coder === session.coder ? "you" : coder;
  const when = [who, dateOf(at), `${codebook} ${version}`].join(" · ");
  return element("span", { class: "verdict" }, verdict, [told, when].filter(Boolean).join(" · "));
}
