// Leaving at once: a click, or Shift pressed three times alone. Without this file the link still works.
// GOV.UK's "Exit this page", with location.replace, and a Shift that was part of a capital never counts.
(() => {
  const exit = document.querySelector(".exit");
  if (!exit) return;
  const status = document.getElementById("exit-status");
  const PATIENCE = 5000, STRAIGHT_AFTER = 3000;
  let presses = 0, alone = false, timer = 0, straight = 0;

  const show = (text) => {
    status.textContent = text;
    if (presses) exit.dataset.presses = presses;
    else delete exit.dataset.presses;
  };
  const reset = (text = "") => {
    clearTimeout(timer);
    presses = 0;
    show(text);
    if (text) timer = setTimeout(() => reset(), PATIENCE);
  };
  const leave = () => {
    reset();
    document.querySelector("dialog[open]")?.close();
    const cover = document.createElement("div");
    cover.className = "cover";
    cover.setAttribute("role", "alert");
    document.body.append(cover);
    document.body.classList.add("left");
    cover.textContent = exit.dataset.loading;
    location.replace(exit.href);
    if ("BroadcastChannel" in window) new BroadcastChannel("quiet").postMessage("left");  // her other windows go too
    if (exit.dataset.straight) straight = setTimeout(() => {  // nothing answers: out all the same; the cookie may follow
      fetch(exit.href, { keepalive: true, redirect: "manual" }).catch(() => {});
      location.replace(exit.dataset.straight);
    }, STRAIGHT_AFTER);
  };
  const pressed = () => {
    clearTimeout(timer);
    presses += 1;
    if (presses === 3) return leave();
    show(presses === 1 ? exit.dataset.two : exit.dataset.one);
    timer = setTimeout(() => reset(exit.dataset.expired), PATIENCE);
  };

  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-exit]")) return;
    event.preventDefault();
    leave();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Shift") {
      if (!event.repeat) alone = true;
    } else {
      alone = false;
      if (presses) reset();
    }
  }, true);
  document.addEventListener("pointerdown", () => { alone = false; }, true);
  document.addEventListener("keyup", (event) => {
    if (event.key !== "Shift") return;
    if (alone && !event.ctrlKey && !event.altKey && !event.metaKey) pressed();
    alone = false;
  }, true);
  addEventListener("pageshow", (event) => {
    // Only a page kept in memory begins anew: one that is still loading keeps the presses and the way out begun on it.
    if (!event.persisted) return;
    // It may show what the ended sign-in saw: ask the server again.
    if ("signedIn" in document.body.dataset) return location.reload();
    clearTimeout(straight);
    document.querySelector(".cover")?.remove();
    document.body.classList.remove("left");
    reset();
  });
})();
