import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

/** Where Debian and others put it. */
const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The browser of this machine; undefined, and said loudly, where there is none. */
export function findChromium(): string | undefined {
  const found = PLACES.find((path) => existsSync(path));
  if (found === undefined) {
    console.warn('NOT TESTED in a browser: there is no Chromium. apt-get install chromium');
  }
  return found;
}

export interface View {
  readonly width: number;
  readonly height: number;
  readonly theme: 'light' | 'dark';
}

/** A page in a headless browser, driven as a person would. */
export interface Page {
  open(url: string, view?: Partial<View>): Promise<void>;
  /** Value of an expression of JavaScript in the page. */
  ask<T>(expression: string): Promise<T>;
  /** Clicks in the middle of the first element that a selector finds. */
  click(selector: string): Promise<void>;
  /** PNG, of all of the page. */
  picture(): Promise<Buffer>;
  /** Addresses that the page asked for since it was opened; none of them beyond this machine is reached. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

const START_MILLISECONDS = 30_000;

/** Starts Chromium, and speaks with it over a pipe. */
export async function startBrowser(chromium: string): Promise<Page> {
  const directory = mkdtempSync(join(tmpdir(), 'browser-'));
  const child = spawn(
    chromium,
    [
      ...['--headless=new', '--remote-debugging-pipe', '--no-sandbox', '--disable-gpu'],
      ...['--no-first-run', '--disable-extensions', '--disable-component-update'],
      ...['--disable-dev-shm-usage', '--hide-scrollbars', `--user-data-dir=${directory}`],
      'about:blank',
    ],
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] },
  );
  const wire = connect(child);
  const { targetInfos } = await until(START_MILLISECONDS, async () => {
    const found = await wire.send<{ targetInfos: { targetId: string; type: string }[] }>(
      'Target.getTargets',
    );
    return found.targetInfos.some(({ type }) => type === 'page') ? found : undefined;
  });
  const targetId = targetInfos.find(({ type }) => type === 'page')?.targetId;
  const { sessionId } = await wire.send<{ sessionId: string }>('Target.attachToTarget', {
    ...{ targetId, flatten: true },
  });
  const send = <T>(method: string, parameters: object = {}) =>
    wire.send<T>(method, parameters, sessionId);
  const asked: string[] = [];
  wire.on('Fetch.requestPaused', (event) => {
    const { requestId, request } = event as { requestId: string; request: { url: string } };
    asked.push(request.url);
    const isHere = /^(?:file:|http:\/\/127\.0\.0\.1)/.test(request.url);
    void (isHere
      ? send('Fetch.continueRequest', { requestId })
      : send('Fetch.failRequest', { requestId, errorReason: 'BlockedByClient' }));
  });
  /** Loads that have come to their end, by what `Page.navigate` calls them. */
  const loaded = new Set<string>();
  wire.on('Page.lifecycleEvent', (event) => {
    const { name, loaderId } = event as { name: string; loaderId: string };
    if (name === 'load') loaded.add(loaderId);
  });
  await send('Page.enable');
  await send('Page.setLifecycleEventsEnabled', { enabled: true });
  await send('Fetch.enable', { patterns: [{ urlPattern: '*' }] });

  async function ask<T>(expression: string): Promise<T> {
    const { result } = await send<{ result: { value: T } }>('Runtime.evaluate', {
      ...{ expression, returnByValue: true, awaitPromise: true },
    });
    return result.value;
  }

  return {
    asked,
    ask,
    async open(url, { width = 1200, height = 900, theme = 'light' } = {}) {
      await send('Emulation.setDeviceMetricsOverride', {
        ...{ width, height, deviceScaleFactor: 1, mobile: width < 600 },
      });
      await send('Emulation.setEmulatedMedia', {
        features: [{ name: 'prefers-color-scheme', value: theme }],
      });
      asked.length = 0;
      // Not the next load of any page: the one before may still be at it.
      const { loaderId } = await send<{ loaderId: string }>('Page.navigate', { url });
      while (!loaded.has(loaderId)) await wire.once('Page.lifecycleEvent');
    },
    async click(selector) {
      const place = await ask<{ x: number; y: number } | null>(`(() => {
        const element = document.querySelector(${JSON.stringify(selector)});
        if (!element) return null;
        element.scrollIntoView({ block: 'center' });
        const { x, y, width, height } = element.getClientRects()[0];
        return { x: x + Math.min(width / 2, 20), y: y + height / 2 };
      })()`);
      if (place === null) throw new Error(`There is no ${selector}.`);
      for (const type of ['mousePressed', 'mouseReleased']) {
        await send('Input.dispatchMouseEvent', { type, ...place, button: 'left', clickCount: 1 });
      }
    },
    async picture() {
      const { data } = await send<{ data: string }>('Page.captureScreenshot', {
        captureBeyondViewport: true,
      });
      return Buffer.from(data, 'base64');
    },
    async close() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      await wire.send('Browser.close');
      await ended;
      rmSync(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    },
  };
}

interface Wire {
  send<T>(method: string, parameters?: object, sessionId?: string): Promise<T>;
  on(method: string, hear: (parameters: unknown) => void): void;
  once(method: string): Promise<void>;
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/** Messages of the DevTools protocol, each ended by a NUL, on the two pipes after stderr. */
function connect({ stdio }: ChildProcess): Wire {
  const [input, output] = [stdio[3] as Writable, stdio[4] as Readable];
  const waiting = new Map<number, (message: Message) => void>();
  const listeners = new Map<string, Set<(parameters: unknown) => void>>();
  let rest = '';
  let last = 0;
  output.setEncoding('utf8').on('data', (chunk: string) => {
    const parts = (rest + chunk).split('\0');
    rest = parts.pop() ?? '';
    for (const part of parts) {
      const message = JSON.parse(part) as Message;
      if (message.id !== undefined) waiting.get(message.id)?.(message);
      for (const hear of listeners.get(message.method ?? '') ?? []) hear(message.params);
    }
  });
  const on = (method: string, hear: (parameters: unknown) => void) => {
    listeners.set(method, (listeners.get(method) ?? new Set()).add(hear));
  };
  return {
    on,
    once: (method) =>
      new Promise((resolve) => {
        const hear = () => {
          listeners.get(method)?.delete(hear);
          resolve();
        };
        on(method, hear);
      }),
    send: <T>(method: string, parameters: object = {}, sessionId?: string) =>
      new Promise<T>((resolve, reject) => {
        last += 1;
        const id = last;
        waiting.set(id, ({ result, error }) => {
          waiting.delete(id);
          if (error) reject(new Error(`${method}: ${error.message}`));
          else resolve(result as T);
        });
        const message = { id, method, params: parameters, ...(sessionId && { sessionId }) };
        input.write(`${JSON.stringify(message)}\0`);
      }),
  };
}

async function until<T>(milliseconds: number, look: () => Promise<T | undefined>): Promise<T> {
  const end = Date.now() + milliseconds;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error('The browser does not start.');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
