// Offsets: the store counts a text in code points, the browser in UTF-16. Here one becomes the other,
// and a text falls into words.

const WORDS = new Intl.Segmenter(undefined, { granularity: "word" });
const HOLLOW = /^[\p{P}\p{Z}\p{C}\s]*$/u; // nothing but punctuation and white space

// Where the words of a text begin and end, in UTF-16. What hangs on a letter stays with it.
function wordsOf(text) {
  return [...WORDS.segment(text)]
    .filter(({ segment }) => !HOLLOW.test(segment))
    .map(({ segment, index }) => [index, index + segment.length]);
}

function codePoints(text, end) {
  let count = 0;
  for (let at = 0; at < end; at += text.codePointAt(at) > 0xffff ? 2 : 1) count += 1;
  return count;
}

function utf16(text, points) {
  let at = 0;
  for (let left = points; left > 0 && at < text.length; left -= 1) {
    at += text.codePointAt(at) > 0xffff ? 2 : 1;
  }
  return at;
}

// In the order of the text; those that overlap or touch become one.
function merged(spans) {
  const found = [];
  for (const [start, end] of [...spans].sort((one, other) => one[0] - other[0])) {
    const last = found.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else found.push([start, end]);
  }
  return found;
}
