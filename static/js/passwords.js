// A password can be looked at while it is typed, and a page's list can be kept as a file.

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-needs-script]");
  if (button?.dataset.needsScript === "reveal") {
    const field = document.getElementById(button.getAttribute("aria-controls"));
    const shown = field.type === "password";
    field.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", shown);
  }
  if (button?.dataset.needsScript === "download") {
    const lines = [...document.getElementById(button.dataset.of).children].map((it) => it.textContent.trim());
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([`${lines.join("\n")}\n`], { type: "text/plain" }));
    link.download = button.dataset.name;
    link.click();
    URL.revokeObjectURL(link.href);
  }
});

// What is looked at is sent as a password again, so that no browser offers it as a word typed before.
document.addEventListener("submit", ({ target }) => {
  for (const button of target.querySelectorAll("[data-needs-script=reveal][aria-pressed=true]")) button.click();
});
