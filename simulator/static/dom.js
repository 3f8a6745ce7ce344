// Small helpers: make elements, talk to the simulator, show a passing word.

export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "style") Object.assign(element.style, value);
    else if (name === "text") element.textContent = value;
    else if (name in element && typeof value !== "string") element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export function svg(path, size = 24, extra = "") {
  const holder = document.createElement("span");
  holder.className = "icon";
  holder.setAttribute("aria-hidden", "true");
  holder.innerHTML = `<svg viewBox="0 0 24 24" width="${size}" height="${size}" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"${extra}>${path}</svg>`;
  return holder;
}

export async function ask(path) {
  const answer = await fetch(`/sim/${path}`, { cache: "no-store" });
  if (!answer.ok) throw new Error(await answer.text());
  return answer.json();
}

export async function tell(path, body) {
  const answer = await fetch(`/sim/${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  const said = await answer.json();
  if (!answer.ok && said.said) toast(said.said);
  return said;
}

let fading;
export function toast(text) {
  const place = document.querySelector(".toast");
  place.textContent = text;
  clearTimeout(fading);
  fading = setTimeout(() => { place.textContent = ""; }, 4000);
}

// A small dialog with one field; gives what was entered, or null.
export function askFor({ title, type = "text", value = "", min, max, yes = "決定", required = true }) {
  const dialog = document.querySelector(".asking");
  const form = dialog.querySelector("form");
  const field = h("input", { type, value, min, max, required, maxlength: type === "text" ? "20" : null, autocomplete: "off" });
  form.replaceChildren(
    h("label", {}, title, field),
    h("div", { class: "row" },
      h("button", { type: "button", text: "やめる", onclick: () => dialog.close("no") }),
      h("button", { type: "submit", value: "yes", class: "yes", text: yes })),
  );
  dialog.returnValue = "no";
  dialog.showModal();
  field.focus();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes" ? field.value : null), { once: true });
  });
}

const WEEKDAYS = ["日", "月", "火", "水", "木", "金", "土"];
const JAPAN = 9 * 3600 * 1000;

export function parts(milliseconds) {
  const there = new Date(milliseconds + JAPAN);
  const two = (number) => String(number).padStart(2, "0");
  return {
    day: `${there.getUTCMonth() + 1}/${there.getUTCDate()} (${WEEKDAYS[there.getUTCDay()]})`,
    time: `${two(there.getUTCHours())}:${two(there.getUTCMinutes())}`,
  };
}

const HUES = [150, 340, 28, 205, 265, 90, 180, 310];
export function face(name, id) {
  const hue = HUES[parseInt(id.slice(1, 5), 16) % HUES.length];
  return h("span", { class: "face", "aria-hidden": "true", style: { background: `hsl(${hue} 62% 84%)`, color: `hsl(${hue} 70% 20%)` }, text: [...name][0] || "?" });
}

let stored = ["", ""];
export function setStored(pair) { stored = pair; }

// Where a picture really lies: the product's own address may stand for another.
export function resolve(url) {
  return stored[0] && url.startsWith(stored[0]) ? stored[1] + url.slice(stored[0].length) : url;
}
