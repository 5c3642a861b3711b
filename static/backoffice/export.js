/* Asking for an export: what the page says follows the columns that are ticked. Without this script both are said.
   Usage: <div data-export><p data-when="plain">…</p><p data-when="personal">…</p> … <input data-personal></div> */
"use strict";
{
  const page = document.querySelector("[data-export]");
  const follow = () => {
    const personal = page.querySelector("[data-personal]:checked") !== null;
    for (const part of page.querySelectorAll("[data-when]")) part.hidden = (part.dataset.when === "personal") !== personal;
  };
  if (page) {
    page.addEventListener("change", follow);
    follow();
  }
}
