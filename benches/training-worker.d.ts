/** Training as the page's worker does it, and the bare step beside it. Started from a blob by `chromium.mjs`. */
export {};
