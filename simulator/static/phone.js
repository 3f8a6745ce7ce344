// One phone: the talk of one person, the buttons under it, the rich menu and the field to write in.
import { ask, askFor, h, parts, svg, tell, toast } from "/static/dom.js";
import { bubble, dayChip, place } from "/static/bubble.js";

const PLUS = '<path d="M12 5v14M5 12h14"/>';
const SEND = '<path d="M4 12l16-8-6 16-3-7z"/>';
const PICKERS = { date: "date", time: "time", datetime: "datetime-local" };
const KINDS = { photo: ["写真", "image/*"], film: ["動画", "video/*"], voice: ["音声", "audio/*"], paper: ["ファイル", ""] };

export class Phone {
  constructor(slot, options) {
    this.slot = slot;
    this.options = options;
    this.person = null;
    this.bubbles = new Map();
    this.drawn = new Map();
    this.rev = 0;
    this.quickId = "";
    this.menuOpen = {};
    this.build();
  }

  build() {
    this.log = h("div", { class: "log", role: "log", "aria-live": "polite", tabIndex: 0, "aria-label": "トーク" });
    this.quick = h("div", { class: "quick", role: "group", "aria-label": "クイックリプライ" });
    this.first = h("div", { class: "suggest" });
    this.menu = h("div", { class: "menu", role: "group", "aria-label": "リッチメニュー" });
    this.bar = h("button", { type: "button", class: "chat-bar", "aria-expanded": "false", onclick: () => this.toggleMenu() });
    this.field = h("textarea", { rows: "1", placeholder: "メッセージを入力", "aria-label": "メッセージ", autocomplete: "off" });
    this.sendButton = h("button", { type: "submit", class: "send", "aria-label": "送信" }, svg(SEND, 22));
    this.plus = h("button", { type: "button", class: "plus", "aria-label": "写真などを送る", "aria-expanded": "false", onclick: () => this.togglePlus() }, svg(PLUS));
    this.more = h("div", { class: "more", hidden: true }, this.attachments());
    this.form = h("form", { class: "composer" }, this.plus, this.field, this.sendButton);
    this.title = h("h2", { class: "title" });
    this.blockButton = h("button", { type: "button", class: "blocker", onclick: () => this.toggleBlock() });
    this.caption = h("span", { class: "caption" });
    const talk = h("div", { class: "talk" }, this.log, this.quick, this.first);
    const under = h("div", { class: "under" }, h("div", { class: "bar-line" }, this.bar), this.menu, this.form, this.more);
    const head = h("header", { class: "head" }, h("div", { class: "who" }, this.title, this.caption), this.blockButton);
    this.section = h("section", { class: "phone" }, head, talk, under);
    this.slot.append(this.section);
    this.listen();
  }

  listen() {
    this.atEnd = true;
    this.log.addEventListener("scroll", () => { this.atEnd = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 80; });
    new ResizeObserver(() => { if (this.atEnd) this.log.scrollTop = this.log.scrollHeight; }).observe(this.log);
    this.form.addEventListener("submit", (event) => { event.preventDefault(); this.send(); });
    this.field.addEventListener("input", () => this.fit());
    this.field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
      event.preventDefault();
      this.send();
    });
    this.section.addEventListener("keydown", (event) => { if (event.key === "Escape") this.togglePlus(false); });
  }

  attachments() {
    const buttons = Object.entries(KINDS).map(([kind, [label, accept]]) => {
      const input = h("input", { type: "file", accept, hidden: true, onchange: () => this.attach(kind, input), "data-attach": kind });
      return h("span", {}, h("button", { type: "button", text: label, onclick: () => input.click() }), input);
    });
    const stickers = ["1988", "1989", "1990"].map((id) => h("button", { type: "button", text: `スタンプ${Number(id) - 1987}`, onclick: () => this.act({ do: "sticker", sticker: id }) }));
    return [...buttons, ...stickers, h("button", { type: "button", text: "位置情報", onclick: () => this.act({ do: "location" }) })];
  }

  async attach(kind, input) {
    const [file] = input.files;
    if (!file) return;
    const type = { photo: "image", film: "video", voice: "audio", paper: "file" }[kind];
    const query = new URLSearchParams({ person: this.person.id, kind: type, name: file.name });
    this.togglePlus(false);
    input.value = "";
    const answer = await fetch(`/sim/media?${query}`, { method: "POST", headers: { "Content-Type": file.type || "application/octet-stream" }, body: file });
    if (!answer.ok) toast((await answer.json()).said);
  }

  async act(deed) {
    this.togglePlus(false);
    return tell("act", { person: this.person.id, ...deed });
  }

  async send() {
    const text = this.field.value;
    if (!text.trim()) return;
    this.field.value = "";
    this.fit();
    this.atEnd = true;
    await this.act({ do: "say", text });
  }

  fit() {
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(this.field.scrollHeight + 2, this.section.clientHeight * 0.4)}px`;
  }

  togglePlus(open = this.more.hidden) {
    this.more.hidden = !open;
    this.plus.setAttribute("aria-expanded", String(open));
  }

  async toggleBlock() {
    const blocked = this.person.standing === "blocked";
    await this.act({ do: blocked ? "follow" : "block" });
  }

  // Show somebody; what is known already stays, what changed is fetched.
  async show(person, state) {
    const other = this.person?.id !== person.id;
    this.person = person;
    this.state = state;
    this.section.dataset.person = person.id;
    this.section.setAttribute("aria-label", `${person.name}のスマホ`);
    if (other) this.forget();
    this.frame();
    await this.refresh();
  }

  forget() {
    this.atEnd = true;
    this.bubbles.clear();
    this.drawn.clear();
    this.rev = 0;
    this.log.replaceChildren();
    this.field.value = "";
  }

  frame() {
    const { person } = this;
    const blocked = person.standing === "blocked";
    this.section.classList.toggle("blocked", blocked);
    this.title.textContent = this.state.account;
    this.caption.textContent = `${person.shop ? "店の人" : "友だち"}：${person.name}`;
    if (person.shop && person.name === "店の人") this.caption.textContent = "店の人のスマホ";
    this.blockButton.hidden = person.standing === "stranger";
    this.blockButton.textContent = blocked ? "ブロック解除" : "ブロック";
    this.field.disabled = this.sendButton.disabled = this.plus.disabled = blocked;
    this.field.placeholder = blocked ? "ブロック中は送れません" : "メッセージを入力";
    this.suggest();
    this.drawMenu();
    this.section.classList.toggle("loading", person.loading);
  }

  suggest() {
    const { person, state } = this;
    const buttons = [];
    if (person.standing === "stranger") buttons.push(h("button", { type: "button", text: "友だち追加", onclick: () => this.act({ do: "follow" }) }));
    else if (person.shop && !person.wrote) buttons.push(...state.ownerSays.map((text) => h("button", { type: "button", text, onclick: () => this.act({ do: "say", text }) })));
    this.first.replaceChildren(...buttons);
    this.first.hidden = !buttons.length;
  }

  emptyWords() {
    if (this.person.standing === "stranger") return "下の「友だち追加」を押すと、トークが始まります。";
    if (this.first.hidden) return "下の欄にメッセージを書いて送ってみてください。";
    return "下のボタンを押すと、その言葉が送られます。";
  }

  async refresh() {
    const { id } = this.person;
    const seen = this.options.visible(this) ? "&seen" : "";
    const news = await ask(`talk?person=${id}&since=${this.rev}${seen}`);
    if (this.person.id !== id) return;
    for (const each of news.bubbles) this.bubbles.set(each.id, each);
    this.rev = Math.max(this.rev, news.rev);
    this.draw(news.quick[0] ?? "");
  }

  draw(quickId) {
    const wanted = [];
    let day = "", side = "";
    for (const each of [...this.bubbles.values()].sort((a, b) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1))) {
      const today = parts(each.at).day;
      if (today !== day && each.message.type !== "time") wanted.push(this.kept(`day ${today}`, 0, () => dayChip(today)));
      day = today;
      const first = each.side !== side || Boolean(each.message.sender);
      side = each.side;
      wanted.push(this.kept(each.id, `${each.rev} ${first}`, () => bubble(each, { person: this.person, account: this.state.account, tap: (action, where) => this.tap(action, where), first })));
    }
    if (!wanted.length) wanted.push(h("p", { class: "empty", text: this.emptyWords() }));
    if (this.person.loading) wanted.push(h("div", { class: "row theirs" }, h("span", { class: "avatar none" }), h("div", { class: "say dots", "aria-label": "入力中" }, h("i"), h("i"), h("i"))));
    this.settle(wanted);
    this.drawQuick(quickId);
    if (this.atEnd) this.down();
  }

  // The element drawn before, unless what it shows has changed.
  kept(id, mark, make) {
    const known = this.drawn.get(id);
    if (known?.mark === mark) return known.element;
    const element = make();
    this.drawn.set(id, { mark, element });
    return element;
  }

  settle(wanted) {
    const now = [...this.log.children];
    const staying = new Set(wanted);
    for (const each of now) if (!staying.has(each)) each.remove();
    wanted.forEach((each, index) => { if (this.log.children[index] !== each) this.log.insertBefore(each, this.log.children[index] ?? null); });
  }

  down() {
    requestAnimationFrame(() => { this.log.scrollTop = this.log.scrollHeight; });
    for (const image of this.log.querySelectorAll("img")) if (!image.complete) image.addEventListener("load", () => { this.log.scrollTop = this.log.scrollHeight; }, { once: true });
  }

  drawQuick(id) {
    const items = id ? this.bubbles.get(id)?.message.quickReply?.items ?? [] : [];
    const mark = `${id} ${items.length}`;
    if (mark === this.quickId) return;
    this.quickId = mark;
    this.quick.hidden = !items.length;
    this.quick.replaceChildren(...items.map((item) => h("button", { type: "button", text: item.action.label, onclick: () => this.tap(item.action, "quick reply") })));
    this.quick.scrollLeft = 0;
  }

  drawMenu() {
    const { menu } = this.person;
    this.section.classList.toggle("has-menu", Boolean(menu));
    this.bar.parentElement.hidden = !menu;
    const open = Boolean(menu) && (this.menuOpen[this.person.id] ?? menu.selected);
    this.menu.hidden = !open;
    this.bar.setAttribute("aria-expanded", String(open));
    if (!menu) return;
    this.bar.textContent = menu.chatBarText;
    if (this.menu.dataset.menu === menu.id) return;
    this.menu.dataset.menu = menu.id;
    const { width, height } = menu.size;
    const areas = menu.areas.map(({ bounds, action }) => h("button", {
      type: "button", class: "area", "aria-label": action.label ?? action.displayText ?? action.text ?? action.uri ?? "メニュー",
      onclick: () => this.tap(action, "menu"), style: place(bounds, width, height),
    }));
    this.menu.replaceChildren(h("div", { class: "menu-picture", style: { aspectRatio: `${width} / ${height}`, width: `min(100%, calc(40dvh * ${width / height}))` } }, h("img", { src: `/sim/blob?id=${menu.id}`, alt: "" }), areas));
  }

  toggleMenu(open = this.menu.hidden) {
    this.menuOpen[this.person.id] = open;
    this.drawMenu();
    this.down();
  }

  async tap(action, where) {
    const deed = { do: "tap", action, place: where };
    const local = LOCAL[action.type];
    if (local && !(await local(this, action, deed))) return;
    await this.act(deed);
    if (action.inputOption === "openKeyboard") { this.field.value = action.fillInText ?? ""; this.field.focus(); this.fit(); }
    if (action.inputOption === "closeRichMenu") this.toggleMenu(false);
    if (action.inputOption === "openRichMenu") this.toggleMenu(true);
  }
}

// What the app does by itself before the product hears of a tap; whether it shall hear of it.
const LOCAL = {
  async uri(phone, action) {
    if (/^https?:/.test(action.uri)) window.open(action.uri, "_blank", "noopener,noreferrer");
    else toast(`スマホではここが開きます：${action.uri}`);
    return true;
  },
  async clipboard(phone, action) {
    await navigator.clipboard.writeText(action.clipboardText).then(() => toast("コピーしました"), () => toast("コピーできませんでした"));
    return true;
  },
  async datetimepicker(phone, action, deed) {
    const picked = await askFor({ title: action.label ?? "日時を選ぶ", type: PICKERS[action.mode], value: (action.initial ?? "").replace("t", "T"), min: action.min, max: action.max });
    deed.picked = picked ?? "";
    return Boolean(picked);
  },
  async camera(phone) { phone.section.querySelector('[data-attach="photo"]').click(); return false; },
  async cameraRoll(phone) { phone.section.querySelector('[data-attach="photo"]').click(); return false; },
  async location(phone) { await phone.act({ do: "location" }); return false; },
};
