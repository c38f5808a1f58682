// WebKitGTK, driven by Selenium. It has no headless mode, so it gets its own display from xvfb.

import { spawn } from 'node:child_process';
import { createServer } from 'node:net';

import { Builder, Capabilities } from 'selenium-webdriver';

import { eventually, PATIENCE } from './browser.mjs';

/** @returns {Promise<{driver: import('selenium-webdriver').WebDriver, close: () => Promise<void>}>} */
export async function openWebKit() {
  const port = await freePort();
  // A separate process group, so that the display ends too.
  const server = spawn('/usr/bin/xvfb-run', ['-a', '/usr/bin/WebKitWebDriver', `--port=${port}`], {
    detached: true,
    stdio: 'ignore',
  });
  const stop = () => {
    try {
      process.kill(-server.pid);
    } catch {
      // It has ended by itself.
    }
  };
  try {
    await eventually(() => fetch(`http://127.0.0.1:${port}/status`));
    const capabilities = new Capabilities({
      browserName: 'MiniBrowser',
      'webkitgtk:browserOptions': {
        binary: `/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu/webkit2gtk-4.1/MiniBrowser`,
        args: ['--automation'],
      },
    });
    const driver = await new Builder().usingServer(`http://127.0.0.1:${port}`).withCapabilities(capabilities).build();
    await driver.manage().setTimeouts({ script: PATIENCE, pageLoad: PATIENCE });
    return { driver, close: () => driver.quit().finally(stop) };
  } catch (error) {
    stop();
    throw error;
  }
}

/** An unused port of 127.0.0.1. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
