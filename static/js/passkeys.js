// Passkeys: the browser makes or uses one, and the form carries what it says.

// A passkey belongs to a name: at an address of numbers, as 127.0.0.1, no browser makes one.
const named = !/^[\d.]+$|^\[/.test(location.hostname);
const can = named && Boolean(globalThis.PublicKeyCredential?.parseCreationOptionsFromJSON);
for (const part of document.querySelectorAll("[data-needs-script=passkey]")) part.hidden = !can;

async function asked(form) {
  const told = document.getElementById("js_data");
  if (told) return JSON.parse(told.textContent);
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`answered ${answer.status}`);
  return answer.json();
}

async function credential(form) {
  const options = await asked(form);
  if (form.dataset.passkey !== "add") {
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options.request_options.publicKey);
    return navigator.credentials.get({ publicKey });
  }
  const wish = options.creation_options.publicKey;
  if (form.elements.passwordless?.checked) {
    Object.assign(wish.authenticatorSelection, {
      residentKey: "required",
      requireResidentKey: true,
      userVerification: "required",
    });
  }
  return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(wish) });
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.dataset.passkey || form.dataset.asked) return;
  event.preventDefault();
  const words = form.querySelector("[role=alert]");
  words.textContent = "";
  try {
    form.elements.credential.value = JSON.stringify((await credential(form)).toJSON());
    form.dataset.asked = "yes";
    form.requestSubmit();
  } catch {
    words.textContent = form.dataset.failed; // refused, timed out, or no such key: the person decides
  }
});
