// Answers as plain values: what the scheme allows, and what is toggled. A `cell` is one code under
// one target: what one chip stands for.

const chipKey = (variable, target, code) => `${variable}|${target}|${code}`;

const chipKeyOf = ({ variable, target, code }) => chipKey(variable, target ?? "", code);

// An answer is what one chip says of one holder; the author's is empty.
const answerKey = (chip, holder) => `${chip}|${holder}`;

// One row of chips: a variable under one target, for one holder.
const rowKey = (variable, target, holder) => `${variable}|${target ?? ""}|${holder ?? ""}`;

function cellsOf(variables) {
  const cells = new Map();
  for (const variable of variables) {
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

function bareAnswer(variable, target, code) {
  return {
    variable,
    target,
    code,
    holder: "",
    holder_type: "",
    use: "asserted",
    explicit: "",
    confidence: null,
    spans: [],
  };
}

// `given` holds every answer of every holder, the one toggled last at the end.
function draftOf(answers) {
  const given = new Map();
  for (const told of answers) {
    const answer = { ...bareAnswer(told.variable, told.target ?? "", told.code), ...told };
    given.set(answerKey(chipKeyOf(answer), answer.holder), answer);
  }
  const inHand = { target: "", holder: "", variable: null, cursor: null, reach: null };
  return { given, none: new Set(), touched: false, ...inHand };
}

// In the order of the codebook; what a newer one no longer asks is left out.
function answersOf(draft, cells) {
  const places = new Map([...cells.keys()].map((key, place) => [key, place]));
  const place = (answer) => places.get(chipKeyOf(answer));
  return [...draft.given.values()]
    .filter((answer) => place(answer) !== undefined)
    .filter(({ holder, ...answer }) => !holder || cells.get(chipKeyOf(answer)).variable.holder)
    .sort((one, other) => place(one) - place(other));
}
