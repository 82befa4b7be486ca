// Words that are typed and not saved yet: sent to a draft a moment after typing stops, kept in the
// page while the site does not answer, and asked about before the page is left.
import { form, tell, trouble } from "./editor-status.js";

const REST = 2500, PATIENCE = 12000, RETRIES = [2000, 5000, 10000, 20000, 30000]; // milliseconds
const state = { typed: 0, kept: 0, keptAt: 0, tries: 0, first: 0 };
let timer = 0, busy = false, isTaken = false;
const isLeft = () => form() && state.typed > state.kept;
const hasFile = () => !isTaken && [...(form()?.elements ?? [])].some((field) => field.files?.length);

function plan(wait) {
  clearTimeout(timer);
  timer = setTimeout(keep, wait);
}

// Whoever logged in again in another window has another token.
async function renew() {
  const answer = await fetch(form().dataset.token);
  const { token } = answer.ok ? await answer.json() : {};
  if (token) for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token;
}

async function keep() {
  if (!isLeft()) return;
  if (busy) return plan(REST);
  busy = true;
  const { typed } = state, { draft, saidLost, saidOut, saidOutdated } = form().dataset, data = new FormData(form());
  for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
  try {
    const answer = await fetch(draft, { method: "POST", body: data });
    if ([401, 403].includes(answer.status)) await renew();
    if (!answer.ok) throw answer;
    Object.assign(state, { kept: Math.max(state.kept, typed), keptAt: Date.now(), tries: 0, first: 0 });
    trouble((await answer.json()).outdated ? saidOutdated : "");
    if (isLeft()) plan(REST);
  } catch (problem) {
    trouble([401, 403].includes(problem.status) ? saidOut : saidLost);
    plan(RETRIES[Math.min(state.tries++, RETRIES.length - 1)]);
  }
  busy = false;
  tell(state);
}

document.addEventListener("input", ({ target }) => {
  if (!target.closest("#story-form") || target.type === "file") return;
  state.typed += 1;
  state.first ||= Date.now();
  if (!state.tries) plan(Date.now() - state.first > PATIENCE ? 0 : REST); // also who never stops
  tell(state);
});
addEventListener("online", () => plan(0));
addEventListener("beforeunload", (event) => (isLeft() || hasFile()) && event.preventDefault());
document.addEventListener("visibilitychange", () => document.hidden && keep());
setInterval(() => tell(state), 2000);

// What the server took is saved; its answer leads on. An old token is renewed for the next try.
// Meanwhile nobody types: the answer takes the place of the form, and of what came into it since.
const take = () => (state.kept = state.typed, isTaken = true);
const statusOf = ({ detail: { ctx } }) => (ctx.sourceElement?.id === "story-form" ? ctx.response?.status ?? 0 : -1);
document.addEventListener("htmx:before:request", (event) => statusOf(event) === 0 && (form().inert = true));
document.addEventListener("htmx:before:response", (event) => statusOf(event) === 200 && take());
document.addEventListener("htmx:finally:request", (event) => statusOf(event) >= 0 && !isTaken && form() && (form().inert = false));
document.addEventListener("htmx:response:error", (event) => statusOf(event) === 403 && renew());
document.addEventListener("submit", ({ target }) => target.matches("#editor form:not([hx-post]):has([name=body])") && (state.kept = state.typed));
