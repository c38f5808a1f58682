// A second implementation that reads and decodes a model file, in plain JavaScript and double
// precision: it shares no line with the engines. The layouts are PyTorch's, as
// tests/fixtures/oracle.py has them.

/** How a value of each type is read. */
const TYPES = {
  F32: { size: 4, at: (bytes, i) => bytes.readFloatLE(4 * i) },
  F16: { size: 2, at: (bytes, i) => half(bytes.readUInt16LE(2 * i)) },
  I8: { size: 1, at: (bytes, i) => bytes.readInt8(i) },
  U8: { size: 1, at: (bytes, i) => bytes[i] },
};

/** @param {Buffer} file .safetensors: a model, or stored latents */
export function read(file) {
  const length = Number(file.readBigUInt64LE(0));
  const header = JSON.parse(file.subarray(8, 8 + length).toString());
  const { __metadata__: metadata, ...entries } = header;
  const tensors = {};
  for (const [
    name,
    {
      dtype,
      shape,
      data_offsets: [from, to],
    },
  ] of Object.entries(entries)) {
    const bytes = file.subarray(8 + length + from, 8 + length + to);
    const { size, at } = TYPES[dtype];
    tensors[name] = { shape, values: Array.from({ length: bytes.length / size }, (_, i) => at(bytes, i)) };
  }
  for (const [name, { values: scales }] of Object.entries(tensors).filter(([name]) => name.endsWith('.scale'))) {
    if (name.startsWith('prior.')) continue;
    rescale(tensors[name.slice(0, -'.scale'.length)], name.includes('.deconv.') ? 1 : 0, scales);
  }
  const { config = 'null', card = 'null', format } = metadata;
  return { config: JSON.parse(config), card: JSON.parse(card), format, tensors };
}

/** Values of i8 times the scale of their output channel, which lies along `axis`. */
function rescale(tensor, axis, scales) {
  const inner = tensor.shape.slice(axis + 1).reduce((product, side) => product * side, 1);
  tensor.values = tensor.values.map((value, i) => value * scales[Math.floor(i / inner) % tensor.shape[axis]]);
}

function half(bits) {
  const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023];
  const magnitude = exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15);
  return bits & 0x8000 ? -magnitude : magnitude;
}

const leaky = (value) => (value >= 0 ? value : 0.2 * value);

/**
 * One code to pixels [channels, height, width], 0 to 1.
 * @param {{config: object, tensors: object}} model
 * @param {number[]} latent
 */
export function decode({ config, tensors }, latent) {
  const { image, layers } = config;
  const sides = [[image.height, image.width]];
  for (const { stride } of layers) sides.push(sides[sides.length - 1].map((side) => Math.ceil(side / stride)));
  const { values, shape } = tensors['decoder.linear.weight'];
  const bias = tensors['decoder.linear.bias'].values;
  let map = bias.map((start, row) =>
    leaky(latent.reduce((sum, value, i) => sum + value * values[row * shape[1] + i], start)),
  );
  for (let n = 0; n < layers.length; n++) {
    const { kernel, stride } = layers[layers.length - 1 - n];
    const from = sides[layers.length - n];
    const to = sides[layers.length - n - 1];
    map = transposed(map, tensors[`decoder.deconv.${n}.weight`], tensors[`decoder.deconv.${n}.bias`].values, {
      kernel,
      stride,
      from,
      to,
    });
    if (n < layers.length - 1) map = map.map(leaky);
  }
  return map.map((logit) => 1 / (1 + Math.exp(-logit)));
}

/** A transposed convolution as stamps: every input value adds the kernel, scaled by the value, to the output. */
function transposed(
  map,
  { shape: [inputs, outputs], values },
  bias,
  { kernel, stride, from: [high, wide], to: [height, width] },
) {
  const out = Array.from({ length: outputs * height * width }, (_, i) => bias[Math.floor(i / (height * width))]);
  const padding = (kernel - 1) / 2;
  for (let input = 0; input < inputs; input++) {
    for (let y = 0; y < high; y++) {
      for (let x = 0; x < wide; x++) {
        const value = map[(input * high + y) * wide + x];
        for (let output = 0; output < outputs; output++) {
          for (let dy = 0; dy < kernel; dy++) {
            for (let dx = 0; dx < kernel; dx++) {
              const [row, column] = [y * stride + dy - padding, x * stride + dx - padding];
              if (row < 0 || column < 0 || row >= height || column >= width) continue;
              const weight = values[((input * outputs + output) * kernel + dy) * kernel + dx];
              out[(output * height + row) * width + column] += value * weight;
            }
          }
        }
      }
    }
  }
  return out;
}

/**
 * Pixels [channels, height, width], 0 to 1, to the mean of the posterior.
 * @param {{config: object, tensors: object}} model
 * @param {number[]} pixels
 */
export function encode({ config, tensors }, pixels) {
  const { image, layers } = config;
  let map = pixels;
  let from = [image.height, image.width];
  layers.forEach(({ kernel, stride }, n) => {
    const weight = tensors[`encoder.conv.${n}.weight`];
    const to = from.map((side) => Math.ceil(side / stride));
    map = convolved(map, weight, tensors[`encoder.conv.${n}.bias`].values, { kernel, stride, from, to }).map(leaky);
    from = to;
  });
  const { values } = tensors['encoder.mean.weight'];
  return tensors['encoder.mean.bias'].values.map((start, row) =>
    map.reduce((sum, value, i) => sum + value * values[row * map.length + i], start),
  );
}

/** A convolution as a sum over the window of each output. */
function convolved(
  map,
  { shape: [outputs, inputs], values },
  bias,
  { kernel, stride, from: [high, wide], to: [height, width] },
) {
  const padding = (kernel - 1) / 2;
  return Array.from({ length: outputs * height * width }, (_, at) => {
    const [output, y, x] = [Math.floor(at / (height * width)), Math.floor(at / width) % height, at % width];
    let sum = bias[output];
    for (let input = 0; input < inputs; input++) {
      for (let dy = 0; dy < kernel; dy++) {
        for (let dx = 0; dx < kernel; dx++) {
          const [row, column] = [y * stride + dy - padding, x * stride + dx - padding];
          if (row < 0 || column < 0 || row >= high || column >= wide) continue;
          const weight = values[((output * inputs + input) * kernel + dy) * kernel + dx];
          sum += map[(input * high + row) * wide + column] * weight;
        }
      }
    }
    return sum;
  });
}

/**
 * Natural logarithm of the fitted prior's density at a point of the plane: a sum over components, each by its covariance.
 * @param {{tensors: object}} model of two latent dimensions
 * @param {[number, number]} point
 */
export function logDensity({ tensors }, [x, y]) {
  const [weights, means, factors, scales] = ['weights', 'means', 'factors', 'factors.scale'].map(
    (name) => tensors[`prior.${name}`].values,
  );
  const sum = weights.reduce((total, weight, k) => {
    const [a, b, c] = [
      factors[3 * k] * scales[2 * k],
      factors[3 * k + 1] * scales[2 * k + 1],
      factors[3 * k + 2] * scales[2 * k + 1],
    ];
    // The covariance [[xx, xy], [xy, yy]] of the factor [[a, 0], [b, c]], and its determinant.
    const [xx, xy, yy] = [a * a, a * b, b * b + c * c];
    const determinant = xx * yy - xy * xy;
    const [dx, dy] = [x - means[2 * k], y - means[2 * k + 1]];
    const distance = (yy * dx * dx - 2 * xy * dx * dy + xx * dy * dy) / determinant;
    return total + (weight * Math.exp(-distance / 2)) / (2 * Math.PI * Math.sqrt(determinant));
  }, 0);
  return Math.log(sum);
}
