// Buttons that put Markdown around what is selected, and the way to a line of the text.

const body = () => document.getElementById("id_body");

// As if it were typed, so that the browser can undo it.
function type(field, text) {
  field.focus();
  if (!document.execCommand("insertText", false, text)) {
    field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function insert(field, pattern, atLine) {
  const [before, after] = pattern.split("|").length === 2 ? pattern.split("|") : [pattern, ""];
  if (atLine) {
    const start = field.value.lastIndexOf("\n", field.selectionStart - 1) + 1;
    field.setSelectionRange(start, field.selectionEnd);
    const lines = field.value.slice(start, field.selectionEnd).split("\n");
    return type(field, lines.map((line) => before + line).join("\n"));
  }
  const chosen = field.value.slice(field.selectionStart, field.selectionEnd);
  const at = field.selectionStart + before.length;
  type(field, before + chosen + after);
  if (after) field.setSelectionRange(at, at + chosen.length);
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest?.("[data-insert]");
  if (button && body()) insert(body(), button.dataset.insert, button.dataset.at === "line");
});

// ?line=12 of the checklist: the line is selected and in sight.
const line = Number(new URLSearchParams(location.search).get("line"));
if (line > 0 && body()) {
  const lines = body().value.split("\n");
  const start = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
  body().focus();
  body().setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
  body().scrollTop = (body().scrollHeight * (line - 3)) / lines.length;
}
