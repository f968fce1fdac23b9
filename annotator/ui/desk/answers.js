// Answers and decisions as plain values: what the scheme allows, what is toggled, what an event
// makes of a decision. A `cell` is one code under one target: what one chip stands for.

const chipKey = (variable, target, code) => `${variable}|${target}|${code}`;

// One row of chips: a variable under one target.
const rowKey = (variable, target) => `${variable}|${target ?? ""}`;

function cellsOf(scheme) {
  const cells = new Map();
  for (const variable of scheme.variables) {
    const targets = variable.targets ? variable.targets.map((target) => target.name) : [""];
    for (const target of targets) {
      for (const code of variable.codes) {
        const key = chipKey(variable.name, target, code.name);
        cells.set(key, { key, variable, target, code, rejectable: isRejectable(variable, code) });
      }
    }
  }
  return cells;
}

// "Brought up in order to be rejected" says something of a frame; of "can't tell" it says nothing.
function isRejectable(variable, code) {
  return variable.choice === "many" && variable.use.includes("rejected") && !code.exclusive;
}

function idsOf(queue) {
  return (queue.next ?? []).map((item) => item.id);
}

function isOpen(item) {
  return !item.decision?.status;
}

function noDecision() {
  return { event: null, status: null, answers: [], memo: "", flagged: false };
}

const remarksOf = ({ memo, flagged }) => ({ memo, flagged });

// What a decision adds to each count of the progress.
function countsOf(decision) {
  return {
    done: decision?.status ? 1 : 0,
    skipped: decision?.status === "skipped" ? 1 : 0,
    flagged: decision?.flagged ? 1 : 0,
  };
}

function difference(now, before) {
  return Object.fromEntries(Object.keys(now).map((name) => [name, now[name] - before[name]]));
}

const STATUS_OF = { set: "coded", skip: "skipped", not_codable: "not_codable" };

function afterEvent(decision, event) {
  if (event.op === "flag") return { ...decision, flagged: event.flagged };
  if (event.op === "memo") return { ...decision, memo: event.memo };
  if (event.op === "retract") return { ...noDecision(), ...remarksOf(decision) };
  return { ...decision, event: event.uuid, status: STATUS_OF[event.op], answers: event.answers };
}

// Answers of quoted voices have no chip yet: they are carried along, so that no re-save loses them.
function draftOf(answers) {
  const chips = new Map();
  for (const { variable, target, code, holder, use } of answers) {
    if (!holder) chips.set(chipKey(variable, target ?? "", code), use ?? "asserted");
  }
  const quoted = answers.filter((answer) => answer.holder);
  return { chips, quoted, none: new Set(), target: "", hand: null, touched: false };
}

function answersOf(draft, cells) {
  const chosen = [...cells.values()].filter((cell) => draft.chips.has(cell.key));
  const answers = chosen.map(({ key, variable, code, target }) => ({
    variable: variable.name,
    code: code.name,
    target,
    holder: "",
    use: draft.chips.get(key),
  }));
  const known = ({ variable, target, code }) => cells.has(chipKey(variable, target ?? "", code));
  return [...answers, ...draft.quoted.filter(known)];
}

// Every score goes along with the decision; `shown` is what had a mark on its chip.
function candidatesShown(item, cells) {
  return (item.candidates ?? []).map(({ variable, target, code, score, above, show }) => {
    const shown = Boolean(show) && cells.has(chipKey(variable, target ?? "", code));
    return { variable, target: target ?? "", code, score, above, shown };
  });
}
