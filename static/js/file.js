// What was chosen is shown with a picture, its size and a way to take it out; too big is said before sending; sending
// shows how far it is. Without this file the browser's own box does the choosing and the server the checking.

const THUMB = 160; // pixels of a preview's longer side: drawn small, so that ten photos do not fill a phone's memory

function sizeWords(bytes) {
  return bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

function part(tag, className, text = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

async function thumb(file, box) {
  if (!file.type.startsWith("image/") || !window.createImageBitmap) return;
  try {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, THUMB / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    box.replaceChildren(canvas);
  } catch {
    box.textContent = ""; // a picture that this browser cannot draw (HEIC) is sent all the same
  }
}

class Picker {
  constructor(root) {
    this.root = root;
    this.input = root.querySelector('input[type="file"]');
    this.list = root.querySelector(".file__list");
    this.live = root.querySelector("[data-file-live]");
    this.words = root.dataset;
    this.most = Number(root.dataset.maxBytes);
    root.classList.add("file--on");
    this.input.addEventListener("change", () => this.show(this.words.wordsChosen));
    if (this.input.files.length) this.show();
  }

  tooBig() {
    return [...this.input.files].filter((file) => file.size > this.most);
  }

  show(announced) {
    const files = [...this.input.files];
    this.list.replaceChildren(...files.map((file, index) => this.row(file, index)));
    this.list.hidden = files.length === 0;
    if (announced) this.live.textContent = announced + files.map((file) => this.said(file)).join("，");
  }

  said(file) {
    return `${file.name} ${file.size > this.most ? this.words.wordsBig : sizeWords(file.size)}`;
  }

  row(file, index) {
    const bad = file.size > this.most;
    const row = part("li", bad ? "file__one file__one--bad" : "file__one");
    const box = part("span", "file__thumb");
    const text = part("span", "file__text");
    const remove = part("button", "btn btn--plain file__remove", this.words.wordsRemove);
    remove.type = "button";
    remove.append(part("span", "visually-hidden", file.name));
    remove.addEventListener("click", () => this.remove(index));
    text.append(part("span", "file__name", file.name), part("span", "file__size", bad ? `${sizeWords(file.size)}，${this.words.wordsBig}` : sizeWords(file.size)));
    row.append(box, text, remove);
    thumb(file, box);
    return row;
  }

  remove(index) {
    const files = [...this.input.files];
    const [gone] = files.splice(index, 1);
    const rest = new DataTransfer();
    for (const file of files) rest.items.add(file);
    this.input.files = rest.files;
    this.show();
    this.live.textContent = this.words.wordsRemoved + gone.name;
    this.input.focus();
  }
}

const pickers = new WeakMap();

function enhance(root = document) {
  for (const found of root.querySelectorAll("[data-file]")) {
    if (!pickers.has(found)) pickers.set(found, new Picker(found));
  }
}

// Sending ---------------------------------------------------------------------------------------------------------

let exchanged = ""; // the address of what was exchanged; a jump within it (a line of the summary) is no way back

const here = () => window.location.pathname + window.location.search;

// The answer takes the place of the page, as if the browser had sent the form: nothing is asked of the server twice.
function exchange(html, address) {
  const page = new DOMParser().parseFromString(html, "text/html");
  document.title = page.title;
  for (const link of page.head.querySelectorAll('link[rel="stylesheet"]')) {
    if (!document.head.querySelector(`link[href="${link.getAttribute("href")}"]`)) document.head.append(document.adoptNode(link));
  }
  // the desk's own scripts listen on its body: there only the frame within gives way
  const [old, fresh] = [document, page].map((side) => side.querySelector("[data-frame]") ?? side.body);
  old.replaceWith(document.adoptNode(fresh));
  if (address && address !== window.location.href) history.pushState(null, "", address);
  exchanged = here();
  window.scrollTo(0, 0);
  window.htmx?.process(document.body);
  enhance();
  document.dispatchEvent(new CustomEvent("portal:page"));
}
window.addEventListener("popstate", () => {
  if (exchanged && exchanged !== here()) window.location.reload();
});

function bar(picker) {
  const box = part("div", "file__sending progress");
  const words = part("p", "progress__words");
  const label = part("span", "progress__label", picker.words.wordsSending);
  const count = part("span", "progress__count", "0%");
  const progress = document.createElement("progress");
  progress.max = 100;
  progress.value = 0;
  progress.setAttribute("aria-label", picker.words.wordsSending);
  words.append(label, count);
  box.append(words, progress);
  picker.root.append(box);
  return {
    at(percent) {
      progress.value = percent;
      count.textContent = `${percent}%`;
      if (percent === 100) {
        label.textContent = picker.words.wordsWorking;
        picker.live.textContent = picker.words.wordsWorking;
      }
    },
    failed() {
      box.replaceChildren(part("p", "field__error", picker.words.wordsFailed));
      box.setAttribute("role", "alert");
    },
    remove: () => box.remove(),
  };
}

function send(form, submitter, picker) {
  const data = new FormData(form);
  if (submitter?.name) data.append(submitter.name, submitter.value);
  form.querySelectorAll(".file__sending").forEach((old) => old.remove());
  form.dispatchEvent(new CustomEvent("portal:hold", { bubbles: true, detail: submitter }));
  const shown = bar(picker);
  picker.live.textContent = picker.words.wordsSending;
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.setRequestHeader("Accept", "text/html");
  request.setRequestHeader("X-Sent-As-Page", "1"); // a refusal gets an address of its own, to come back to
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) shown.at(Math.round((event.loaded / event.total) * 100));
  });
  request.addEventListener("load", () => exchange(request.responseText, request.responseURL));
  request.addEventListener("error", () => {
    shown.failed();
    form.dispatchEvent(new CustomEvent("portal:release", { bubbles: true }));
  });
  request.send(data);
}

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    const mine = [...form.querySelectorAll("[data-file]")].map((root) => pickers.get(root)).filter(Boolean);
    const chosen = mine.filter((picker) => picker.input.files.length);
    if (form.method !== "post" || form.enctype !== "multipart/form-data" || !chosen.length || form.dataset.sent) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const refused = chosen.find((picker) => picker.tooBig().length);
    if (refused) {
      refused.show(refused.words.wordsChosen);
      refused.root.querySelector(".file__one--bad .file__remove").focus();
      return;
    }
    send(form, event.submitter, chosen[0]);
  },
  true,
);

enhance();
document.addEventListener("htmx:afterSwap", () => enhance());
document.addEventListener("portal:part", (event) => enhance(event.detail));
