import type { IncomingMessage } from 'node:http';

/** The headers of a delivery. Their form is checked, nothing else: anybody can send them. */
export interface DeliveryHead {
  readonly event: string;
  readonly delivery: string;
  readonly signature: string;
}

export interface Refusal {
  readonly status: number;
  readonly reason: string;
}

/** Reads the headers, before a byte of the body. A header that is there twice is refused. */
export function readHead({ headers, headersDistinct }: IncomingMessage): DeliveryHead | Refusal {
  const type = headers['content-type'] ?? '';
  if (!/^application\/json\s*(;|$)/i.test(type)) {
    return { status: 415, reason: "the content type is not JSON: choose it in the App's settings" };
  }
  if (!/^(identity)?$/i.test(headers['content-encoding'] ?? '')) {
    return { status: 415, reason: 'the body is encoded' };
  }
  const event = one(headersDistinct['x-github-event']);
  if (event === undefined || !/^[a-z_]{1,64}$/.test(event)) {
    return { status: 400, reason: 'X-GitHub-Event is missing or not the name of an event' };
  }
  const delivery = one(headersDistinct['x-github-delivery']);
  if (delivery === undefined || !/^[\w-]{1,64}$/.test(delivery)) {
    return { status: 400, reason: 'X-GitHub-Delivery is missing or not an id' };
  }
  const signature = one(headersDistinct['x-hub-signature-256']);
  if (signature === undefined) {
    return { status: 401, reason: 'X-Hub-Signature-256 is missing: the App has no webhook secret' };
  }
  return { event, delivery, signature };
}

function one(values: readonly string[] | undefined): string | undefined {
  return values?.length === 1 ? values[0] : undefined;
}
