/** Simulates a network with latency and limited bandwidth between a browser and a server on the same machine. */

import { connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * @typedef {object} Network
 * @property {number} roundTrip in milliseconds
 * @property {number} bandwidth towards the browser, in bits a second, shared by all connections
 */

/** Bytes that are sent in one piece: a full packet of most networks. */
const PACKET = 1_460;

/**
 * Passes connections on to `port`, later and no faster than the network allows: each new one waits for its handshake, every byte for half
 * a round trip, and bytes towards the browser wait for their turn.
 * @param {number} port
 * @param {Network} network
 */
export async function slowNetwork(port, { roundTrip, bandwidth }) {
  /** When the last byte towards the browser will have left. */
  let busyUntil = 0;
  const server = createServer((browser) => {
    const site = connect(port, '127.0.0.1');
    const opened = performance.now() + roundTrip;
    const [up, down] = [inOrder(), inOrder()];
    browser.on('data', (bytes) => up(Math.max(opened, performance.now()) + roundTrip / 2, () => site.write(bytes)));
    browser.on('end', () => up(0, () => site.end()));
    site.on('data', (/** @type {Buffer} */ bytes) => {
      for (let start = 0; start < bytes.length; start += PACKET) {
        const packet = bytes.subarray(start, start + PACKET);
        busyUntil = Math.max(busyUntil, performance.now()) + (packet.length * 8_000) / bandwidth;
        down(busyUntil + roundTrip / 2, () => browser.write(packet));
      }
    });
    site.on('end', () => down(0, () => browser.end()));
    browser.on('error', () => site.destroy());
    site.on('error', () => browser.destroy());
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port: own } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return { address: `http://127.0.0.1:${own}/`, close: () => server.close() };
}

/** Does one thing after the other, none before its time. */
function inOrder() {
  let last = Promise.resolve();
  /** @param {number} time @param {() => void} work */
  return (time, work) => {
    last = last.then(async () => {
      const wait = time - performance.now();
      if (wait > 0) await sleep(wait);
      work();
    });
  };
}
