/* Small helps of the back office; every page works without them.
   1. Each cell of a list learns its column's name, so that rows can stand as cards on a phone.
   2. A drop-down filter closes when one presses elsewhere or Escape.
   3. A field that searches while one types is called what its label says.
   4. “/” goes to the search of everything, unless one is writing. */
"use strict";
{
  const table = document.getElementById("result_list");
  if (table) {
    const names = Array.from(table.querySelectorAll("thead th"), (th) => (th.querySelector(".text")?.textContent ?? "").trim());
    for (const row of table.tBodies[0].rows) {
      Array.from(row.cells).forEach((cell, place) => {
        if (names[place]) cell.dataset.label = names[place];
      });
    }
  }

  const filters = Array.from(document.querySelectorAll("details.filter"));
  const close = (except) => filters.forEach((filter) => { if (filter !== except) filter.open = false; });
  document.addEventListener("click", (event) => close(event.target.closest("details.filter")));
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") close(null); });

  const nameFields = () => {
    for (const field of document.querySelectorAll(".select2-container:not([data-named])")) {
      const label = document.querySelector(`label[for="${field.previousElementSibling?.id}"]`);
      if (!label) continue;
      field.dataset.named = "";
      for (const part of field.querySelectorAll("[role=combobox], [role=textbox]")) {
        part.removeAttribute("aria-labelledby");
        part.setAttribute("aria-label", label.textContent.trim());
      }
    }
  };
  const whole = document.getElementById("whole-search") ?? document.getElementById("desk-search");
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    event.preventDefault();
    whole?.focus();
    whole?.select();
  });

  const form = document.querySelector("#content form");
  if (form) new MutationObserver(nameFields).observe(form, { childList: true, subtree: true });
}
