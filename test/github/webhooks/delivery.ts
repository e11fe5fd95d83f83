import { createHash, createHmac } from 'node:crypto';
import { request } from 'node:http';

import type { App, Installation, Repository } from '../state/model.ts';
import { type World, nodeId, runInBackground } from '../state/world.ts';

/** One attempt to deliver a webhook, as `GET /app/hook/deliveries` tells of it. */
export interface Delivery {
  readonly id: number;
  /** The same for every attempt. */
  readonly guid: string;
  readonly app: App;
  readonly event: string;
  readonly action: string | undefined;
  readonly installationId: number | null;
  readonly repositoryId: number | null;
  readonly redelivery: boolean;
  readonly deliveredAt: string;
  readonly payload: Record<string, unknown>;
  readonly requestHeaders: Readonly<Record<string, string>>;
  /** 0 until an answer came, and when none came. */
  statusCode: number;
  /** In GitHub's words: `OK`, `Invalid HTTP Response: 500`, `timed out`, `failed to connect`. */
  status: string;
  /** Seconds. */
  duration: number;
  responseHeaders: Record<string, string>;
  responseBody: string;
}

/** What is sent to an App, and about whose repository. */
export interface Message {
  readonly app: App;
  readonly event: string;
  readonly payload: Record<string, unknown>;
  readonly installation: Installation | undefined;
  readonly repository: Repository | undefined;
}

/** GitHub gives an App ten seconds; here it shares them with GitHub and tests, in one process. */
const TIMEOUT_MILLISECONDS = 60_000;

/** Records a webhook and sends it, unless a fault says otherwise. Nobody waits for the answer. */
export function deliver(world: World, message: Message): void {
  if (message.app.webhookUrl === undefined) return;
  const guid = createGuid(world);
  const delivery = recordDelivery(world, message, guid, false);
  const fault = world.faults.takeDelivery(message.event, delivery.action);
  if (fault === 'drop') {
    delivery.status = 'failed to connect';
    return;
  }
  if (fault === 'hold') {
    world.faults.hold(() => sendInOrder(world, delivery));
    return;
  }
  sendInOrder(world, delivery);
  if (fault === 'duplicate') sendInOrder(world, recordDelivery(world, message, guid, false));
}

/** Sends a webhook again, with the same id, as people do by hand. */
export function redeliver(world: World, old: Delivery): void {
  const delivery = recordDelivery(
    world,
    {
      app: old.app,
      event: old.event,
      payload: old.payload,
      installation: world.installations.get(old.installationId ?? -1),
      repository: world.repositories.get(old.repositoryId ?? -1),
    },
    old.guid,
    true,
  );
  sendInOrder(world, delivery);
}

function recordDelivery(
  world: World,
  { app, event, payload, installation, repository }: Message,
  guid: string,
  redelivery: boolean,
): Delivery {
  world.contractViolations.push(...world.contract.checkWebhook(event, payload));
  const action = payload.action;
  const delivery: Delivery = {
    id: world.nextId('delivery'),
    guid,
    app,
    event,
    action: typeof action === 'string' ? action : undefined,
    installationId: installation?.id ?? null,
    repositoryId: repository?.id ?? null,
    redelivery,
    deliveredAt: world.now().toISOString(),
    payload,
    requestHeaders: signedHeaders(app, event, guid, JSON.stringify(payload)),
    statusCode: 0,
    status: 'pending',
    duration: 0,
    responseHeaders: {},
    responseBody: '',
  };
  world.deliveries.push(delivery);
  return delivery;
}

function signedHeaders(
  app: App,
  event: string,
  guid: string,
  body: string,
): Record<string, string> {
  const sign = (algorithm: string) =>
    createHmac(algorithm, app.webhookSecret).update(body).digest('hex');
  return {
    accept: '*/*',
    'content-type': 'application/json',
    'user-agent': 'GitHub-Hookshot/e3b0c44',
    'x-github-delivery': guid,
    'x-github-event': event,
    'x-github-hook-id': String(app.id),
    'x-github-hook-installation-target-id': String(app.id),
    'x-github-hook-installation-target-type': 'integration',
    ...(app.webhookSecret === ''
      ? {}
      : {
          'x-hub-signature': `sha1=${sign('sha1')}`,
          'x-hub-signature-256': `sha256=${sign('sha256')}`,
        }),
  };
}

/** How long the next delivery to an App waits for the one before it. */
const PATIENCE_MILLISECONDS = 250;

/**
 * Starts deliveries to an App in the order of their events. GitHub promises no order and waits for
 * nobody: a slow App is overtaken here as well, a prompt one hears things as they happened.
 */
function sendInOrder(world: World, delivery: Delivery): void {
  const before = world.lastDeliveries.get(delivery.app.id) ?? Promise.resolve();
  const sent = before.then(() => {
    const done = sendDelivery(world, delivery);
    runInBackground(world, done);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, PATIENCE_MILLISECONDS);
    });
    return Promise.race([done, late]).finally(() => clearTimeout(timer));
  });
  world.lastDeliveries.set(delivery.app.id, sent);
  runInBackground(world, sent);
}

function sendDelivery(world: World, delivery: Delivery): Promise<void> {
  const body = Buffer.from(JSON.stringify(delivery.payload));
  const started = performance.now();
  return new Promise((resolve) => {
    const end = (statusCode: number, status: string) => {
      delivery.statusCode = statusCode;
      delivery.status = status;
      delivery.duration = Math.round((performance.now() - started) / 10) / 100;
      resolve();
    };
    const outgoing = request(
      delivery.app.webhookUrl ?? '',
      {
        method: 'POST',
        // An App may close a connection that was kept, while this is on its way.
        agent: false,
        headers: { ...delivery.requestHeaders, 'content-length': String(body.length) },
        signal: AbortSignal.any([world.ended.signal, AbortSignal.timeout(TIMEOUT_MILLISECONDS)]),
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', () => end(0, 'failed to read the response'));
        response.on('end', () => {
          const code = response.statusCode ?? 0;
          for (const [name, value] of Object.entries(response.headers)) {
            delivery.responseHeaders[name] = String(value);
          }
          delivery.responseBody = Buffer.concat(chunks).toString('utf8');
          const isFine = code >= 200 && code < 300;
          end(code, isFine ? 'OK' : `Invalid HTTP Response: ${code}`);
        });
      },
    );
    outgoing.on('error', ({ cause }) => {
      const isLate = cause instanceof Error && cause.name === 'TimeoutError';
      end(0, isLate ? 'timed out' : 'failed to connect');
    });
    outgoing.end(body);
  });
}

/** Unique, and the same in every run. */
function createGuid(world: World): string {
  const digest = createHash('sha256')
    .update(nodeId('delivery', world.deliveries.length))
    .digest('hex');
  const parts = [8, 4, 4, 4, 12];
  let at = 0;
  return parts.map((length) => digest.slice(at, (at += length))).join('-');
}
