// Draws one bubble of a talk: what it says, and the small words beside it.
import { flex, fromTemplate } from "/static/flex.js";
import { h, parts, resolve, svg, tell } from "/static/dom.js";

const HOW = { reply: "返信", push: "配信", multicast: "一斉", broadcast: "一斉" };
const LINK = /(https?:\/\/[^\s　「」（）<>"]+)/g;

export function bubble(given, { person, account, tap, first }) {
  if (given.side === "note") return note(given);
  const mine = given.side === "person";
  const row = h("div", { class: `row ${mine ? "mine" : "theirs"} ${given.status}${first ? " first" : ""}`, "data-bubble": given.id, "data-how": given.how, "data-side": given.side });
  if (given.unsent) return note({ message: { type: "note", text: `${person.name}がメッセージの送信を取り消しました` } });
  if (!mine) row.append(first ? avatar(given.message.sender) : h("span", { class: "avatar none" }));
  const column = h("div", { class: "column" });
  if (!mine && first) column.append(h("span", { class: "sender", text: given.message.sender?.name ?? account }));
  column.append(h("div", { class: "line" }, body(given, tap), beside(given, mine)));
  if (given.status === "failed") column.append(failed(given, person));
  row.append(column);
  return row;
}

function note({ message }) {
  if (message.type === "time") return h("div", { class: "moved", role: "separator", "aria-label": `時刻が ${message.text} になりました` }, h("span", { text: message.text }));
  return h("div", { class: "note" }, h("span", { text: message.text }));
}

export function dayChip(day) {
  return h("div", { class: "note day" }, h("span", { text: day }));
}

function avatar(sender) {
  if (sender?.iconUrl) return h("img", { class: "avatar", src: resolve(sender.iconUrl), alt: "" });
  return h("img", { class: "avatar", src: "/static/icon.svg", alt: "" });
}

function beside(given, mine) {
  const words = h("span", { class: "meta" });
  if (mine && given.status === "sent") words.append(h("span", { text: "既読" }));
  if (!mine) words.append(h("span", { text: HOW[given.how] ?? "" }));
  words.append(h("time", { text: parts(given.at).time }));
  return words;
}

function failed(given, person) {
  const again = h("button", { type: "button", class: "again", text: "もう一度", onclick: () => tell("act", { do: "retry", person: person.id, bubble: given.id }) });
  return h("p", { class: "trouble", role: "alert" }, h("span", { text: given.trouble }), again);
}

function body(given, tap) {
  const { message } = given;
  const draw = DRAW[message.type] ?? unknown;
  return draw(message, tap, given);
}

// A long text keeps its lines; addresses can be followed.
export function words(text) {
  return text.split(LINK).map((piece, index) => (index % 2 ? h("a", { href: piece, target: "_blank", rel: "noopener noreferrer", text: piece }) : piece));
}

const blob = (given) => `/sim/blob?id=${given.id}`;

function saying(message) {
  return h("div", { class: "say" }, words(message.text));
}

function named(message) {
  const filled = message.text.replace(/\{\{|\}\}|\{([0-9A-Za-z_]{1,20})\}/g, (all, name) => (name ? "🙂" : all[0]));
  return h("div", { class: "say" }, words(filled));
}

function image(message, tap, given) {
  const source = message.originalContentUrl ? resolve(message.previewImageUrl) : blob(given);
  const shown = h("img", { src: source, alt: "写真", loading: "lazy" });
  const whole = message.originalContentUrl ? resolve(message.originalContentUrl) : source;
  shown.addEventListener("error", () => shown.replaceWith(h("span", { class: "missing", text: "画像を読み込めません" })), { once: true });
  return h("a", { class: "photo", href: whole, target: "_blank", rel: "noopener noreferrer", "aria-label": "写真を大きく見る" }, shown);
}

function video(message, tap, given) {
  const mine = !message.originalContentUrl;
  return h("video", { class: "film", controls: true, preload: "none", src: mine ? blob(given) : resolve(message.originalContentUrl), poster: mine ? null : resolve(message.previewImageUrl), "aria-label": "動画" });
}

function audio(message, tap, given) {
  const seconds = Math.round((message.duration ?? 0) / 1000);
  return h("div", { class: "voice" },
    h("audio", { controls: true, preload: "none", src: message.originalContentUrl ? resolve(message.originalContentUrl) : blob(given), "aria-label": `音声 ${seconds}秒` }),
    h("span", { text: `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}` }));
}

function file(message, tap, given) {
  return h("a", { class: "file", href: blob(given), download: message.fileName },
    svg('<path d="M14 3H6v18h12V7z"/><path d="M14 3v4h4"/>', 28),
    h("span", {}, h("b", { text: message.fileName }), h("small", { text: `${Math.max(1, Math.round(message.fileSize / 1024)).toLocaleString()} KB` })));
}

function sticker(message) {
  const face = h("div", { class: "sticker", role: "img", "aria-label": `スタンプ ${message.packageId}/${message.stickerId}` });
  const happy = Number(message.stickerId) % 3;
  const mouth = ["M34 58q16 14 32 0", "M38 62q12 6 24 0", "M36 56q14 22 28 0z"][happy];
  face.innerHTML = `<svg viewBox="0 0 100 100"><path d="M50 8c24 0 42 16 42 40S74 90 50 90 8 72 8 48 26 8 50 8z" fill="#fff" stroke="#333" stroke-width="3"/><circle cx="36" cy="42" r="4.500" fill="#333"/><circle cx="64" cy="42" r="4.500" fill="#333"/><path d="${mouth}" fill="none" stroke="#333" stroke-width="3.500" stroke-linecap="round"/><circle cx="26" cy="54" r="6" fill="#ffc9c9"/><circle cx="74" cy="54" r="6" fill="#ffc9c9"/></svg>`;
  return face;
}

function location(message) {
  return h("div", { class: "place" },
    h("div", { class: "map", "aria-hidden": "true" }, svg('<path d="M12 21s7-6.500 7-12a7 7 0 1 0-14 0c0 5.500 7 12 7 12z"/><circle cx="12" cy="9" r="2.500"/>', 34)),
    h("b", { text: message.title ?? "位置情報" }), h("span", { text: message.address ?? `${message.latitude}, ${message.longitude}` }));
}

function imagemap(message, tap) {
  const { width, height } = message.baseSize;
  const frame = h("div", { class: "imagemap", style: { aspectRatio: `${width} / ${height}` } });
  const shown = h("img", { src: `${resolve(message.baseUrl)}/1040`, alt: message.altText });
  shown.addEventListener("error", () => shown.replaceWith(h("span", { class: "missing", text: message.altText })), { once: true });
  frame.append(shown, ...message.actions.map((given) => {
    const { area, linkUri, ...rest } = given;
    const action = linkUri ? { ...rest, uri: linkUri } : rest;
    return h("button", { type: "button", class: "area", "aria-label": given.label ?? given.text ?? "開く", onclick: () => tap(action, "message"), style: place(area, width, height) });
  }));
  return frame;
}

export function place(area, width, height) {
  return { left: `${(area.x / width) * 100}%`, top: `${(area.y / height) * 100}%`, width: `${(area.width / width) * 100}%`, height: `${(area.height / height) * 100}%` };
}

function coupon(message) {
  return h("div", { class: "say" }, `クーポン（${message.couponId}）`);
}

function unknown(message) {
  return h("div", { class: "say" }, `この画面では表示できない種類です：${message.type}`);
}

const DRAW = {
  text: saying,
  textV2: named,
  image, video, audio, file, sticker, location, imagemap, coupon,
  flex: (message, tap) => flex(message.contents, tap),
  template: (message, tap) => flex(fromTemplate(message.template), tap),
};
