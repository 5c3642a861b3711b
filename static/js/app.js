// Progressive enhancement only: every page works without this file. No file here knows a page; each looks for its
// data-… attributes, and again after a page was exchanged (“portal:page” on document).

// A form is sent once: a second press while the first is under way does nothing.
// The button is not `disabled`, which would take its own name and value out of the form.
const RELEASE_AFTER_MS = 10_000; // a form that answers with a file never leaves the page

function say(words) {
  const live = document.getElementById("live");
  if (live) live.textContent = words;
}

function hold(form, button) {
  form.dataset.sent = "1";
  button?.setAttribute("aria-disabled", "true");
  button?.classList.add("is-busy");
  say(document.getElementById("live")?.dataset.busy ?? "");
}

function release(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll(".is-busy")) {
    button.removeAttribute("aria-disabled");
    button.classList.remove("is-busy");
  }
  say("");
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  hold(form, event.submitter);
  setTimeout(() => release(form), RELEASE_AFTER_MS);
});
document.addEventListener("portal:hold", (event) => hold(event.target, event.detail));
document.addEventListener("portal:release", (event) => release(event.target));

// Coming back by the back button may bring the page from memory, with its buttons still held.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) release(form);
});

// After a refused form the reader starts at the summary of what to put right; one that is only shown is none.
function focusSummary(root) {
  const summary = root.querySelector?.("[data-error-summary]:not([data-shown] *)");
  summary?.focus();
  return Boolean(summary);
}
focusSummary(document);
document.addEventListener("htmx:afterSwap", (event) => focusSummary(event.target));
document.addEventListener("portal:page", () => focusSummary(document) || document.getElementById("main")?.focus());
