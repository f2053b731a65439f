// Inside the platform's admin there are no cookies: a form carries a fresh proof of who sends it.
(() => {
  "use strict";
  function put(form, name, value) {
    const field = form.querySelector(`input[type="hidden"][name="${CSS.escape(name)}"]`) || document.createElement("input");
    field.type = "hidden";
    field.name = name;
    field.value = value;
    form.append(field);
  }
  document.addEventListener("submit", async (event) => {
    const form = event.target, button = event.submitter;
    if (event.defaultPrevented || !window.shopify) return;
    event.preventDefault();
    if (button && button.name) put(form, button.name, button.value);
    const { action, target } = form;
    if (button && button.hasAttribute("formaction")) form.action = button.formAction;
    if (button && button.hasAttribute("formtarget")) form.target = button.formTarget;
    if (form.method === "get") {
      // A form that asks replaces its address: the shop must stay named in it.
      const here = new URLSearchParams(location.search);
      for (const name of ["shop", "host", "embedded", "locale"]) if (here.has(name)) put(form, name, here.get(name));
    }
    put(form, "id_token", await window.shopify.idToken());
    form.submit();
    // What went into a frame of the page leaves the form as it was.
    Object.assign(form, { action, target });
  });
})();
