// What the editor says about the words in it: kept how long ago, not yet, or why not.

export const form = () => document.getElementById("story-form");

function put(name, words) {
  for (const place of document.querySelectorAll(`[data-${name}]`)) {
    if (place.textContent !== words) place.textContent = words;
  }
}

export const trouble = (words) => put("trouble", words);

export function tell({ typed, kept, keptAt }) {
  if (!form() || !typed) return;
  const { saidSaved, saidAgo, saidMinutes, saidTyped } = form().dataset;
  if (typed > kept) return put("saved", saidTyped);
  const seconds = Math.round((Date.now() - keptAt) / 1000);
  const ago = seconds < 120 ? saidAgo.replace("%s", seconds) : saidMinutes.replace("%s", Math.round(seconds / 60));
  put("saved", `${saidSaved} ${ago}`);
}
