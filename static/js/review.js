// Keys for the queue: j and k go on and back, a approves, r goes to the reason, ? lists them.
// They are for whoever wants them: the list switches them off, and no key counts while one types.
const TYPED = "input:not([type=checkbox]), textarea, select, [contenteditable]";
const panel = () => document.getElementById("review-keys");
const items = () => [...document.querySelectorAll("li[data-item]")];
const current = () => document.activeElement?.closest("li[data-item]");

// On the list j and k move the focus; on the page of one item they are links.
function step(key) {
  const all = items();
  if (!all.length) return document.querySelector(`a[data-key=${key}]`)?.click();
  const at = all.indexOf(current()) + (key === "j" ? 1 : -1);
  all[Math.max(0, Math.min(at, all.length - 1))].focus();
}

function decide(key) {
  const here = items().length ? current() : document;
  if (key === "r" && here === document) return document.querySelector("#item [name=reason]")?.focus();
  here?.querySelector(`[data-key=${key}]`)?.click();
}

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (!panel() || target.closest?.(TYPED)) return;
  if (key === "?") panel().open = !panel().open;
  else if (!("keys" in panel().dataset)) return;
  else if (key === "j" || key === "k") step(key);
  else if (key === "a" || key === "r") decide(key);
  else return;
  event.preventDefault();
});
