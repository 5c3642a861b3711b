// Read by measuring.py: what falls short on a page, in words.
(() => {
  // What a reader sees: not what is hidden, nor what stands there for a screen reader alone.
  const seen = (el) => {
    for (let at = el; at && at !== document.documentElement; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.display === "none" || style.visibility !== "visible" || style.clipPath === "inset(50%)") return false;
      const folded = at.tagName === "DETAILS" && !at.open && at !== el;
      if (folded && !at.querySelector("summary")?.contains(el)) return false;
    }
    const box = el.getBoundingClientRect();
    return box.width > 1 && box.height > 1;
  };
  const name = (el) => [el.tagName.toLowerCase(), ...el.classList].join(".");
  const said = (text) => `“${(text ?? "").trim().slice(0, 20)}”`;
  const texts = () => {
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const el = walker.currentNode.parentElement;
      const shown = walker.currentNode.textContent.trim() && !el.closest("script, style, title");
      if (shown && seen(el)) found.push(walker.currentNode);
    }
    return found;
  };
  // Letters of a picture that is scaled are as big as they are drawn.
  const letters = (el) => {
    const size = parseFloat(getComputedStyle(el).fontSize);
    const svg = el.closest("svg");
    return svg?.viewBox.baseVal?.width ? (size * svg.getBoundingClientRect().width) / svg.viewBox.baseVal.width : size;
  };
  // A box that is pressed anywhere (a::after over its row) counts as that box; a radio, a checkbox, a file as its label.
  const pressed = (el) => {
    const over = getComputedStyle(el, "::after");
    let box = el;
    if (over.position === "absolute" && over.content !== "none") {
      while (box && getComputedStyle(box).position === "static") box = box.parentElement;
    } else if (el.matches("[type=radio], [type=checkbox], [type=file]")) {
      box = el.closest("label, .file__drop") ?? el;
    }
    return box.getBoundingClientRect();
  };
  // A link in a sentence needs no size of its own (WCAG 2.5.8).
  const inSentence = (el) =>
    el.tagName === "A" &&
    getComputedStyle(el).display === "inline" &&
    [...el.parentElement.childNodes].some((node) => node !== el && node.textContent.trim());

  return {
    smallText(least) {
      const found = new Set();
      for (const node of texts()) {
        const size = letters(node.parentElement);
        if (size < least - 0.05) found.add(`${name(node.parentElement)} ${said(node.textContent)} ${size.toFixed(1)} px`);
      }
      for (const el of document.querySelectorAll("input:not([type=hidden]), select, textarea")) {
        if (seen(el) && letters(el) < least - 0.05) found.add(`${name(el)} ${el.name} ${letters(el).toFixed(1)} px`);
      }
      return [...found];
    },
    tightLines(least) {
      const found = new Set();
      for (const node of texts()) {
        const el = node.parentElement;
        if (el.closest("svg")) continue;
        const range = document.createRange();
        range.selectNodeContents(node);
        const tops = new Set([...range.getClientRects()].map((box) => Math.round(box.top)));
        const style = getComputedStyle(el);
        const ratio = parseFloat(style.lineHeight) / parseFloat(style.fontSize);
        if (tops.size > 1 && ratio < least - 0.005) found.add(`${name(el)} ${said(node.textContent)} ${ratio.toFixed(2)}`);
      }
      return [...found];
    },
    smallTargets(least) {
      const found = new Set();
      for (const el of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")) {
        if (!seen(el) || el.disabled || inSentence(el)) continue;
        const { width, height } = pressed(el);
        if (Math.min(width, height) < least - 0.5) {
          found.add(`${name(el)} ${said(el.textContent || el.name)} ${width.toFixed(0)} × ${height.toFixed(0)} px`);
        }
      }
      return [...found];
    },
    overflowing() {
      const root = document.documentElement;
      if (root.scrollWidth <= root.clientWidth) return [];
      const wide = [...document.body.querySelectorAll("*")].filter((el) => {
        const box = el.getBoundingClientRect();
        return box.width && box.right > root.clientWidth + 0.5;
      });
      const outer = wide.filter((el) => !wide.includes(el.parentElement)).slice(0, 5);
      return [`${root.scrollWidth} px in ${root.clientWidth}: ${outer.map(name).join(", ")}`];
    },
  };
})()
