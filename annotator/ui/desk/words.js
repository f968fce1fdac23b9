// The desk's sentences: everything it says about a session, as text.

// Made once: a new formatter costs more than all the rest of a repaint.
const DAY = new Intl.DateTimeFormat(undefined, {
  day: "numeric",
  month: "short",
  year: "numeric",
  timeZone: "UTC",
});
const STATUS_WORDS = { coded: "coded", skipped: "skipped", not_codable: "not codable" };
const LIST_WORDS = { plan: "Sample", set: "Set", check: "Label check" };
const USE_WORDS = { asserted: "on", rejected: "rejected" };

function chipLabel({ cell, target }, answer, holder, shown) {
  const about = [target, holder].filter(Boolean).join(", ");
  const rejected = answer?.use === "rejected" ? ", rejected" : "";
  const evidence = answer?.spans.length ? `, ${stretches(answer.spans.length)} of evidence` : "";
  const suggested = shown ? `, suggested ${shown}` : "";
  return (about ? `${about}: ` : "") + cell.code.title + rejected + evidence + suggested;
}

function stretches(count) {
  return `${count} ${count === 1 ? "stretch" : "stretches"}`;
}

function chipTip({ rejectable, code }, learning) {
  const ways = [code.hotkey ? `Shift+${code.hotkey}` : "", "Shift+click"].filter(Boolean);
  const shift = rejectable ? `${ways.join(" or ")}: rejected` : "";
  return [shift, learning].filter(Boolean).join(" · ");
}

function metaOf({ document: article, part = "", copies = 0, copied = false }) {
  const whence = [article.source, article.place, dateOf(article.published), part];
  return [...whence, copiesOf(copies, copied)].filter(Boolean).join(" · ");
}

function copiesOf(copies, copied) {
  if (!copies) return "";
  return `also in ${copies} ${copies > 1 ? "copies" : "copy"}${copied ? ", decided with it" : ""}`;
}

// "2023-09-21" in the reader's own way of writing dates; a month or a year alone stays as it is.
function dateOf(published) {
  if (!/^\d{4}-\d{2}-\d{2}/.test(published ?? "")) return published ?? "";
  const day = new Date(published.slice(0, 10));
  return Number.isNaN(day.getTime()) ? published : DAY.format(day);
}

function statusOf(item) {
  const words = [STATUS_WORDS[item?.decision?.status] ?? ""];
  if (item?.decision?.flagged) words.push("flagged");
  if (item?.decision?.memo) words.push("memo");
  return words.filter(Boolean).join(" · ");
}

function moreOf({ include, exclude, examples }, learning) {
  const parts = learning ? [learning] : [];
  if (include.length) parts.push(`Include: ${include.join("; ")}`);
  if (exclude.length) parts.push(`Exclude: ${exclude.join("; ")}`);
  if (examples.length) parts.push(`Example: ${examples[0]}`);
  return parts.join(" — ");
}

// One line, one thing at a time: what stops the coder first, then what may cost work.
function noticeOf(session) {
  const { outbox } = session;
  const [refusal] = outbox.refused.values();
  if (session.notice) return { kind: session.noticeKind, text: session.notice };
  if (refusal) return refusalNotice(session, refusal);
  if (!outbox.shelf.works) return { kind: "warning", text: memoryOnly(outbox) };
  if (outbox.offline) return { kind: "offline", text: offlineText(outbox) };
  if (session.codebook.news) return { kind: "news", text: session.codebook.news.text };
  const quiet = leftAsItIs(session) || suggestedText(session) || reviewText(session.item);
  return { kind: null, text: quiet };
}

function refusalNotice(session, refusal) {
  const { unit } = refusal.event;
  const text = session.line.itemOf(unit)?.text ?? unit;
  const told = `Not kept: ${refusal.reason} — “${shortened(text, 60)}”`;
  return { kind: "refused", text: told, refusal, unit };
}

function memoryOnly({ size }) {
  const unsaved = size ? ` (${size} unsaved)` : "";
  const fault = "This browser's storage is full or switched off";
  return `${fault}: keep this tab open until all is kept${unsaved}.`;
}

function offlineText({ size, signedOut, trouble }) {
  if (trouble) return `${trouble} — trying again. Unsaved ${size}.`;
  const reason = signedOut ? "Signing in again" : "No connection to the server";
  const safe = `. Go on coding: what is unsaved (${size}) waits in this browser.`;
  return reason + (size ? safe : ", trying again.");
}

function leftAsItIs({ item }) {
  const { status } = item?.decision ?? {};
  if (status === "skipped") return "Skipped before. Code it, or press 0 for none, then Enter.";
  if (status === "not_codable") return "Marked not codable. Code it, or 0 for none, then Enter.";
  return "";
}

function figuresOf({ progress, item }, done) {
  const { told } = progress;
  if (!told) return "";
  const card = isCard(item) ? "article card · " : "";
  const sentences = `${card}${done} of ${told.total} sentences`;
  if (!told.documents) return sentences; // in a list a few sentences of an article may stand
  return `${sentences} · ${told.documents_done} of ${told.documents} articles`;
}

function whoseOf({ title, coder }) {
  return [title, coder].filter(Boolean).join(" · ");
}

// "Sample: May 2031 · 37 of 200": which list is worked through, and how far.
function inList({ list, progress }) {
  const done = `${progress.count("done")} of ${progress.total}`;
  return `${LIST_WORDS[list.kind]}: ${shortened(list.title, 40)} · ${done}`;
}

function setAside(count) {
  return `${count} ${count === 1 ? "sentence" : "sentences"} set aside; z takes it back.`;
}

// The first sentences say little about the pace: nothing is shown before the third.
function paceOf({ undo, progress: { secondsEach } }, left) {
  if (undo.made.length < 3 || !secondsEach || !left) return "";
  const each = Math.max(secondsEach, 0.5);
  const minutes = Math.max(1, Math.round((left * each) / 60));
  const time = minutes < 90 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`;
  return `${(60 / each).toFixed(1)} a minute · about ${time} left`;
}

// "conflict 1.1.0: new code “Trade”": what a newer scheme brings, codebook by codebook.
function schemeNews(before, now) {
  const told = now.codebooks.map(({ name, version }) => {
    const old = before.codebooks.find((codebook) => codebook.name === name);
    if (old?.version === version) return "";
    const changes = listed(changesOf(entriesOf(before, name), entriesOf(now, name)));
    return `${name} ${version}${changes && `: ${changes}`}`;
  });
  return `Codebook ${told.filter(Boolean).join("; ")}`;
}

// What coders read of one codebook: its codes and its targets, each with all that is said of it.
function entriesOf(scheme, codebook) {
  const entries = new Map();
  for (const { name, codes, targets } of scheme.variables.filter(
    (variable) => variable.codebook === codebook,
  )) {
    const add = (noun, one, key) =>
      entries.set(key, { called: `${noun} “${one.title}”`, all: JSON.stringify(one) });
    for (const code of codes) add("code", code, `${name}|${code.name}`);
    for (const target of targets ?? []) add("target", target, `|${target.name}`);
  }
  return entries;
}

function changesOf(before, now) {
  const came = [...now].filter(([key]) => !before.has(key));
  const gone = [...before].filter(([key]) => !now.has(key));
  const kept = [...now].filter(([key]) => before.has(key));
  const changed = kept.filter(([key, { all }]) => before.get(key).all !== all);
  return [
    ...came.map(([, { called }]) => `new ${called}`),
    ...changed.map(([, { called }]) => `changed ${called}`),
    ...gone.map(([, { called }]) => `${called} is gone`),
  ];
}

function exampleText({ title, new: added }, item, inHand) {
  const which = item === inHand ? "This sentence" : `“${shortened(item.text, 40)}”`;
  return `${which} is an example of “${title}” ${added ? "now" : "already"}.`;
}

// Why nothing was added to the codebook, in the server's own sentence where it gave one.
function additionFault(answer) {
  if (answer?.status === 401) return "Not added: the desk had to sign in again. Try once more.";
  return answer?.reply?.error ?? "Not added: no connection to the server. Try again later.";
}

// A code that has left the codebook since is called by its name.
function titleOf({ variable, target, code }, session) {
  return session.codebook.allCells.get(chipKeyOf({ variable, target, code }))?.code.title ?? code;
}

// As the coder would say it: "Velmar: Against", "Velmar, Mira Oden: Favor", "Victims (rejected)".
function answerText(answer, session) {
  const about = [targetTitle(answer, session), answer.holder].filter(Boolean).join(", ");
  const rejected = answer.use === "rejected" ? " (rejected)" : "";
  return (about ? `${about}: ` : "") + titleOf(answer, session) + rejected;
}

function targetTitle(answer, session) {
  const targets = session.codebook.allCells.get(chipKeyOf(answer))?.variable.targets;
  return targets?.find(({ name }) => name === answer.target)?.title ?? answer.target;
}

// "Velmar · Mira Oden · Against · implied · sure 2/3"; the author is named where holders are asked.
function tupleText(answer, session) {
  const asked = session.codebook.allCells.get(chipKeyOf(answer))?.variable.holder;
  const parts = [
    targetTitle(answer, session),
    answer.holder || (asked ? "Author" : ""),
    titleOf(answer, session) + (answer.use === "rejected" ? " (rejected)" : ""),
    answer.explicit,
    answer.confidence ? `sure ${answer.confidence}/3` : "",
  ];
  return parts.filter(Boolean).join(" · ");
}

function tupleTitle(answer, session) {
  const { spans } = answer;
  const evidence = spans.length ? ` Evidence: ${stretches(spans.length)} of words.` : "";
  return `${tupleText(answer, session)}.${evidence}`;
}

// "You had Mira Oden against Velmar in sentence 4".
function contradictionTold({ answer, code, position }, session) {
  const holder = answer.holder || "the author";
  const place = `in sentence ${position + 1}`; // the store counts from 0
  return `You had ${holder} ${TOWARD[code]} ${targetTitle(answer, session)} ${place} —`;
}

function shortened(text, most) {
  return text.length <= most ? text : `${text.slice(0, most).trimEnd()}…`;
}

function listed(names) {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
