/* Passkeys: the device answers the portal's challenge, and the page's own form carries the answer. */
(function () {
  "use strict";
  var able = window.PublicKeyCredential && PublicKeyCredential.parseCreationOptionsFromJSON;

  function options(form) {
    var token = form.querySelector("[name=csrfmiddlewaretoken]").value;
    return fetch(form.dataset.options, { method: "POST", headers: { "X-CSRFToken": token } }).then(function (answer) {
      if (!answer.ok || answer.redirected) throw new Error("no options");
      return answer.json();
    });
  }

  function ask(form, given) {
    return form.dataset.passkey === "create"
      ? navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(given) })
      : navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(given) });
  }

  function prove(event) {
    var form = event.target, error = form.querySelector("[data-passkey-error]");
    event.preventDefault();
    error.hidden = true;
    options(form).then(function (given) { return ask(form, given); }).then(function (key) {
      form.querySelector("[name=credential]").value = JSON.stringify(key.toJSON());
      form.submit();
    }).catch(function () {
      error.textContent = form.dataset.failed;
      error.hidden = false;
    });
  }

  document.querySelectorAll("[data-passkey]").forEach(function (form) {
    if (!able) return;
    form.hidden = false;
    form.querySelectorAll("[data-passkey-missing]").forEach(function (note) { note.hidden = true; });
    form.addEventListener("submit", prove);
  });
})();
