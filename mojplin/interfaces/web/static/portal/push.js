/* Messages as notifications of this device: asked for by a press, never before; the page's own form carries the address. */
(function () {
  "use strict";
  var place = document.querySelector("[data-push]");
  if (!place) return;
  var on = place.querySelector("[data-push-on]"), off = place.querySelector("[data-push-off]");
  var able = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

  function show(name) { place.hidden = place.querySelector("[data-push-" + name + "]").hidden = false; }

  // An iPhone knows notifications in what stands on its home screen, not in a tab.
  if (!able) { if ("standalone" in navigator) show("ios"); return; }

  function key() {
    var text = atob(place.dataset.push.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(text, function (letter) { return letter.charCodeAt(0); });
  }

  // A worker that cannot keep its pages never becomes ready, and says nothing.
  function worker() {
    return Promise.race([
      navigator.serviceWorker.register("/sw.js", { updateViaCache: "all" }).then(function () { return navigator.serviceWorker.ready; }),
      new Promise(function (_ready, late) { setTimeout(late, 20000); }),
    ]);
  }

  function subscribed() {
    return navigator.serviceWorker.getRegistration().then(function (known) { return known ? known.pushManager.getSubscription() : null; });
  }

  // One that was made for another key of ours, or for somebody else's account, gives way to a new one.
  function subscribeAnew(known) {
    return known.pushManager.getSubscription().then(function (former) { return former && former.unsubscribe(); }).then(function () {
      return known.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key() });
    });
  }

  function fail(word) {
    var note = place.querySelector("[data-push-error]");
    note.textContent = place.dataset[word];
    note.hidden = false;
  }

  on.addEventListener("submit", function (event) {
    event.preventDefault();
    place.querySelector("[data-push-error]").hidden = true;
    Notification.requestPermission().then(function (answer) {
      if (answer !== "granted") return fail("blocked");
      return worker().then(subscribeAnew).then(function (made) {
        var told = made.toJSON();
        on.elements.endpoint.value = told.endpoint;
        on.elements.p256dh.value = told.keys.p256dh;
        on.elements.auth.value = told.keys.auth;
        on.submit();
      });
    }).catch(function () { fail("failed"); });
  });

  // The portal forgets the address in any case; the browser gives it up, too.
  if (off) off.addEventListener("submit", function () {
    subscribed().then(function (made) { return made && made.unsubscribe(); }).catch(function () {});
  });

  subscribed().then(function (made) {
    show(off && made && Notification.permission === "granted" ? "off" : "on");
  }).catch(function () { show("on"); });
})();
