// A button that copies what it carries, and says beside it whether that worked.

if (!navigator.clipboard) {
  for (const button of document.querySelectorAll("[data-needs-script=copy]")) button.hidden = true;
}

document.addEventListener("click", async ({ target }) => {
  const button = target.closest("[data-needs-script=copy]");
  if (!button) return;
  const { copies, copied, notCopied } = button.dataset;
  const told = button.closest("div").querySelector("[role=status]");
  told.textContent = await navigator.clipboard.writeText(copies).then(() => copied, () => notCopied);
});
