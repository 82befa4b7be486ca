// Words that are typed and not saved yet: sent to a draft a moment after typing stops, kept in the
// page while the site does not answer, and asked about before the page is left.

const REST = 2500, PATIENCE = 12000, RETRIES = [2000, 5000, 10000, 20000, 30000]; // milliseconds
let state = { typed: 0, kept: 0, keptAt: 0, tries: 0, first: 0 }, timer = 0, busy = false;

const form = () => document.getElementById("story-form");
const say = (name, words) => document.querySelectorAll(`[data-${name}]`).forEach((it) => it.textContent !== words && (it.textContent = words));
const isLeft = () => state.typed > state.kept;

function tell() {
  if (!form() || !(state.typed || state.keptAt)) return;
  if (isLeft() || !state.keptAt) return say("saved", form().dataset.saidTyped);
  const s = Math.round((Date.now() - state.keptAt) / 1000), { saidSaved, saidAgo, saidMinutes } = form().dataset;
  say("saved", `${saidSaved} ${(s < 120 ? saidAgo : saidMinutes).replace("%s", s < 120 ? s : Math.round(s / 60))}`);
}

function plan(wait) {
  clearTimeout(timer);
  timer = setTimeout(keep, wait);
}

async function freshToken() { // whoever logged in again in another window has another token
  const answer = await fetch(form().dataset.token, { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  const { token } = await answer.json();
  for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token;
}

async function keep() {
  if (!form() || !isLeft()) return;
  if (busy) return plan(REST);
  busy = true;
  const sent = state.typed, { draft, saidLost, saidOut, saidOutdated } = form().dataset, data = new FormData(form());
  for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
  try {
    let answer = await fetch(draft, { method: "POST", body: data });
    if (answer.status === 403 || answer.status === 401) await freshToken();
    if (!answer.ok) throw answer;
    state = { ...state, kept: sent, keptAt: Date.now(), tries: 0, first: 0 };
    say("trouble", (await answer.json()).outdated ? saidOutdated : "");
    if (isLeft()) plan(REST);
  } catch (problem) {
    say("trouble", problem.status === 401 || problem.status === 403 ? saidOut : saidLost);
    plan(RETRIES[Math.min(state.tries++, RETRIES.length - 1)]);
  }
  busy = false;
  tell();
}

document.addEventListener("input", ({ target }) => {
  if (!target.closest("#story-form") || target.type === "file") return;
  state.typed += 1;
  state.first ||= Date.now();
  if (!state.tries) plan(Date.now() - state.first > PATIENCE ? 0 : REST); // who never stops is saved too
  tell();
});
addEventListener("online", () => plan(0));
addEventListener("beforeunload", (event) => isLeft() && form() && event.preventDefault());
addEventListener("visibilitychange", () => document.hidden && keep());
setInterval(tell, 2000);

// What the server took is saved; the answer leads on to another page.
const isSaving = ({ detail: { ctx } }) => ctx.sourceElement?.id === "story-form";
document.addEventListener("htmx:before:response", (event) => isSaving(event) && event.detail.ctx.response.status < 300 && (state.kept = state.typed));
document.addEventListener("submit", ({ target }) => !target.hasAttribute("hx-post") && target.querySelector("[name=body]") && (state.kept = state.typed));
