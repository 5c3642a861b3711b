// Progressive enhancement only: every page works without this file.

// A form is sent once: a second press while the first is under way does nothing.
// The button is not `disabled`, which would take its own name and value out of the form.
const RELEASE_AFTER_MS = 10_000; // a form that answers with a file never leaves the page

function release(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll('[aria-disabled="true"]')) {
    button.removeAttribute("aria-disabled");
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  event.submitter?.setAttribute("aria-disabled", "true");
  setTimeout(() => release(form), RELEASE_AFTER_MS);
});

// Coming back by the back button may bring the page from memory, with its buttons still held.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) release(form);
});

// After a refused form the reader starts at the summary of what to put right.
function focusSummary(root) {
  root.querySelector("[data-error-summary]")?.focus();
}
focusSummary(document);
document.addEventListener("htmx:afterSwap", (event) => focusSummary(event.target));
