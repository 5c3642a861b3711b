// What is typed into a form with data-keep="address" is kept on the server, a moment after the typing stops and when the
// page is left, so that one can stop at any time. Without this file the buttons of the form keep it.
const PAUSE_MS = 1_500;
let timer = 0;
let changed = false;
let told = false;

function formHere() {
  return document.querySelector("form[data-keep]");
}

function say(words, fine) {
  const box = document.querySelector("[data-saved]");
  const place = box?.querySelector(".saved__words span");
  if (!place) return;
  place.textContent = words;
  box.hidden = false;
  const live = document.getElementById("live");
  if (live && !(told && fine)) live.textContent = words; // read out once, not after every word
  told = fine;
}

async function keep() {
  clearTimeout(timer);
  const form = formHere();
  if (!form || !changed) return;
  changed = false;
  const words = document.querySelector("[data-saved]")?.dataset;
  try {
    const body = new URLSearchParams(new FormData(form));
    const answer = await fetch(form.dataset.keep, { method: "POST", body, keepalive: true });
    if (!answer.ok) throw new Error(String(answer.status));
    const time = new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });
    if (words) say(`${words.saved} ${time}`, true);
  } catch {
    changed = true; // tried again with the next letter, and when the page is left
    if (words) say(words.notSaved, false);
  }
}

function leaveIt() {
  clearTimeout(timer);
  changed = false;
}

for (const name of ["input", "change"]) {
  document.addEventListener(name, (event) => {
    if (!event.target.closest?.("form[data-keep]")) return;
    changed = true;
    clearTimeout(timer);
    timer = setTimeout(keep, PAUSE_MS);
  });
}
// A form that is sent is kept by its own answer; a draft that is thrown away stays away.
document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-keep], [data-discards]")) leaveIt();
});
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") keep();
});
window.addEventListener("pagehide", keep);
