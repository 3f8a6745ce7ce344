// The request log: what the product asked of LINE, and what LINE said.
import { ask, h } from "/static/dom.js";

const drawer = document.querySelector(".drawer");
drawer.querySelector(".close").addEventListener("click", () => drawer.close());
drawer.addEventListener("click", (event) => { if (event.target === drawer) drawer.close(); });

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function entry(call) {
  const bad = call.status >= 400 && call.status !== 409;
  return h("li", { class: bad ? "bad" : "" },
    h("details", {},
      h("summary", {}, h("span", { class: "code", text: String(call.status) }), h("span", { class: "path", text: `${call.method} ${call.path}` }), h("span", { class: "when", text: call.when })),
      call.hint ? h("p", { class: "hint", text: call.hint }) : null,
      call.body ? h("pre", { text: pretty(call.body), "aria-label": "要求" }) : null,
      call.answer ? h("pre", { text: pretty(call.answer), "aria-label": "答え" }) : null,
      h("p", { class: "when", text: call.request_id })));
}

export async function openLog() {
  const { calls } = await ask("calls");
  const list = drawer.querySelector("ol");
  list.replaceChildren(...calls.map(entry));
  if (!calls.length) list.append(h("li", {}, h("p", { class: "about", text: "まだ通信はありません。" })));
  drawer.showModal();
}
