// The size of the letters in 关怀版 changes at once and what was typed stays. Without this file the form is sent and
// the page comes anew, as the server keeps the size either way.

function sizesOf(form) {
  return form.dataset.sizes.split(" ").map(Number);
}

function show(form, size) {
  document.documentElement.dataset.text = String(size);
  const sizes = sizesOf(form);
  const at = sizes.indexOf(size);
  for (const [button, next] of [
    [form.querySelector("[data-smaller]"), sizes[at - 1]],
    [form.querySelector("[data-bigger]"), sizes[at + 1]],
  ]) {
    const words = button.querySelector("[data-words]");
    button.value = String(next ?? size);
    if (next === undefined) button.setAttribute("aria-disabled", "true");
    else button.removeAttribute("aria-disabled");
    words.textContent = next === undefined ? words.dataset.end : words.dataset.words;
  }
  const live = document.getElementById("live");
  const end = form.querySelector('[aria-disabled="true"] [data-words]');
  if (live) live.textContent = form.dataset.ease + size + (end ? `，${end.dataset.end}` : "");
}

document.addEventListener(
  "submit",
  async (event) => {
    const form = event.target;
    const button = event.submitter;
    if (!form.matches("[data-ease]") || !button) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (button.getAttribute("aria-disabled") === "true") return; // its words say why
    const data = new FormData(form);
    data.set(button.name, button.value);
    try {
      const answer = await fetch(form.action, { method: "POST", body: data, redirect: "manual" });
      if (answer.type !== "opaqueredirect") throw new Error(String(answer.status));
      show(form, Number(button.value));
    } catch {
      document.dispatchEvent(new CustomEvent("portal:keep"));
      window.location.reload(); // the server's word on what is kept, or the browser's on why it cannot be reached
    }
  },
  true,
);
