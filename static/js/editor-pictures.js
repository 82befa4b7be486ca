// Pictures that are dropped or pasted into the text, or chosen by the button: each is sent, and its
// Markdown takes the place where it fell. What it shows, its editor writes between the brackets.

const body = () => document.getElementById("id_body");
const picturesOf = (transfer) => [...(transfer?.files ?? [])].filter((file) => file.type.startsWith("image/"));
const isText = (target) => target === body();

function say(words) {
  for (const place of document.querySelectorAll("[data-trouble]")) place.textContent = words;
}

async function send(file) {
  const form = body().form;
  const data = new FormData();
  data.append("picture", file);
  data.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  say(form.dataset.saidSending);
  try {
    const answer = await fetch(form.dataset.upload, { method: "POST", body: data });
    const told = await answer.json().catch(() => ({}));
    if (!answer.ok) return say(told.error ?? document.body.dataset.failed);
    say("");
    put(`![](${told.path})\n`);
  } catch {
    say(document.body.dataset.offline);
  }
}

function put(markdown) {
  const field = body();
  const at = field.selectionEnd;
  field.setRangeText(markdown, at, at, "end");
  field.setSelectionRange(at + 2, at + 2); // between the brackets
  field.focus();
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

async function sendAll(files) {
  for (const file of files) await send(file);
}

document.addEventListener("dragover", (event) => {
  if (isText(event.target) && event.dataTransfer.types.includes("Files")) event.preventDefault();
});
for (const name of ["drop", "paste"]) {
  document.addEventListener(name, (event) => {
    const files = isText(event.target) ? picturesOf(event.dataTransfer ?? event.clipboardData) : [];
    if (!files.length) return;
    event.preventDefault();
    sendAll(files);
  });
}
document.addEventListener("change", ({ target }) => {
  if (!target.matches("[data-pictures]")) return;
  sendAll([...target.files]);
  target.value = "";
});
