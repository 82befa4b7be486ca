// What every page needs beyond HTML. All listeners stand on the document, so swapped content needs no care.

// htmx parses answers of our own server as HTML; nothing on this site may become a script.
globalThis.trustedTypes?.createPolicy("default", { createHTML: (html) => html });

// A failed request leaves the page as it was (noSwap in base.html), so say that it failed.
// A click or the next success takes the words away; said twice, they stand there once.
function say(words) {
  unsay();
  const toast = document.createElement("button");
  toast.type = "button";
  toast.className = "toast toast--error";
  toast.textContent = words;
  toast.title = document.body.dataset.close;
  document.getElementById("toasts").append(toast);
}

function unsay() {
  for (const toast of document.querySelectorAll(".toast--error")) toast.remove();
}

// What a form shows must be what the page shows: remembered with each swap, restored after a failure.
function settle() {
  for (const option of document.querySelectorAll("form[data-shows] option")) option.defaultSelected = option.selected;
}

function restore(ctx) {
  ctx?.sourceElement?.closest?.("form[data-shows]")?.reset();
}

document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  if (ctx?.response?.status >= 400) return;
  unsay();
  settle();
});

document.addEventListener("htmx:before:history:update", (event) => {
  if (event.detail.response?.status >= 400) event.preventDefault(); // the page did not change
});

document.addEventListener("htmx:response:error", ({ detail: { ctx } }) => {
  const { status } = ctx.response;
  if (status === 422 || ctx.sourceElement?.hasAttribute?.(`hx-status:${status}`)) return; // a form that says so itself
  const words = new DOMParser().parseFromString(ctx.text ?? "", "text/html").querySelector(".trouble__message");
  ctx.text = ""; // the error page's <title> is not ours
  restore(ctx);
  say(words?.textContent ?? document.body.dataset.failed);
});

document.addEventListener("htmx:error", ({ detail }) => {
  if (detail.error?.name === "AbortError") return; // hx-sync replaced the request
  restore(detail.ctx);
  say(document.body.dataset.offline);
});

// Buttons that only a browser with scripts can serve are hidden until we know that it can.
for (const button of document.querySelectorAll("[data-needs-script]")) {
  button.hidden = button.dataset.needsScript === "share" && !navigator.share;
}

document.addEventListener("click", ({ target }) => {
  target.closest(".toast")?.remove();
  const button = target.closest("[data-needs-script]");
  if (button?.dataset.needsScript === "print") print();
  if (button?.dataset.needsScript === "share") {
    navigator.share({ title: document.title, url: button.dataset.url }).catch(() => {}); // closed by the reader
  }
});

document.addEventListener("keydown", ({ key }) => {
  if (key === "Escape") for (const toast of document.querySelectorAll(".toast")) toast.remove();
});

// A select that reloads its part needs no button while scripts run.
document.documentElement.dataset.scripts = "on";
