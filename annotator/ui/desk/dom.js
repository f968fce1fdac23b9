// What all drawing is made with: elements, and the few ways in which they are changed.

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

// null takes the attribute away.
function setAttribute(node, name, value) {
  if (value === null) node.removeAttribute(name);
  else if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value);
}

// The colour of a code, and what reads well on it; the style sheet has one for codes without.
function colorAs(node, { color, ink }) {
  if (!color) return;
  node.style.setProperty("--code", color);
  node.style.setProperty("--ink", ink);
}

function partsOf(root) {
  const parts = {};
  for (const node of root.querySelectorAll("[data-part]")) {
    parts[node.dataset.part.replace(/-(\w)/g, (_, letter) => letter.toUpperCase())] = node;
  }
  return parts;
}

// Whether fingers work the page: then no keys are named.
function isTouched() {
  return matchMedia("(pointer: coarse)").matches;
}

function link(page, text, parameters = {}) {
  return element("a", { href: addressOf(page, parameters) }, text);
}

// Another page of the same project, with parameters of its own.
function addressOf(page, parameters) {
  const place = new URL(page + location.search, document.baseURI);
  for (const [name, value] of Object.entries(parameters)) place.searchParams.set(name, value);
  return place.href;
}
