// Forms that a passkey fills in: without this file the pages offer other ways.
"use strict";

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!webauthnJSON.supported()) {
    continue;
  }
  form.hidden = false;
  const refused = form.querySelector("[data-refused]");
  form.addEventListener("submit", async (event) => {
    if (form.credential.value) {
      return;
    }
    event.preventDefault();
    refused.hidden = true;
    try {
      const options = await optionsOf(form);
      const given = form.dataset.passkey === "create" ? await webauthnJSON.create(options) : await webauthnJSON.get(options);
      form.credential.value = JSON.stringify(given);
    } catch {
      // Whoever sends the browser's question away has given none, as has one without any.
      refused.hidden = false;
      return;
    }
    form.requestSubmit();
  });
}

async function optionsOf(form) {
  if (form.dataset.options) {
    return JSON.parse(form.dataset.options);
  }
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  return (await answer.json()).request_options;
}
