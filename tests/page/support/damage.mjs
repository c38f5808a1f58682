// Ways to damage a safetensors file: 8 bytes of header length, a JSON header, the tensors.

/** @param {Buffer} file */
function open(file) {
  const length = Number(file.readBigUInt64LE(0));
  return { header: JSON.parse(file.subarray(8, 8 + length).toString()), data: file.subarray(8 + length) };
}

/** @param {{header: object, data: Buffer}} parts */
function close({ header, data }) {
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, data]);
}

export const truncated = (file) => file.subarray(0, file.length >> 1);

export const empty = () => Buffer.alloc(0);

export const html = () => Buffer.from('<!doctype html><title>Sign in</title><p>Please sign in to this network.');

/** A header that claims to be larger than any memory. */
export function absurdHeader(file) {
  const copy = Buffer.from(file);
  copy.writeBigUInt64LE(0x7fff_ffff_ffff_ffffn, 0);
  return copy;
}

/** A tensor whose place is far beyond the end of the file. */
export function absurdOffsets(file) {
  const { header, data } = open(file);
  const [name] = Object.keys(header).filter((each) => each !== '__metadata__');
  header[name].data_offsets = [0, Number.MAX_SAFE_INTEGER];
  return close({ header, data });
}

/** One NaN among the weights, in the file's type of float. */
export function notANumber(file) {
  const { header, data } = open(file);
  const spoiled = Buffer.from(data);
  const [, tensor] = Object.entries(header).find(([, { dtype }]) => dtype === 'F32' || dtype === 'F16');
  // All bits set is a NaN in both.
  spoiled.fill(0xff, tensor.data_offsets[0], tensor.data_offsets[0] + (tensor.dtype === 'F32' ? 4 : 2));
  return close({ header, data: spoiled });
}

/** Weights of a network other than the config's. */
export function wrongShape(file) {
  const { header, data } = open(file);
  const name = Object.keys(header).find((each) => header[each].shape?.length === 2);
  header[name].shape.reverse();
  return close({ header, data });
}
