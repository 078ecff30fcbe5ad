/* Small comforts. Every page works without this file. */
(function () {
  "use strict";
  var each = function (selector, act) { document.querySelectorAll(selector).forEach(act); };

  // After the page has come to rest: what to do when it smells of gas is then there without a network too.
  if ("serviceWorker" in navigator) addEventListener("load", function () {
    setTimeout(function () { navigator.serviceWorker.register("/sw.js", { updateViaCache: "all" }).catch(function () {}); }, 3000);
  });

  function toast(text) {
    var place = document.querySelector("[data-toasts]");
    var note = document.createElement("div");
    note.className = "toast";
    note.textContent = text;
    place.append(note);
    var leave = function () { setTimeout(function () { note.matches(":hover") ? leave() : note.remove(); }, 6000); };
    leave();
  }

  function showPassword(button) {
    var field = document.getElementById(button.getAttribute("aria-controls"));
    var word = button.querySelector("[data-word]");
    var other = word.textContent;
    word.textContent = button.dataset.other;
    button.dataset.other = other;
    field.type = field.type === "password" ? "text" : "password";
  }

  function copy(button) {
    navigator.clipboard.writeText(button.dataset.copy).then(function () { toast(button.dataset.copied); });
  }

  // The picture of a code goes to another app of the same phone, where a bank's app may open it.
  function share(button) {
    fetch(button.dataset.share).then(function (answer) { return answer.blob(); }).then(function (picture) {
      return navigator.share({ files: [new File([picture], "upn-qr.png", { type: picture.type })] });
    }).catch(function () {});
  }
  function canSharePictures() {
    return navigator.canShare && navigator.canShare({ files: [new File([""], "upn-qr.png", { type: "image/png" })] });
  }

  // A browser may remember a shown password in its history of fields: hide it before it leaves.
  function hidePasswords(form) {
    form.querySelectorAll("[data-show-password]").forEach(function (button) {
      document.getElementById(button.getAttribute("aria-controls")).type = "password";
    });
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-show-password], [data-copy], [data-share], [data-print]");
    if (button && "showPassword" in button.dataset) showPassword(button);
    else if (button && "copy" in button.dataset) copy(button);
    else if (button && "share" in button.dataset) share(button);
    else if (button) window.print();
    each("[data-menu][open]", function (menu) { if (!menu.contains(event.target)) menu.open = false; });
  });

  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    each("[data-menu][open]", function (menu) { menu.open = false; menu.querySelector("summary").focus(); });
  });

  // A double tap sends once. The button keeps its name and value, so it is not disabled, only deaf.
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (event.defaultPrevented || form.method === "dialog") return;
    if ("sent" in form.dataset) { event.preventDefault(); return; }
    hidePasswords(form);
    form.dataset.sent = "";
    if (event.submitter) event.submitter.setAttribute("aria-disabled", "true");
    setTimeout(awake, 10000, form);
  });

  function awake(form) {
    delete form.dataset.sent;
    form.querySelectorAll("[aria-disabled]").forEach(function (button) { button.removeAttribute("aria-disabled"); });
  }
  window.addEventListener("pageshow", function () { each("form[data-sent]", awake); });

  // Supply points are put in order with a finger or the mouse; the buttons beside them do the same.
  each("[data-arrange]", function (list) {
    list.querySelectorAll("li").forEach(function (item) {
      var handle = item.querySelector(".pin");
      handle.classList.add("drag");
      handle.addEventListener("pointerdown", function (event) {
        event.preventDefault();
        var after = item.nextElementSibling;
        item.classList.add("is-dragged");
        // On the document: the item itself is moved about, and loses what is captured by it.
        document.onpointermove = function (at) {
          var middle = list.getBoundingClientRect().left + list.clientWidth / 2;
          var over = document.elementFromPoint(middle, at.clientY);
          var other = over && over.closest("[data-arrange] > li");
          if (!other || other === item) return;
          var box = other.getBoundingClientRect();
          list.insertBefore(item, at.clientY < box.top + box.height / 2 ? other : other.nextElementSibling);
        };
        document.onpointerup = document.onpointercancel = function () {
          document.onpointermove = document.onpointerup = document.onpointercancel = null;
          item.classList.remove("is-dragged");
          var follows = item.nextElementSibling;
          if (follows === after) return;
          var form = document.querySelector("[data-arranged]");
          form.elements.act.value = follows ? "before" : "after";
          form.elements.place.value = item.dataset.place;
          form.elements.other.value = (follows || item.previousElementSibling).dataset.place;
          form.requestSubmit();
        };
      });
    });
  });

  // In a table one types down the column: Enter goes to the next row, after the last one to the button.
  document.addEventListener("keydown", function (event) {
    var field = event.target;
    if (event.key !== "Enter" || event.isComposing || !field.matches("[data-down]")) return;
    event.preventDefault();
    var fields = Array.from(document.querySelectorAll("[data-down]"));
    var next = fields[fields.indexOf(field) + (event.shiftKey ? -1 : 1)];
    if (next) next.select();
    (next || document.querySelector("[data-down-end]")).focus();
  });

  // What is chosen for paying, added up in cents.
  each("[data-chosen]", function (line) {
    var form = line.closest("form");
    function add() {
      var cents = 0;
      form.querySelectorAll("[data-euros]:checked").forEach(function (box) { cents += Math.round(box.dataset.euros * 100); });
      line.querySelector("span").textContent = (cents / 100).toLocaleString(line.dataset.chosen, { style: "currency", currency: "EUR", useGrouping: "always" });
    }
    form.addEventListener("change", add);
    window.addEventListener("pageshow", add);
    line.hidden = false;
  });

  // Two minutes before the session ends, ask. Asking the server how long it lasts does not make it last.
  function watchSession(dialog) {
    var WARN = 120, LOOK = 300, timer, typed = false, said = "";
    function show(state) {
      if (state === said) return; // whoever has closed it is not asked again
      said = state;
      dialog.querySelectorAll("[data-when]").forEach(function (part) {
        part.hidden = part.dataset.when.split(" ").indexOf(state) < 0;
      });
      if (!dialog.open) dialog.showModal();
    }
    function ended() {
      if (!typed) window.location.reload();
      else show("over");
    }
    function told(state) {
      if (state.seconds_left <= 0) return ended();
      if (state.seconds_left > WARN) { said = ""; dialog.close(); return wait(Math.min(LOOK, state.seconds_left - WARN)); }
      show(state.may_stay ? "idle" : "whole");
      wait(Math.min(15, state.seconds_left + 1));
    }
    function ask(url) {
      fetch(url, { headers: { Accept: "application/json" } }).then(function (answer) {
        return answer.redirected ? { seconds_left: 0 } : answer.json();
      }).then(told).catch(function () { wait(30); });
    }
    function look() { ask(dialog.dataset.session); }
    function wait(seconds) { clearTimeout(timer); timer = setTimeout(look, seconds * 1000); }
    document.addEventListener("input", function () { typed = true; });
    document.addEventListener("visibilitychange", function () { if (!document.hidden) wait(0); });
    dialog.addEventListener("close", function () { if (dialog.returnValue === "stay") ask(dialog.dataset.stay); dialog.returnValue = ""; });
    wait(60);
  }
  each("[data-session]", watchSession);

  each("[data-show-password], [data-print]", function (button) { button.hidden = false; });
  if (navigator.clipboard) each("[data-copy]", function (button) { button.hidden = false; });
  if (canSharePictures()) each("[data-share]", function (button) { button.hidden = false; });
  var errors = document.querySelector("[data-errors]");
  if (errors) errors.focus();
})();
