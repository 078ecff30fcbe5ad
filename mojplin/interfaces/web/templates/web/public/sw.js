/* Shows what to do when it smells of gas where there is no network. Keeps two pages, the style sheet and the mark, asked
   for without cookies; nothing else is ever kept. */
"use strict";
const STORE = "portal-{{ version }}";
const FILES = {{ files }};
const PAGES = {{ pages }};

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
