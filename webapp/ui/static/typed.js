// "Show what I type": one button a form, below its first passphrase. Hidden again before the form is sent, so that
// no browser keeps it as ordinary text. Without this file passphrases stay dots.
(() => {
  for (const form of document.querySelectorAll("form[data-show-typed]")) {
    const fields = [...form.querySelectorAll("input[type=password]")];
    if (!fields.length) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "plain";
    const set = (shown) => {
      for (const field of fields) field.type = shown ? "text" : "password";
      button.textContent = shown ? form.dataset.hideTyped : form.dataset.showTyped;
    };
    set(false);
    button.addEventListener("click", () => set(fields[0].type === "password"));
    form.addEventListener("submit", () => set(false));
    fields.at(-1).closest(".field").append(button);
  }
})();
