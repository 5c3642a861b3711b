// The button of a print sheet: with JavaScript it prints; without, its <details> opens and says how to.
// Where the browser has no print(), the words open as well.
for (const details of document.querySelectorAll("[data-print]")) {
  details.querySelector("summary").addEventListener("click", (event) => {
    if (typeof window.print !== "function") return;
    event.preventDefault();
    window.print();
  });
}
