// A shipped model as it would be without its fitted prior.

import { readFile } from 'node:fs/promises';

/**
 * The file of a model without its fitted prior.
 * @param {Buffer} file
 */
function withoutPrior(file) {
  const length = Number(file.readBigUInt64LE(0));
  const { __metadata__, ...entries } = JSON.parse(file.subarray(8, 8 + length).toString());
  const header = { __metadata__ };
  const parts = [];
  let end = 0;
  for (const [name, entry] of Object.entries(entries).filter(([name]) => !name.startsWith('prior.'))) {
    const [from, to] = entry.data_offsets;
    parts.push(file.subarray(8 + length + from, 8 + length + to));
    header[name] = { ...entry, data_offsets: [end, (end += to - from)] };
  }
  const json = Buffer.from(JSON.stringify(header));
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([size, json, ...parts]);
}

/**
 * For `before` of a visit: the page finds the model's file without its prior.
 * @param {string} name of a shipped model
 */
export async function forgetPrior(name) {
  const file = withoutPrior(await readFile(new URL(`../../../www/models/${name}.safetensors`, import.meta.url)));
  return `{
    const bytes = Uint8Array.from(atob('${file.toString('base64')}'), (letter) => letter.charCodeAt(0));
    const { fetch } = globalThis;
    globalThis.fetch = (address, ...options) =>
      String(address).endsWith('/models/${name}.safetensors')
        ? Promise.resolve(new Response(bytes))
        : fetch(address, ...options);
  }`;
}
