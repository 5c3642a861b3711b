// What was typed into a form stays when 关怀版 is switched and the page comes anew. It is kept on this device only, in
// this tab's sessionStorage, from the press to the next page, which takes it out before it fills it in; a page that
// comes later than two minutes, or another one, throws it away. Never kept: passwords, codes from a message, files,
// hidden fields. Without this file the button sends the form along to the server instead (see “carries” in base.html).
const KEY = "typed";
const FRESH_MS = 120_000;
const NEVER = new Set(["password", "file", "hidden", "submit", "button", "reset", "image", "fieldset", "output", "object"]);

// The buttons of the switch belong to their own form again.
function takeBack() {
  for (const button of document.querySelectorAll("[data-carries]")) {
    for (const name of ["form", "formaction", "formenctype", "data-carries"]) button.removeAttribute(name);
  }
}

function fieldsOf(form) {
  return [...form.elements].filter(
    (field) => field.name && !NEVER.has(field.type) && field.autocomplete !== "one-time-code",
  );
}

function formsHere() {
  return [...document.querySelectorAll("main form")];
}

function read(field) {
  if (field.type === "checkbox" || field.type === "radio") return field.checked;
  if (field.type.startsWith("select")) return [...field.selectedOptions].map((option) => [option.value, option.text]);
  return field.value;
}

// What was looked up while typing is no option of the page that comes anew: it is put there with its words.
function choose(field, chosen) {
  const values = chosen.map(([value]) => value);
  const known = new Set([...field.options].map((option) => option.value));
  if (field.dataset["ajax-Url"]) {
    for (const [value, text] of chosen) if (!known.has(value)) field.add(new Option(text, value));
  }
  for (const option of field.options) option.selected = values.includes(option.value);
}

// Boxes and buttons of one name are told apart by what they stand for, everything else by its place.
function keysOf(fields) {
  const seen = new Map();
  return fields.map((field) => {
    const own = field.type === "checkbox" || field.type === "radio" ? `${field.name}=${field.value}` : field.name;
    const count = seen.get(own) ?? 0;
    seen.set(own, count + 1);
    return `${own}#${count}`;
  });
}

// The page that is kept for, and filled in: a refused form that one came back to (?answer=…) is that form.
function pageHere() {
  const here = new URL(window.location.href);
  here.searchParams.delete("answer");
  return here.pathname + here.search;
}

function keep() {
  const forms = formsHere().map((form) => {
    const fields = fieldsOf(form);
    const keys = keysOf(fields);
    return { action: form.getAttribute("action") ?? "", values: fields.map((field, at) => [keys[at], read(field)]) };
  });
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ page: pageHere(), at: Date.now(), forms }));
  } catch {
    // a browser that stores nothing: the page comes as the server has it
  }
}

function take() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
    sessionStorage.removeItem(KEY);
    return kept && kept.page === pageHere() && Date.now() - kept.at < FRESH_MS ? kept.forms : [];
  } catch {
    return [];
  }
}

function write(field, value) {
  if (field.type === "checkbox" || field.type === "radio") field.checked = value;
  else if (field.type.startsWith("select")) choose(field, value);
  else field.value = value;
}

function same(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}

function fillIn() {
  const left = take();
  let filled = false;
  for (const form of formsHere()) {
    const at = left.findIndex((one) => one.action === (form.getAttribute("action") ?? ""));
    if (at < 0) continue;
    const values = new Map(left.splice(at, 1)[0].values);
    const fields = fieldsOf(form);
    const keys = keysOf(fields);
    fields.forEach((field, place) => {
      const value = values.get(keys[place]);
      if (value === undefined || same(value, read(field))) return;
      write(field, value);
      filled = true;
      for (const name of ["input", "change"]) field.dispatchEvent(new Event(name, { bubbles: true }));
    });
  }
  const live = document.getElementById("live");
  if (filled && live) live.textContent = live.dataset.kept;
}

document.addEventListener(
  "submit",
  (event) => {
    if (event.target.matches("[data-switch]")) keep();
  },
  true,
);
document.addEventListener("portal:keep", keep); // before a page is loaded anew by a script
document.addEventListener("portal:page", takeBack);
takeBack();
fillIn();
