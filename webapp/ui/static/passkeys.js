// Passkeys: a form that says what it needs gets its answer from the device, and is then sent as any form.
// Without this file, or in a browser that knows no passkeys, these forms stay hidden and the rest works.
(() => {
  if (!window.PublicKeyCredential || !navigator.credentials) return;
  const BYTES = ["attestationObject", "authenticatorData", "clientDataJSON", "signature", "userHandle"];

  const toBytes = (text) => {
    const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
  };
  const toText = (bytes) => {
    const plain = Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join("");
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  };
  const read = (said) => {
    const options = JSON.parse(said);
    const open = (one) => ({ ...one, id: toBytes(one.id) });
    options.challenge = toBytes(options.challenge);
    if (options.user) options.user = open(options.user);
    for (const list of ["allowCredentials", "excludeCredentials"]) {
      if (options[list]) options[list] = options[list].map(open);
    }
    return options;
  };
  const write = (made) => {
    const response = {};
    for (const name of BYTES) if (made.response[name]) response[name] = toText(made.response[name]);
    if (made.response.getTransports) response.transports = made.response.getTransports();
    return JSON.stringify({ id: made.id, rawId: toText(made.rawId), type: made.type, response });
  };
  const send = async (form) => {
    const status = form.querySelector("[role=alert]");
    const button = form.querySelector("button");
    status.textContent = "";
    button.disabled = true;
    try {
      const publicKey = read(form.dataset.options);
      form.elements.credential.value = write(await navigator.credentials[form.dataset.passkey]({ publicKey }));
      form.submit();
    } catch {
      status.textContent = form.dataset.refused;
      button.disabled = false;
    }
  };

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      send(form);
    });
  }
  addEventListener("pageshow", () => {
    for (const button of document.querySelectorAll("form[data-passkey] button")) button.disabled = false;
  });
})();
