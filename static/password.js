// The log-in works without this file; it offers to show what was typed.
"use strict";

const button = document.getElementById("show-password");
const field = document.getElementById("id_password");
button.hidden = false;
button.addEventListener("click", () => {
  const isShown = field.type === "password";
  field.type = isShown ? "text" : "password";
  button.setAttribute("aria-pressed", String(isShown));
});
field.form.addEventListener("submit", () => {
  field.type = "password";
});
