// Django's admin and its jQuery write HTML of our own server; pocket.js allows htmx the same.
globalThis.trustedTypes?.createPolicy("default", { createHTML: (html) => html });
