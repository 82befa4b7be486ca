// Suggestions under a search field: the ARIA 1.2 combobox with a listbox that htmx fills.
// The focus stays in the field; the arrow keys move aria-activedescendant over the options.

const fieldOf = (node) => (node instanceof Element ? node.closest("[role=combobox]") : null);
const listOf = (field) => document.getElementById(field.getAttribute("aria-controls"));
const optionsOf = (field) => [...listOf(field).querySelectorAll("[role=option]")];
const isOpen = (field) => field.getAttribute("aria-expanded") === "true";

function activate(field, option) {
  for (const other of optionsOf(field)) other.setAttribute("aria-selected", other === option);
  field.setAttribute("aria-activedescendant", option?.id ?? "");
  option?.scrollIntoView({ block: "nearest" });
}

function toggle(field, open) {
  const shown = open && optionsOf(field).length > 0;
  if (!shown) field.dispatchEvent(new Event("htmx:abort")); // an answer on its way comes too late
  field.setAttribute("aria-expanded", shown);
  listOf(field).hidden = !shown;
  activate(field, null);
}

// One step up or down; past either end is the field itself, then the other end.
function step(field, by) {
  const stops = [null, ...optionsOf(field)];
  const now = stops.findIndex((option) => option?.getAttribute("aria-selected") === "true");
  activate(field, stops.at((Math.max(now, 0) + by) % stops.length));
}

function keydown(field, event) {
  const active = optionsOf(field).find((option) => option.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    const down = event.key === "ArrowDown";
    if (event.altKey || !isOpen(field)) toggle(field, down);
    if (!event.altKey && isOpen(field)) step(field, down ? 1 : -1);
  } else if (event.key === "Escape" && isOpen(field)) toggle(field, false);
  else if (event.key === "Enter" && active) active.click();
  else return activate(field, null); // every other key is about the text
  event.preventDefault();
}

document.addEventListener("keydown", (event) => {
  const field = fieldOf(event.target);
  if (field && !event.isComposing && !["Shift", "Control", "Alt", "Meta"].includes(event.key)) keydown(field, event);
});

document.addEventListener("htmx:after:swap", ({ target }) => {
  const field = fieldOf(target);
  if (!field) return;
  optionsOf(field).forEach((option, number) => (option.id = `${listOf(field).id}-${number + 1}`));
  toggle(field, field === document.activeElement && field.value.trim() !== "");
  field.form.querySelector("[role=status]").textContent = listOf(field).querySelector("[data-status]")?.dataset.status ?? "";
});

document.addEventListener("input", ({ target }) => fieldOf(target)?.value.trim() === "" && toggle(target, false));
document.addEventListener("focusout", ({ target }) => fieldOf(target) && toggle(target, false));
// A press on an option must not take the focus away before the click arrives.
document.addEventListener("mousedown", (event) => event.target.closest?.("[role=listbox]") && event.preventDefault());
