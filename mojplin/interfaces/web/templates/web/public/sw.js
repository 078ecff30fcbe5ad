/* Shows what to do when it smells of gas where there is no network. Keeps two pages, the style sheet and the mark, asked
   for without cookies; nothing else is ever kept. Shows messages as notifications where somebody asked for them. */
"use strict";
const STORE = "portal-{{ version }}";
const FILES = {{ files }};
const PAGES = {{ pages }};
const ICON = {{ icon }};
const NAME = {{ name }};

async function keepAll() {
  const store = await caches.open(STORE);
  await Promise.all([...FILES, ...Object.values(PAGES)].map(async (address) => {
    const answer = await fetch(address, { credentials: "omit", cache: "reload" });
    if (!answer.ok || answer.redirected) throw new Error(address);
    await store.put(address, answer);
  }));
}

async function forgetOlder() {
  const stores = await caches.keys();
  await Promise.all(stores.filter((name) => name !== STORE).map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function fromNetworkElse(request, kept) {
  try { return await fetch(request); } catch (fault) {
    const answer = await caches.match(kept);
    if (answer) return answer;
    throw fault;
  }
}

self.addEventListener("install", (event) => event.waitUntil(keepAll().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(forgetOlder()));
self.addEventListener("fetch", (event) => {
  const request = event.request;
  const path = new URL(request.url).pathname;
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(fromNetworkElse(request, path.startsWith("/en/") ? PAGES.en : PAGES.sl));
  else if (FILES.includes(path)) event.respondWith(fromNetworkElse(request, path));
});

// A browser wants something to be shown for every message, also for one that it cannot read.
function contentOf(event) {
  try { return event.data.json(); } catch (fault) { return {}; }
}

function show(content) {
  // Sent twice, shown once: the second takes the place of the first.
  const shown = { body: content.body || "", tag: content.tag || "portal", lang: content.lang || "sl", icon: ICON, data: { url: content.url } };
  return self.registration.showNotification(content.title || NAME, shown);
}

async function openPage(path) {
  const asked = new URL(path || "/", self.location.origin);
  const page = asked.origin === self.location.origin ? asked.href : self.location.origin + "/";
  const windows = await self.clients.matchAll({ type: "window" });
  const there = windows.find((each) => each.url === page);
  // What somebody may be typing in another window is left alone.
  return there ? there.focus() : self.clients.openWindow(page);
}

self.addEventListener("push", (event) => event.waitUntil(show(contentOf(event))));
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(openPage(event.notification.data.url));
});
