/* Small helps of the back office; every page works without them.
   1. Each cell of a list learns its column's name, so that rows can stand as cards on a phone.
      In the list of wishes the lesser cells of such a card come with “更多”.
   2. A drop-down filter closes when one presses elsewhere or Escape.
   3. A field that searches while one types is called what its label says.
   4. A line of the summary of errors leads to its field, to the box in its place where the field searches.
   5. After a form with a file was sent without leaving the page, its fields search again.
   6. A field that belongs to one choice (data-only="field=value") is shown for that choice alone.
   7. “/” goes to the search of everything, unless one is writing. */
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
    // A list that says which cells matter most shows those alone on a phone; the others come with a press.
    if (document.body.classList.contains("model-wish")) {
      table.classList.add("brief");
      for (const row of table.tBodies[0].rows) {
        const more = document.createElement("button");
        more.type = "button";
        more.className = "btn btn--quiet brief__more";
        const say = (open) => {
          row.classList.toggle("brief__open", open);
          more.textContent = open ? "收起" : "更多";
          more.setAttribute("aria-expanded", String(open));
        };
        more.addEventListener("click", () => say(more.getAttribute("aria-expanded") !== "true"));
        say(false);
        row.insertCell().append(more);
        row.lastElementChild.className = "brief__cell";
      }
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
  document.addEventListener("click", (event) => {
    const hidden = document.getElementById(event.target.closest?.("[data-errors] a")?.hash.slice(1) ?? "");
    if (!hidden?.matches(".select2-hidden-accessible")) return;
    event.preventDefault();
    hidden.parentElement.querySelector(".select2-selection")?.focus();
  });
  document.addEventListener("portal:page", () => {
    const jQuery = window.django?.jQuery;
    if (jQuery?.fn.djangoAdminSelect2) jQuery(".admin-autocomplete").not("[name*=__prefix__]").djangoAdminSelect2();
    nameFields();
    document.querySelector("[data-errors]")?.focus();
  });
  const whole = document.getElementById("whole-search") ?? document.getElementById("desk-search");
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    event.preventDefault();
    whole?.focus();
    whole?.select();
  });

  const only = Array.from(document.querySelectorAll("[data-only]"));
  const suit = () => {
    for (const field of only) {
      const [name, wanted] = field.dataset.only.split("=");
      const chosen = new FormData(field.closest("form")).get(name) ?? "";
      const filled = Array.from(field.querySelectorAll("input, select, textarea")).some((box) => box.type === "checkbox" ? box.checked : box.value);
      field.hidden = chosen !== wanted && !filled && !field.matches(".act__field--wrong");
    }
  };
  if (only.length) {
    document.addEventListener("change", suit);
    suit();
  }

  const form = document.querySelector("#content form");
  if (form) new MutationObserver(nameFields).observe(form, { childList: true, subtree: true });
}
