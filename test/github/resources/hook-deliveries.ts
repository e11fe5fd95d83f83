import { type Answer, notFound, ok } from '../http/answer.ts';
import { pageOf } from '../http/pagination.ts';
import { type Context, type Route, numberParam } from '../http/router.ts';
import { type Delivery, redeliver } from '../webhooks/delivery.ts';
import { requireApp } from './apps.ts';

/** An App's own record of its webhooks, for those that failed. */
export const hookDeliveryRoutes: readonly Route[] = [
  { pattern: 'GET /app/hook/deliveries', handle: listDeliveries },
  { pattern: 'GET /app/hook/deliveries/{delivery_id}', handle: getDelivery },
  { pattern: 'POST /app/hook/deliveries/{delivery_id}/attempts', handle: attemptDelivery },
];

/** Newest first; the cursor is the id of the last one shown. */
function listDeliveries(context: Context): Answer {
  const { world, request } = context;
  const app = requireApp(context);
  const { perPage } = pageOf(context);
  const cursor = Number(request.query.get('cursor') ?? Infinity);
  const status = request.query.get('status');
  const fine = (delivery: Delivery) => delivery.statusCode >= 200 && delivery.statusCode < 400;
  const matching = world.deliveries
    .filter((delivery) => delivery.app === app && delivery.id < cursor)
    .filter((delivery) => status === null || fine(delivery) === (status === 'success'))
    .reverse();
  const shown = matching.slice(0, perPage);
  const last = shown.at(-1);
  if (last === undefined || matching.length <= perPage) return ok(shown.map(renderItem));
  const query = new URLSearchParams(request.query);
  query.set('cursor', String(last.id));
  const link = `<${world.urls.api}/app/hook/deliveries?${query.toString()}>; rel="next"`;
  return { ...ok(shown.map(renderItem)), headers: { link } };
}

function deliveryOf(context: Context): Delivery {
  const app = requireApp(context);
  const id = numberParam(context, 'delivery_id');
  const delivery = context.world.deliveries.find((one) => one.id === id && one.app === app);
  if (delivery === undefined) throw notFound();
  return delivery;
}

function getDelivery(context: Context): Answer {
  const delivery = deliveryOf(context);
  return ok({
    ...renderItem(delivery),
    url: delivery.app.webhookUrl ?? '',
    request: { headers: delivery.requestHeaders, payload: delivery.payload },
    response: { headers: delivery.responseHeaders, payload: delivery.responseBody },
  });
}

function attemptDelivery(context: Context): Answer {
  redeliver(context.world, deliveryOf(context));
  return { status: 202, body: {} };
}

function renderItem(delivery: Delivery) {
  return {
    id: delivery.id,
    guid: delivery.guid,
    delivered_at: delivery.deliveredAt,
    redelivery: delivery.redelivery,
    duration: delivery.duration,
    status: delivery.status,
    status_code: delivery.statusCode,
    event: delivery.event,
    action: delivery.action ?? null,
    installation_id: delivery.installationId,
    repository_id: delivery.repositoryId,
    throttled_at: null,
  };
}
