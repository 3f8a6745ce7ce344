// Draws Flex messages: enough of LINE's layout for cards to look as they will on a phone.
import { h, resolve } from "/static/dom.js";

const SPACE = { none: "0", xs: "2px", sm: "4px", md: "8px", lg: "12px", xl: "16px", xxl: "20px" };
const TEXT = { xxs: 11, xs: 13, sm: 14, md: 16, lg: 19, xl: 22, xxl: 29, "3xl": 35, "4xl": 48, "5xl": 74 };
const IMAGE = { xxs: 40, xs: 60, sm: 80, md: 100, lg: 120, xl: 140, xxl: 160, "3xl": 180, "4xl": 200, "5xl": 220 };
const WIDTH = { nano: 120, micro: 160, deca: 220, hecto: 241, kilo: 260, mega: 300, giga: 386 };
const BORDER = { none: "0", light: "0.5px", normal: "1px", medium: "2px", "semi-bold": "3px", bold: "4px" };
const RADIUS = { none: "0", xs: "2px", sm: "4px", md: "8px", lg: "12px", xl: "16px", xxl: "20px" };
const AROUND = { top: "flex-start", center: "center", bottom: "flex-end" };
const ALONG = { start: "left", center: "center", end: "right" };
const PADDING = { header: "20px", body: "20px", footer: "10px" };

const space = (value) => SPACE[value] ?? value;
const size = (value, table, fallback) => (table[value ?? fallback] ? `${table[value ?? fallback]}px` : value);

export function flex(container, tap) {
  if (container.type !== "carousel") return bubble(container, tap);
  return h("div", { class: "carousel", tabIndex: 0, role: "group", "aria-label": "横に並んだカード" },
    container.contents.map((each) => bubble(each, tap)));
}

function bubble(given, tap) {
  const card = h("div", { class: "card", dir: given.direction, style: { width: `${WIDTH[given.size ?? "mega"]}px` } });
  for (const name of ["header", "hero", "body", "footer"]) {
    if (!given[name]) continue;
    const style = given.styles?.[name] ?? {};
    const block = h("div", { class: `block ${name}` });
    if (style.backgroundColor) block.style.backgroundColor = style.backgroundColor;
    if (style.separator) block.style.borderTop = `1px solid ${style.separatorColor ?? "#d9d9d9"}`;
    const inner = part(given[name], tap, "vertical");
    if (given[name].type === "box" && name !== "hero" && !given[name].paddingAll) inner.style.padding ||= PADDING[name];
    if (name === "hero" && given[name].type === "image") inner.classList.add("wide");
    block.append(inner);
    card.append(block);
  }
  return tappable(card, given.action, tap);
}

const PARTS = { box, button, image, video, icon, text, span, separator, filler };

function part(given, tap, layout) {
  const element = (PARTS[given.type] ?? filler)(given, tap, layout);
  element.classList.add("part");
  grow(element, given, layout);
  if (given.margin) element.style[layout === "vertical" ? "marginTop" : "marginInlineStart"] = space(given.margin);
  if (given.position === "absolute") element.style.position = "absolute";
  for (const [name, side] of [["offsetTop", "top"], ["offsetBottom", "bottom"], ["offsetStart", "left"], ["offsetEnd", "right"]]) {
    if (given[name]) { element.style[side] = space(given[name]); if (!element.style.position) element.style.position = "relative"; }
  }
  return element;
}

function grow(element, given, layout) {
  const still = ["separator", "icon"].includes(given.type);
  const share = given.flex ?? (layout === "vertical" || still || given.width ? 0 : 1);
  if (layout === "vertical") element.style.flex = given.flex ? `${given.flex} 1 auto` : "0 0 auto";
  else element.style.flex = share ? `${share} 1 0` : "0 0 auto";
  if (layout !== "vertical" && share) element.style.minWidth = "0";
  if (given.gravity && layout === "horizontal") element.style.alignSelf = AROUND[given.gravity];
}

function box(given, tap) {
  const element = h("div", { class: `box ${given.layout}` });
  const style = element.style;
  if (given.spacing) style.gap = space(given.spacing);
  if (given.paddingAll) style.padding = space(given.paddingAll);
  for (const [name, side] of [["paddingTop", "paddingTop"], ["paddingBottom", "paddingBottom"], ["paddingStart", "paddingInlineStart"], ["paddingEnd", "paddingInlineEnd"]]) {
    if (given[name]) style[side] = space(given[name]);
  }
  for (const name of ["backgroundColor", "width", "maxWidth", "height", "maxHeight", "justifyContent", "alignItems"]) {
    if (given[name]) style[name] = given[name];
  }
  if (given.borderWidth && given.borderWidth !== "none") style.border = `${BORDER[given.borderWidth] ?? given.borderWidth} solid ${given.borderColor ?? "#d9d9d9"}`;
  if (given.cornerRadius) { style.borderRadius = RADIUS[given.cornerRadius] ?? given.cornerRadius; style.overflow = "hidden"; }
  if (given.background) style.background = gradient(given.background);
  element.append(...given.contents.map((each) => part(each, tap, given.layout)));
  return tappable(element, given.action, tap);
}

function gradient({ angle, startColor, centerColor, endColor, centerPosition }) {
  const middle = centerColor ? `, ${centerColor} ${centerPosition ?? "50%"}` : "";
  return `linear-gradient(${angle}, ${startColor}${middle}, ${endColor})`;
}

function button(given, tap) {
  const style = given.style ?? "link";
  const element = h("button", { type: "button", class: `flex-button ${style} ${given.height ?? "md"}`, text: given.action.label, onclick: () => tap(given.action, "message") });
  if (given.color && style === "link") element.style.color = given.color;
  else if (given.color) { element.style.backgroundColor = given.color; element.style.color = style === "primary" && dark(given.color) ? "#fff" : "#111"; }
  return element;
}

// Whether white text can be read on a colour.
function dark(colour) {
  const [r, g, b] = [1, 3, 5].map((at) => (parseInt(colour.slice(at, at + 2), 16) / 255) ** 2.2);
  return 1.05 / (0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05) >= 4.5;
}

function picture(given, name) {
  const image = h("img", { src: resolve(given[name]), alt: "", loading: "lazy", class: given.aspectMode === "cover" ? "cover" : "fit" });
  image.addEventListener("error", () => image.replaceWith(h("span", { class: "missing", text: "画像を読み込めません" })), { once: true });
  const frame = h("div", { class: "flex-image" }, image);
  frame.style.aspectRatio = (given.aspectRatio ?? "1:1").replace(":", " / ");
  if (given.backgroundColor) frame.style.backgroundColor = given.backgroundColor;
  return frame;
}

function image(given, tap) {
  const frame = picture(given, "url");
  frame.style.width = given.size === "full" ? "100%" : size(given.size, IMAGE, "md");
  frame.style.maxWidth = "100%";
  frame.style.marginInline = { start: "0 auto", end: "auto 0", center: "auto" }[given.align ?? "center"];
  return tappable(frame, given.action, tap, "画像");
}

function video(given) {
  const element = h("video", { controls: true, preload: "none", src: resolve(given.url), poster: resolve(given.previewUrl), class: "wide" });
  element.style.aspectRatio = (given.aspectRatio ?? "16:9").replace(":", " / ");
  return element;
}

function icon(given) {
  const element = h("img", { src: resolve(given.url), alt: "", class: "flex-icon" });
  element.style.height = size(given.size, TEXT, "md");
  return element;
}

function dressed(element, given) {
  const style = element.style;
  if (given.size) style.fontSize = size(given.size, TEXT, "md");
  if (given.color) style.color = given.color;
  if (given.weight === "bold") style.fontWeight = "700";
  if (given.style === "italic") style.fontStyle = "italic";
  if (given.decoration && given.decoration !== "none") style.textDecoration = given.decoration;
  return element;
}

function text(given, tap) {
  const element = dressed(h("div", { class: "flex-text" }), given);
  if (given.contents?.length) element.append(...given.contents.map((each) => dressed(h("span", { text: each.text }), each)));
  else element.textContent = given.text;
  if (given.align) element.style.textAlign = ALONG[given.align];
  if (given.lineSpacing) element.style.lineHeight = `calc(1.4em + ${given.lineSpacing})`;
  element.classList.add(given.wrap ? "wrap" : "cut");
  if (given.wrap && given.maxLines) { element.classList.add("clamp"); element.style.webkitLineClamp = given.maxLines; }
  return tappable(element, given.action, tap);
}

function span(given) {
  return dressed(h("span", { text: given.text }), given);
}

function separator(given, tap, layout) {
  const element = h("div", { class: layout === "vertical" ? "rule" : "rule upright", role: "presentation" });
  if (given.color) element.style.backgroundColor = given.color;
  return element;
}

function filler() {
  return h("div", { class: "filler" });
}

function tappable(element, action, tap, name = "") {
  if (!action) return element;
  element.setAttribute("role", "button");
  element.tabIndex = 0;
  element.setAttribute("aria-label", action.label ?? (element.textContent || action.text || name || "開く"));
  element.classList.add("tappable");
  const act = (event) => { event.stopPropagation(); tap(action, "message"); };
  element.addEventListener("click", act);
  element.addEventListener("keydown", (event) => {
    if (event.target === element && (event.key === "Enter" || event.key === " ")) { event.preventDefault(); act(event); }
  });
  return element;
}

// A template message in the words of Flex.
export function fromTemplate(template) {
  if (template.type === "confirm") return confirm(template);
  if (template.type === "image_carousel") return { type: "carousel", contents: template.columns.map(imageColumn) };
  if (template.type === "carousel") return { type: "carousel", contents: template.columns.map((each) => column({ ...template, ...each })) };
  return column(template);
}

const link = (action) => ({ type: "button", height: "sm", action });

function confirm({ text: words, actions }) {
  return {
    type: "bubble", size: "kilo",
    body: { type: "box", layout: "vertical", contents: [{ type: "text", text: words, wrap: true }] },
    footer: { type: "box", layout: "horizontal", contents: actions.map(link) },
    styles: { footer: { separator: true } },
  };
}

function column({ thumbnailImageUrl, imageAspectRatio, imageSize, imageBackgroundColor, title, text: words, actions, defaultAction }) {
  const said = [{ type: "text", text: words, wrap: true, size: title ? "sm" : "md", color: title ? "#555555" : undefined }];
  if (title) said.unshift({ type: "text", text: title, weight: "bold", wrap: true, margin: "none" });
  return {
    type: "bubble", size: "kilo", action: defaultAction,
    hero: thumbnailImageUrl && {
      type: "image", url: thumbnailImageUrl, size: "full", aspectMode: imageSize === "contain" ? "fit" : "cover",
      aspectRatio: imageAspectRatio === "square" ? "1:1" : "151:100", backgroundColor: imageBackgroundColor,
    },
    body: { type: "box", layout: "vertical", spacing: "sm", paddingAll: "16px", contents: said },
    footer: { type: "box", layout: "vertical", contents: actions.map(link) },
    styles: { footer: { separator: true } },
  };
}

function imageColumn({ imageUrl, action }) {
  const label = action.label && {
    type: "box", layout: "vertical", position: "absolute", offsetBottom: "12px", offsetStart: "12px", offsetEnd: "12px",
    backgroundColor: "#000000AA", cornerRadius: "16px", paddingAll: "6px",
    contents: [{ type: "text", text: action.label, color: "#ffffff", align: "center", size: "sm" }],
  };
  return {
    type: "bubble", size: "kilo", action,
    body: {
      type: "box", layout: "vertical", paddingAll: "0px",
      contents: [{ type: "image", url: imageUrl, size: "full", aspectMode: "cover" }, label].filter(Boolean),
    },
  };
}
