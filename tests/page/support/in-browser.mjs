// In the page of any browser engine: functions for `run` of support/browsers.mjs, which operate any figure.

export async function scrollTo(selector) {
  document.querySelector(selector).scrollIntoView();
}

export async function statusOf(selector) {
  return document.querySelector(selector).status;
}

export async function pressPlay(selector) {
  document.querySelector(selector).shadowRoot.querySelector('[part=play]').click();
}

export async function lessonStatus(selector) {
  return document.querySelector(selector).shadowRoot.querySelector('[part=status]').textContent;
}
