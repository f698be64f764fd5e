// Quiet minutes: two minutes before a sign-in ends, a calm question covers the page; at the end the page goes, and what
// was typed is sent to be kept. All windows count as one. Without this file the server ends the sign-in by itself.
(() => {
  const box = document.getElementById("quiet");
  if (!box || !box.showModal || !("BroadcastChannel" in window)) return;
  const WARNING = Number(box.dataset.warning) * 1000, ONCE_A = 60_000;
  const button = document.getElementById("quiet-stay"), said = document.getElementById("quiet-said");
  const forms = [...document.querySelectorAll("form[data-keeps]")];
  const words = (form) => new URLSearchParams(new FormData(form)).toString();
  const before = new Map(forms.map((form) => [form, "unsent" in form.dataset ? "" : words(form)]));
  const others = new BroadcastChannel("quiet");
  let ends = 0, touched = Date.now(), isActive = false, isLast = false, isOver = false, isAsking = false;

  const post = async (address, body) => {
    body.set("csrf_token", document.querySelector("input[name=csrf_token]").value);
    const answer = await fetch(address, { method: "POST", body, redirect: "manual" });
    if (answer.type === "opaqueredirect" || !answer.ok) return "";
    return answer.text();
  };
  const goOn = (until) => {
    if (until <= ends) return;
    ends = until;
    if (!isLast && ends - Date.now() > WARNING) box.close();
  };
  const goOnFor = (seconds) => {
    goOn(Date.now() + Number(seconds) * 1000 + 500);
    others.postMessage(ends);
  };
  const stay = async () => {
    if (isAsking) return;
    isAsking = true;
    try {
      const left = await post(box.dataset.stay, new URLSearchParams());
      if (!left) return end();
      touched = Date.now();
      isActive = false;
      isLast = left * 1000 <= WARNING;
      said.textContent = "";
      goOnFor(left);
      if (isLast) box.close();
    } catch {
      said.textContent = box.dataset.failed;
    } finally {
      isAsking = false;
    }
  };
  const unsentForm = () => forms.find((one) => words(one) !== before.get(one));
  const unsent = () => {
    const form = unsentForm();
    const body = new URLSearchParams(form ? new FormData(form) : undefined);
    body.set("to_keep_for", form ? new URL(form.action).pathname : "");
    return body;
  };
  const end = async () => {
    if (isOver) return;
    isOver = true;
    box.close();
    document.body.classList.add("left");
    let answer = "";
    try {
      answer = await post(box.dataset.end, unsent());
    } catch { /* the line is down: the page goes all the same */ }
    if (!answer.startsWith("stay ")) return location.replace(answer || box.dataset.gone);
    document.body.classList.remove("left");
    isOver = false;
    goOnFor(answer.slice(5));
  };
  const ask = () => {
    const hour = new Intl.DateTimeFormat(`${document.documentElement.lang}-CA`, { hour: "numeric", minute: "2-digit" });
    document.getElementById("quiet-time").textContent = hour.format(ends);
    document.getElementById("quiet-words").hidden = !unsentForm();
    box.showModal();
  };
  const look = () => {
    const left = ends - Date.now();
    if (isOver) return;
    if (left <= 0) end();
    else if (isActive && !box.open && Date.now() - touched > ONCE_A) stay();
    else if (left <= WARNING && !box.open && !isLast) ask();
  };

  for (const sign of ["keydown", "pointerdown", "input", "scroll"]) {
    addEventListener(sign, () => { isActive = !box.open; }, { capture: true, passive: true });
  }
  button.addEventListener("click", stay);
  box.addEventListener("cancel", (event) => { event.preventDefault(); stay(); });
  others.addEventListener("message", ({ data }) => {
    if (data !== "left") return goOn(data);
    if (document.querySelector(".cover")) return;  // it is this window that leaves, by way of the server
    document.body.classList.add("left");
    location.replace(box.dataset.neutral);
  });
  for (const sign of ["focus", "pageshow"]) addEventListener(sign, look);
  document.addEventListener("visibilitychange", look);
  setInterval(look, 1000);
  goOnFor(box.dataset.left);
})();
