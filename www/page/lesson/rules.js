/** Addresses that a lesson may name. Their targets are checked again when they are used: the page's policy refuses other hosts. */

/** Spaces, control characters and backslashes: browsers drop or change them, so that an address is not what it looks like. */
// eslint-disable-next-line no-control-regex
const TRICKY = /[\u0000-\u0020\u007f-\u00a0\u2028\u2029\\]/;
const SCHEME = /^([a-z][a-z0-9+.-]*):/i;

/** True for the address of a file on this site: a path, from the lesson's folder. @param {string} address */
export function isLocal(address) {
  return address !== '' && !TRICKY.test(address) && !SCHEME.test(address) && !/^(\/\/|[#?])/.test(address);
}

/** True for an address on another site that a link may lead to. @param {string} address */
export function isElsewhere(address) {
  return !TRICKY.test(address) && /^https?:\/\/[a-z0-9.\-\u00a1-\uffff]+(:\d{1,5})?([/?#]|$)/i.test(address);
}
