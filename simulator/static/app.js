// Puts the page together: people, phones, clock, counters and the request log, kept up to date by the feed.
import { ask, askFor, face, h, parts, setStored, tell, toast } from "/static/dom.js";
import { Phone } from "/static/phone.js";
import { openLog } from "/static/log.js";

const find = (selector) => document.querySelector(selector);
const slots = { shop: find('[data-slot="shop"]'), friend: find('[data-slot="friend"]') };
const wide = matchMedia("(min-width: 1024px)");
const chosen = JSON.parse(sessionStorage.getItem("chosen") ?? "{}");
const phones = {};
let state = { people: [] };
let ahead = 0;

const visible = (phone) => !document.hidden && (wide.matches || phone.slot.classList.contains("current"));
for (const [side, slot] of Object.entries(slots)) phones[side] = new Phone(slot, { visible });

const sideOf = (person) => (person.shop ? "shop" : "friend");
const known = (id) => state.people.find((each) => each.id === id);
const shown = (side) => known(chosen[side]) ?? state.people.find((each) => sideOf(each) === side);

function choose(person) {
  chosen[sideOf(person)] = person.id;
  chosen.current = sideOf(person);
  sessionStorage.setItem("chosen", JSON.stringify(chosen));
  render();
  find(`[data-who="${person.id}"]`)?.scrollIntoView({ block: "nearest", inline: "nearest" });
}

async function refresh() {
  state = await ask("state");
  ahead = state.now - Date.now();
  setStored(state.stored);
  await render();
}

async function render() {
  chosen.current ??= "shop";
  for (const [side, slot] of Object.entries(slots)) slot.classList.toggle("current", chosen.current === side);
  drawPeople();
  drawClock();
  drawCounters();
  find(".away").hidden = state.product !== false;
  await Promise.all(Object.entries(phones).map(([side, phone]) => {
    const person = shown(side);
    slots[side].hidden = !person;
    return person && phone.show(person, state);
  }));
}

const WHAT = { stranger: "まだ友だちではありません", blocked: "ブロック中" };

function drawPeople() {
  const list = find(".people ul");
  const focused = document.activeElement?.dataset?.who;
  list.replaceChildren(...state.people.map((person) => {
    const on = shown(sideOf(person))?.id === person.id && (wide.matches || chosen.current === sideOf(person));
    const words = WHAT[person.standing] ?? person.last.split("\n")[0];
    const label = `${person.shop ? "" : "友だち "}${person.name}${person.unread ? `（未読${person.unread}件）` : ""}`;
    return h("li", {}, h("button", { type: "button", class: `person ${person.standing}`, "aria-current": String(on), "aria-label": label, "data-who": person.id, onclick: () => choose(person) },
      face(person.name, person.id),
      h("span", { class: "name-and" }, h("span", { class: "name", text: person.name }), h("span", { class: "what", text: words })),
      person.unread && !on ? h("span", { class: "unread", text: person.unread > 99 ? "99+" : String(person.unread) }) : null));
  }));
  if (focused) list.querySelector(`[data-who="${focused}"]`)?.focus();
}

function drawClock() {
  const { day, time } = parts(Date.now() + ahead);
  const words = `${day} ${time}`;
  if (find(".moment").textContent !== words) find(".moment").textContent = words;
  const why = state.clock?.whyNot ?? "";
  find(".why").textContent = why;
  for (const button of document.querySelectorAll(".moves button")) button.disabled = Boolean(why) || (button.dataset.to === "next" && !state.clock?.next);
}

function drawCounters() {
  const { replies, counted, limit } = state.counters;
  find(".replies").textContent = "返信 0通";
  find(".replies").title = `返信は数えられません（これまで${replies}回）`;
  find(".counted").textContent = `配信 ${counted.toLocaleString()}通`;
  find(".counted").title = limit ? `今月の上限 ${limit.toLocaleString()}通` : "上限なし";
  const seen = Number(sessionStorage.getItem("refused") ?? 0);
  find(".alarm").hidden = state.refused <= seen;
}

let moving = false;
find(".moves").addEventListener("click", async ({ target }) => {
  const button = target.closest("button");
  if (!button || moving) return;
  moving = true;
  button.setAttribute("aria-busy", "true");
  try {
    const { said } = await tell("clock", button.dataset.to ? { to: button.dataset.to } : { by: Number(button.dataset.by) });
    if (said) toast(said);
  } finally {
    moving = false;
    button.removeAttribute("aria-busy");
  }
});
find(".now").addEventListener("click", ({ currentTarget }) => {
  currentTarget.setAttribute("aria-expanded", String(currentTarget.getAttribute("aria-expanded") !== "true"));
});
find(".adding").addEventListener("click", async ({ target }) => {
  const { add } = target.closest("button")?.dataset ?? {};
  if (!add) return;
  const name = await askFor({ title: add === "shop" ? "店の人の名前" : "友だちの名前", yes: "追加" });
  if (name) await tell("act", { do: "add", name, shop: add === "shop" });
});
find(".log-button").addEventListener("click", () => {
  sessionStorage.setItem("refused", String(state.refused));
  drawCounters();
  openLog();
});
wide.addEventListener("change", render);
// Only on a small screen does the clock open and close.
const small = matchMedia("(max-width: 599px)");
const settle = () => { find(".now").tabIndex = small.matches ? 0 : -1; };
small.addEventListener("change", settle);
settle();
document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh(); });
setInterval(drawClock, 1000);

// One refresh at a time; what changes meanwhile is fetched right after.
let busy = false, again = false;
async function update() {
  if (busy) { again = true; return; }
  busy = true;
  try { await refresh(); } catch { find(".away").hidden = false; } finally { busy = false; }
  if (again) { again = false; update(); }
}

const feed = new EventSource("/sim/feed");
feed.addEventListener("message", update);
feed.addEventListener("open", update);
