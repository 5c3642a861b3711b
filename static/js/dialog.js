// Questions in front of the page. Without this file a link leads to the page that asks, and a fold opens in its place.
//
//   <a href="…" data-ask data-close="关上">        the form of that page, in a dialog
//   <details data-dialog data-close="关上">        its own content, in a dialog
//
// showModal() keeps the focus inside, closes on Esc and gives the focus back to where it was.

const SUPPORTED = typeof HTMLDialogElement === "function" && "showModal" in HTMLDialogElement.prototype;
let serial = 0;

function cross() {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  for (const [name, value] of Object.entries({ width: 24, height: 24, viewBox: "0 0 24 24", fill: "none", stroke: "currentColor", "stroke-width": 2, "stroke-linecap": "round", "aria-hidden": "true" })) svg.setAttribute(name, value);
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", "M18 6 6 18M6 6l12 12");
  svg.append(path);
  return svg;
}

function build(title, parts, closeWord) {
  const dialog = document.createElement("dialog");
  const head = document.createElement("div");
  const heading = document.createElement("h2");
  const close = document.createElement("button");
  const body = document.createElement("div");
  serial += 1;
  dialog.className = "dialog";
  head.className = "dialog__head";
  body.className = "dialog__body";
  heading.id = `dialog-title-${serial}`;
  heading.textContent = title;
  heading.tabIndex = -1;
  heading.autofocus = true;
  dialog.setAttribute("aria-labelledby", heading.id);
  close.type = "button";
  close.className = "dialog__close";
  close.setAttribute("aria-label", closeWord);
  close.append(cross());
  close.addEventListener("click", () => dialog.close());
  head.append(heading, close);
  body.append(...parts);
  dialog.append(head, body);
  dialog.addEventListener("click", (event) => {
    const box = dialog.getBoundingClientRect();
    const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
    if ((event.target === dialog && !inside) || event.target.closest?.("[data-cancel]")) {
      event.preventDefault();
      dialog.close();
    }
  });
  return dialog;
}

function upgrade(details) {
  const opener = document.createElement("button");
  const summary = details.querySelector("summary");
  const content = details.querySelector(".ask__body");
  const title = content.querySelector(".ask__title");
  opener.type = "button";
  opener.className = summary.className;
  opener.setAttribute("aria-haspopup", "dialog");
  opener.append(...summary.childNodes);
  title.remove();
  const dialog = build(title.textContent, [...content.childNodes], details.dataset.close);
  dialog.id = details.id;
  opener.addEventListener("click", () => dialog.showModal());
  details.replaceWith(opener, dialog);
}

async function ask(link) {
  const go = () => window.location.assign(link.href);
  let answer;
  try {
    answer = await fetch(link.href, { headers: { Accept: "text/html" } });
  } catch {
    return go();
  }
  if (!answer.ok || answer.redirected) return go();
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const form = page.querySelector("main form.form");
  const title = page.querySelector("main h1");
  if (!form || !title) return go();
  if (!form.hasAttribute("action")) form.action = link.href;
  const lead = page.querySelector("main .lead");
  const dialog = build(title.textContent, [lead, form].filter(Boolean), link.dataset.close);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  document.dispatchEvent(new CustomEvent("portal:part", { detail: dialog }));
}

function enhance() {
  for (const details of document.querySelectorAll("details[data-dialog]")) upgrade(details);
}

if (SUPPORTED) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-ask]");
    const plain = event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
    if (!link || !plain || link.getAttribute("aria-busy")) return;
    event.preventDefault();
    link.setAttribute("aria-busy", "true");
    ask(link).finally(() => link.removeAttribute("aria-busy"));
  });
  enhance();
  document.addEventListener("portal:page", enhance);
  document.addEventListener("htmx:afterSwap", enhance);
}
